package engagedb

import (
	"context"
	"database/sql"
	"errors"

	"github.com/parley-crm/parley/social"
)

// ParentOf says what a message of ours answers: the channel and the external
// id there; "" when it answers nothing.
func (s *DB) ParentOf(ctx context.Context, m social.MessageID) (social.ChannelID, string, error) {
	var r deliveryRow
	err := s.DB.IDB(ctx).NewSelect().Model(&r).Column("channel_id", "parent").Where("message_id = ?", string(m)).Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", nil
	}
	return social.ChannelID(r.ChannelID), r.Parent, err
}
