package social

// Brought: persons were taken over from a file, or taken back. People tells it.
type Brought struct {
	Persons []PersonID `json:"persons"`
}

// FactName is the word under which the fact is kept.
func (Brought) FactName() string { return "brought" }
