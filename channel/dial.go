package channel

import (
	"context"
	"net"
)

// Dialer opens a connection; the safe client's is used for sockets that an
// SDK opens by itself.
type Dialer func(ctx context.Context, network, addr string) (net.Conn, error)
