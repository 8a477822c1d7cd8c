package social

import (
	"encoding/json"
	"fmt"
	"time"
)

// Fact is something that has happened in a room and that others may want to
// know. A fact is written in the same transaction as the rows that it speaks
// of and delivered at least once, in order; so handlers must be idempotent.
// A fact of the hot path speaks of a whole batch.
type Fact interface{ FactName() string }

// The facts. Fields are ids; whoever needs more asks the room that owns it.
type (
	// Heard: activities were stored. Listen tells it.
	Heard struct {
		Activities []ActivityID `json:"activities"`
	}
	// Understood: activities were scored. Analyze tells it.
	Understood struct {
		Activities []ActivityID `json:"activities"`
	}
	// Reported: a channel told what became of messages of ours. Listen tells it.
	Reported struct {
		Channel ChannelID `json:"channel"`
		Reports []Report  `json:"reports"`
	}
	// Shared: shares of what is kept were heard, or taken back. Listen tells it.
	Shared struct {
		Channel ChannelID `json:"channel"`
		Shares  []string  `json:"shares"` // external ids
	}
	// Fetched: files that came with activities are here, or never will be. Listen tells it.
	Fetched struct {
		Activities []ActivityID `json:"activities"`
	}
	// Changed: conversations look different now. Engage tells it.
	Changed struct {
		Conversations []ConversationID `json:"conversations"`
	}
	// Answered: we answered; the words are on the network. Engage tells it.
	Answered struct {
		Conversation ConversationID `json:"conversation"`
		Message      MessageID      `json:"message"`
		Programme    ProgrammeID    `json:"programme,omitempty"`
		Member       MemberID       `json:"member,omitempty"`
		At           time.Time      `json:"at"`
		Channel      ChannelID      `json:"channel,omitempty"`
		First        bool           `json:"first"`            // the first answer of this conversation
		Waited       int64          `json:"waited,omitempty"` // seconds from their first message to this answer
	}
	// Wished: somebody asked by one of the set words that we stop writing to
	// them on a channel, or begin again. Engage tells it.
	Wished struct {
		Channel  ChannelID  `json:"channel"`
		Identity IdentityID `json:"identity"`
		Wish     Wish       `json:"wish"`
		Message  MessageID  `json:"message"`
		At       time.Time  `json:"at"`
	}
	// Opened: conversations began. Engage tells it.
	Opened struct {
		Conversations []Opening `json:"conversations"`
	}
	// Resolved: a conversation was closed. Engage tells it.
	Resolved struct {
		Conversation ConversationID `json:"conversation"`
		At           time.Time      `json:"at"`
	}
	// Hived: what the hive asks of these members, or of one conversation,
	// changed. Engage tells it.
	Hived struct {
		Conversation ConversationID `json:"conversation,omitempty"`
		Programme    ProgrammeID    `json:"programme,omitempty"`
		Members      []MemberID     `json:"members"`
	}
	// Delivery: a message's way to the network took a step. Engage tells it.
	Delivery struct {
		Conversation ConversationID `json:"conversation"`
		Message      MessageID      `json:"message"`
		State        string         `json:"state"`
	}
	// Posted: a content, or what holds all of them, looks different now. Engage tells it.
	Posted struct {
		Content   string      `json:"content,omitempty"` // "": many
		Programme ProgrammeID `json:"programme,omitempty"`
	}
	// Clicked: a tracked link was followed. Evolve tells it.
	Clicked struct {
		Link         LinkID         `json:"link"`
		Conversation ConversationID `json:"conversation,omitempty"`
		At           time.Time      `json:"at"`
	}
	// Converted: an outcome was reported and credited. Evolve tells it.
	Converted struct {
		Conversation ConversationID `json:"conversation,omitempty"`
		At           time.Time      `json:"at"`
	}
	// MonitorSaved: a monitor was added, changed, paused or removed. Listen tells it.
	MonitorSaved struct {
		Monitor MonitorID `json:"monitor"`
	}
	// Alerted: an alert was raised or changed. Listen tells it.
	Alerted struct {
		Alert     AlertID     `json:"alert"`
		Programme ProgrammeID `json:"programme,omitempty"`
		State     string      `json:"state"`
	}
	// Placed: what is known of places changed: their branches, or what is
	// tied to them. Listen tells it.
	Placed struct{}
	// ChannelSaved: a channel was added, changed, paused, or its health changed. Listen tells it.
	ChannelSaved struct {
		Channel ChannelID `json:"channel"`
	}
	// Dealt: business looks different now: an organization, a field, a pipeline,
	// an opportunity, or what is known of a person. People tells it.
	Dealt struct {
		Object string `json:"object"` // "organization", "field", "pipeline", "opportunity", "person"
		ID     string `json:"id"`
	}
	// Bought: an order was paid. People tells it.
	Bought struct {
		Order        string         `json:"order"`
		External     string         `json:"external"` // the shop's id: the same twice is one
		Conversation ConversationID `json:"conversation,omitempty"`
		Programme    ProgrammeID    `json:"programme,omitempty"`
		Amount       int64          `json:"amount"` // minor units
		Currency     string         `json:"currency"`
		At           time.Time      `json:"at"`
	}
	// Returned: an order that was paid is cancelled or refunded. People tells it.
	Returned struct {
		Order        string         `json:"order"`
		External     string         `json:"external"`
		Status       string         `json:"status"` // cancelled, refunded, or what it is again
		Conversation ConversationID `json:"conversation,omitempty"`
		Programme    ProgrammeID    `json:"programme,omitempty"`
		Amount       int64          `json:"amount"` // minor units
		Currency     string         `json:"currency"`
		At           time.Time      `json:"at"`
	}
	// Sorted: persons joined or left segments, or segments were added, changed
	// or removed. People tells it.
	Sorted struct {
		Segments []SegmentID `json:"segments"`
	}
	// Governed: programmes, members, policies or acknowledgements changed. Govern tells it.
	Governed struct {
		What string `json:"what"` // "member", "programme", "policy", "acknowledgement"
	}
)

// Opening says where and when a conversation began.
type Opening struct {
	Conversation ConversationID `json:"conversation"`
	Channel      ChannelID      `json:"channel"`
	Programme    ProgrammeID    `json:"programme,omitempty"`
	At           time.Time      `json:"at"` // of their first message
}

// FactName is the word under which the fact is kept.
func (Heard) FactName() string        { return "heard" }
func (Understood) FactName() string   { return "understood" }
func (Reported) FactName() string     { return "reported" }
func (Shared) FactName() string       { return "shared" }
func (Fetched) FactName() string      { return "fetched" }
func (Changed) FactName() string      { return "changed" }
func (Answered) FactName() string     { return "answered" }
func (Opened) FactName() string       { return "opened" }
func (Wished) FactName() string       { return "wished" }
func (Resolved) FactName() string     { return "resolved" }
func (Hived) FactName() string        { return "hived" }
func (Delivery) FactName() string     { return "delivery" }
func (Clicked) FactName() string      { return "clicked" }
func (Converted) FactName() string    { return "converted" }
func (MonitorSaved) FactName() string { return "monitor_saved" }
func (Posted) FactName() string       { return "posted" }
func (Alerted) FactName() string      { return "alerted" }
func (Placed) FactName() string       { return "placed" }
func (ChannelSaved) FactName() string { return "channel_saved" }
func (Governed) FactName() string     { return "governed" }
func (Dealt) FactName() string        { return "dealt" }
func (Bought) FactName() string       { return "bought" }
func (Returned) FactName() string     { return "returned" }
func (Sorted) FactName() string       { return "sorted" }

// DecodeFact reads a fact back from its name and JSON.
func DecodeFact(name string, data []byte) (Fact, error) {
	switch name {
	case "heard":
		return decode[Heard](data)
	case "understood":
		return decode[Understood](data)
	case "reported":
		return decode[Reported](data)
	case "shared":
		return decode[Shared](data)
	case "fetched":
		return decode[Fetched](data)
	case "changed":
		return decode[Changed](data)
	case "answered":
		return decode[Answered](data)
	case "wished":
		return decode[Wished](data)
	case "opened":
		return decode[Opened](data)
	case "resolved":
		return decode[Resolved](data)
	case "hived":
		return decode[Hived](data)
	case "delivery":
		return decode[Delivery](data)
	case "clicked":
		return decode[Clicked](data)
	case "converted":
		return decode[Converted](data)
	case "monitor_saved":
		return decode[MonitorSaved](data)
	case "posted":
		return decode[Posted](data)
	case "alerted":
		return decode[Alerted](data)
	case "placed":
		return decode[Placed](data)
	case "channel_saved":
		return decode[ChannelSaved](data)
	case "governed":
		return decode[Governed](data)
	case "bought":
		return decode[Bought](data)
	case "returned":
		return decode[Returned](data)
	case "dealt":
		return decode[Dealt](data)
	case "brought":
		return decode[Brought](data)
	case "sorted":
		return decode[Sorted](data)
	case "noticed":
		return decode[Noticed](data)
	}
	return nil, fmt.Errorf("unknown fact %q", name)
}

func decode[F Fact](data []byte) (Fact, error) {
	var f F
	err := json.Unmarshal(data, &f)
	return f, err
}
