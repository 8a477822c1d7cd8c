package social

// Entry is one line of the record: who did what to which thing. Before and
// After hold what changed, as JSON; leave out secrets.
type Entry struct {
	Verb   string // ActivityStreams verb or a plain past tense: "create", "update", "acknowledge", "send" …
	Object string // kind of thing: "monitor", "conversation" …
	ID     string // its id
	Detail map[string]any
}
