package youtube

import (
	"errors"

	"github.com/parley-crm/parley/channel"
)

func as(err error, to *channel.RetryAfter) bool { return errors.As(err, to) }
