package social

import "time"

// Aged says what is old enough to go, and what is kept back all the same.
type Aged struct {
	Before  time.Time // everything older
	Channel ChannelID // "" for all
	Even    bool      // persons with orders, opportunities, goals or promises as well
	Spared  Spared
	At      time.Time // when what goes counts as deleted
}

// Spared is what legal holds keep back.
type Spared struct {
	Persons       []PersonID
	Accounts      []IdentityID // of those persons
	Conversations []ConversationID
	Programmes    []ProgrammeID
}

// Lists are the same for a query: never empty, and with a value that nothing has.
func (s Spared) Lists() (persons, accounts, conversations, programmes []string) {
	return listed(s.Persons), listed(s.Accounts), listed(s.Conversations), listed(s.Programmes)
}

func listed[T ~string](ids []T) []string {
	out := []string{"-"}
	for _, i := range ids {
		out = append(out, string(i))
	}
	return out
}

// Stale is what is old enough to go.
type Stale struct {
	Rows     int       // that would go
	Oldest   time.Time // zero when there is nothing
	Spared   int       // that holds keep back
	Examples []StaleExample
}

// StaleExample leads to one thing that would go. It names nobody.
type StaleExample struct {
	At   time.Time `json:"at"`
	Link string    `json:"link,omitempty"` // "" where no page shows it
}
