package linear

// A Shape is what can be seen of a text without understanding it.
type Shape struct {
	Words, URLs, Mentions int
	Asks                  bool // has a question mark
	EndsAsking            bool // ends with one, addresses and emoji aside
	OpensAsking           bool // its first word, or the first after a greeting, asks
}

// Shape looks the text over.
func (d *Doc) Shape() Shape {
	var s Shape
	for i := range d.tokens {
		t := &d.tokens[i]
		w := d.buf[t.from:t.to]
		switch {
		case t.word:
			s.Words++
			s.EndsAsking = false
			if s.Words <= 3 && opensQuestion(w) && (s.Words == 1 || i > 0 && !d.tokens[i-1].word || greets(d.before(i))) {
				s.OpensAsking = true
			}
		case w[0] == '?':
			s.Asks, s.EndsAsking = true, true
		case w[0] == '.':
			s.EndsAsking = false
		case string(w) == urlToken:
			s.URLs++
		case string(w) == userToken:
			s.Mentions++
		}
	}
	return s
}

func (d *Doc) before(i int) []byte {
	if i == 0 {
		return nil
	}
	t := d.tokens[i-1]
	return d.buf[t.from:t.to]
}

func greets(w []byte) bool {
	switch string(w) {
	case "hi", "hey", "hello", "so", "and", "but", "ok", "okay", "um", "seriously", "guys", "there":
		return true
	}
	return false
}

func opensQuestion(w []byte) bool {
	switch string(w) {
	case "what", "whats", "what's", "where", "wheres", "where's", "when", "whens", "when's", "who", "whos", "who's", "whom", "whose", "why", "how", "hows", "how's", "which",
		"is", "are", "am", "was", "were", "do", "does", "did", "can", "could", "may", "will", "would", "should", "has", "have", "any", "anyone", "anybody", "isn't", "aren't", "don't", "doesn't", "won't", "can't":
		return true
	}
	return false
}
