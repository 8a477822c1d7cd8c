package forget

import (
	"context"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
)

// Keepers finds those who may carry requests out.
func Keepers(office *govern.Office) func(ctx context.Context) ([]social.MemberID, error) {
	return func(ctx context.Context) ([]social.MemberID, error) {
		var out []social.MemberID
		for cursor := ""; ; {
			page, next, err := office.Members(ctx, cursor, 100)
			if err != nil {
				return nil, err
			}
			for _, m := range page {
				if _, ok := govern.Scope(m.Actor(), social.PrivacyWrite); ok {
					out = append(out, m.ID)
				}
			}
			if cursor = next; next == "" {
				return out, nil
			}
		}
	}
}
