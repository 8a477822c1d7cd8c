package forget

import (
	"context"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/social"
)

// Serving asks the ledger of consents before something is said by itself. It
// is asked for when it is needed, since the desk is built before.
type Serving func() (*people.Book, *consent.Ledger)

// MayServe implements engage.Consents. The answer is not kept of an account
// that nobody is known by yet, and where there is no reference.
func (s Serving) MayServe(ctx context.Context, who social.IdentityID, channel social.ChannelID, reference string) (bool, string, error) {
	book, ledger := s()
	_, err := book.Behind(ctx, who)
	if err != nil && !social.NotFound.Is(err) {
		return false, "", err
	}
	var v consent.Verdict
	if err != nil || reference == "" {
		v, err = ledger.CanSend(ctx, who, channel, consent.Service)
	} else {
		v, err = ledger.Ask(ctx, who, channel, consent.Service, reference)
	}
	return v.Clear, v.Why, err
}
