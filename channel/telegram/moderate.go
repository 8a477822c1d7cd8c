package telegram

import (
	"context"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Retracts: messages of ours. Telegram takes them back for 48 hours, which it
// says itself (https://core.telegram.org/bots/api#deletemessage).
func (b *bot) Retracts(at channel.Spot) bool {
	_, _, ok := place(at.ID)
	return ok
}

// Retract deletes a message of ours. One of several files is one message.
func (b *bot) Retract(ctx context.Context, at channel.Spot) error {
	chat, message, ok := place(at.ID)
	if !ok {
		return social.Errorf(social.Invalid, "This is no message of Telegram's.")
	}
	var done bool
	err := b.call(ctx, "deleteMessage", map[string]any{"chat_id": chat, "message_id": message}, true, &done)
	if err == nil {
		return nil
	}
	switch said := strings.ToLower(err.Error()); {
	case strings.Contains(said, "message to delete not found"):
		return nil // gone already
	case strings.Contains(said, "message can't be deleted"):
		return social.Because(social.Forbidden, err, "Telegram takes a message back for 48 hours only, and this one is older.")
	}
	return err
}
