package query

import (
	"strings"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// A Query is what a monitor looks for. It never changes; many goroutines may
// use it.
type Query struct {
	source string
	tree   Node
	hints  []Hint
	plan   *node
	korean bool // it has a Korean word
}

// A Hint is something in a good query that may not mean what was meant.
type Hint struct {
	At   int    `json:"at"` // 1-based column, in runes
	Text string `json:"text"`
}

// Parse reads a query. What is wrong with it is told as a *social.Error of
// kind Invalid whose At is the column of the mistake, counted in runes from 1.
func Parse(s string) (*Query, error) {
	q, err := parse(s)
	if err != nil {
		return nil, err
	}
	return q, nil
}

func parse(s string) (*Query, *social.Error) {
	if len(s) > 4*MaxRunes || utf8.RuneCountInString(s) > MaxRunes {
		return nil, fault(MaxRunes, "The query is longer than %d characters; divide it into several monitors.", MaxRunes)
	}
	src := runes(s)
	p := parser{lexes: lex(src), end: len(src)}
	if len(p.lexes) == 0 {
		return nil, fault(0, "The query is empty; write a word to look for.")
	}
	tree, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if l := p.peek(); l != nil {
		return nil, fault(l.start, "This ) closes nothing; take it away, or put a ( before it.")
	}
	if err := positive(tree); err != nil {
		return nil, err
	}
	told := append(hints(src, p.lexes), focus(tree, inEnglish, "en")...)
	return &Query{source: s, tree: tree, hints: told, plan: compile(tree, false), korean: korean(p.lexes)}, nil
}

func korean(lexes []lexeme) bool {
	for _, l := range lexes {
		for i := range l.terms {
			if l.terms[i].bare {
				return true
			}
		}
	}
	return false
}

// Source returns the query as it was written.
func (q *Query) Source() string { return q.source }

// String returns the canonical form: words folded, brackets only where they
// are needed. Parsing it gives the same query.
func (q *Query) String() string {
	var b strings.Builder
	q.tree.write(&b, bindOr)
	return b.String()
}

// Tree returns the query's parts, which must not be changed.
func (q *Query) Tree() Node { return q.tree }

// Hints returns what may have been meant otherwise.
func (q *Query) Hints() []Hint { return q.hints }

type parser struct {
	lexes []lexeme
	pos   int
	end   int // the rune after the query
}

func (p *parser) peek() *lexeme {
	if p.pos < len(p.lexes) {
		return &p.lexes[p.pos]
	}
	return nil
}

// next returns the kind of the next token, "" at the end.
func (p *parser) next() TokenKind {
	if l := p.peek(); l != nil {
		return l.kind
	}
	return ""
}

// or = and { OR and }
func (p *parser) or(depth int) (Node, *social.Error) {
	n, err := p.and(depth)
	if err != nil || p.next() != TokenOr {
		return n, err
	}
	of := flat[*Or](nil, n)
	for p.next() == TokenOr {
		if err := p.operand("OR"); err != nil {
			return nil, err
		}
		n, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		of = flat[*Or](of, n)
	}
	return &Or{Of: of}, nil
}

// and = not { [AND] not }
func (p *parser) and(depth int) (Node, *social.Error) {
	n, err := p.not(depth)
	if err != nil {
		return nil, err
	}
	of := flat[*And](nil, n)
	for {
		switch p.next() {
		case "", TokenOr, TokenClose:
			if len(of) == 1 {
				return of[0], nil
			}
			return &And{Of: of}, nil
		case TokenAnd:
			if err := p.operand("AND"); err != nil {
				return nil, err
			}
		}
		n, err := p.not(depth)
		if err != nil {
			return nil, err
		}
		of = flat[*And](of, n)
	}
}

// flat appends n, or its parts when it is of the same kind.
func flat[T *And | *Or](of []Node, n Node) []Node {
	if _, ok := n.(T); ok {
		switch n := n.(type) {
		case *And:
			return append(of, n.Of...)
		case *Or:
			return append(of, n.Of...)
		}
	}
	return append(of, n)
}

// operand steps over an operator that needs something behind it.
func (p *parser) operand(op string) *social.Error {
	l := p.peek()
	p.pos++
	switch p.next() {
	case "":
		return fault(l.start, "Nothing follows %s; write a word after it or take it away.", op)
	case TokenClose:
		return fault(l.start, "Nothing follows %s before the ); write a word there or take %s away.", op, op)
	}
	return nil
}

// not = NOT not | near
func (p *parser) not(depth int) (Node, *social.Error) {
	if p.next() != TokenNot {
		return p.near(depth)
	}
	l := p.peek()
	if depth >= MaxDepth {
		return nil, tooDeep(l)
	}
	if err := p.operand("NOT"); err != nil {
		return nil, err
	}
	n, err := p.not(depth + 1)
	if err != nil {
		return nil, err
	}
	return &Not{At: l.start + 1, Of: n}, nil
}

func tooDeep(l *lexeme) *social.Error {
	return fault(l.start, "The query nests deeper than %d levels here; divide it into several monitors.", MaxDepth)
}

// near = part [ NEAR/n part ]
func (p *parser) near(depth int) (Node, *social.Error) {
	a, err := p.part(depth)
	if err != nil || p.next() != TokenNear {
		return a, err
	}
	l := p.peek()
	if err := nearby(a); err != nil {
		return nil, err
	}
	if err := p.operand("NEAR"); err != nil {
		return nil, err
	}
	b, err := p.part(depth)
	if err != nil {
		return nil, err
	}
	if err := nearby(b); err != nil {
		return nil, err
	}
	if again := p.peek(); again != nil && again.kind == TokenNear {
		return nil, fault(again.start, "NEAR joins two things only; for a third write (a NEAR/%d b) AND (b NEAR/%d c).", l.near, again.near)
	}
	return &Near{At: l.start + 1, N: l.near, A: a, B: b}, nil
}

// nearby tells whether a part may stand beside NEAR.
func nearby(n Node) *social.Error {
	const mend = " NEAR joins words, phrases, or words joined by OR in parentheses."
	at := n.column() - 1
	switch n := n.(type) {
	case *Words:
		return nil
	case *Or:
		for _, o := range n.Of {
			if err := nearby(o); err != nil {
				return err
			}
		}
		return nil
	case *Field:
		return fault(at, "%s: says nothing about places in the text, so it cannot be near something."+mend, n.Name)
	case *Not:
		return fault(at, "What is not there cannot be near something; write NOT before the whole: NOT (a NEAR/5 b)."+mend)
	case *Near:
		return fault(at, "One NEAR cannot stand inside another; write (a NEAR/5 b) AND (b NEAR/5 c)."+mend)
	}
	return fault(at, "Words joined by AND can stand apart, so they cannot be near something; put a phrase in quotes."+mend)
}

// part = ( or ) | word | phrase | field
func (p *parser) part(depth int) (Node, *social.Error) {
	l := p.peek()
	if l == nil {
		return nil, fault(p.end, "Something is missing at the end.")
	}
	switch l.kind {
	case TokenBad:
		return nil, l.err
	case TokenWord, TokenPhrase:
		p.pos++
		return &Words{At: l.start + 1, Terms: l.terms}, nil
	case TokenField:
		p.pos++
		return &Field{At: l.start + 1, Name: l.name, Value: l.value}, nil
	case TokenOpen:
		return p.group(depth)
	case TokenClose:
		return nil, fault(l.start, "This ) closes nothing; take it away, or put a ( before it.")
	case TokenNot:
		return nil, fault(l.start, "NOT cannot follow NEAR; write NOT before the whole: NOT (a NEAR/5 b).")
	}
	return nil, p.lonely(l)
}

// lonely tells what is wrong with an operator that stands where a word should.
func (p *parser) lonely(l *lexeme) *social.Error {
	op := strings.ToUpper(string(l.kind))
	if p.pos > 0 {
		switch prev := p.lexes[p.pos-1]; prev.kind {
		case TokenAnd, TokenOr, TokenNot, TokenNear:
			return fault(l.start, "%s follows %s directly; keep one of them, or write a word between.", op, strings.ToUpper(string(prev.kind)))
		}
	}
	return fault(l.start, "Nothing stands before %s; write a word there. To look for the word itself, write it in small letters.", op)
}

// group = ( or )
func (p *parser) group(depth int) (Node, *social.Error) {
	open := p.peek()
	if depth >= MaxDepth {
		return nil, tooDeep(open)
	}
	p.pos++
	switch p.next() {
	case TokenClose:
		return nil, fault(open.start, "These parentheses are empty; write something in them or take them away.")
	case "":
		return nil, unclosed(open)
	}
	n, err := p.or(depth + 1)
	if err != nil {
		return nil, err
	}
	if p.next() != TokenClose {
		return nil, unclosed(open)
	}
	p.pos++
	return n, nil
}

func unclosed(open *lexeme) *social.Error {
	return fault(open.start, "This ( is never closed; put a ) where the group ends.")
}

// positive finds the first part that only excludes.
func positive(tree Node) *social.Error {
	if says(tree, false) {
		return nil
	}
	if or, ok := tree.(*Or); ok {
		for _, n := range or.Of {
			if !says(n, false) {
				return fault(n.column()-1, "This side of OR only leaves things out, so it would match nearly everything; say what to look for, such as kettle NOT advert.")
			}
		}
	}
	return fault(tree.column()-1, "The query only leaves things out, so it would match nearly everything; say what to look for, such as kettle NOT advert.")
}

// says tells whether whatever matches n (or, turned round, does not) holds
// something that was asked for.
func says(n Node, turned bool) bool {
	every := func(of []Node) bool {
		for _, o := range of {
			if !says(o, turned) {
				return false
			}
		}
		return true
	}
	some := func(of []Node) bool {
		for _, o := range of {
			if says(o, turned) {
				return true
			}
		}
		return false
	}
	switch n := n.(type) {
	case *Not:
		return says(n.Of, !turned)
	case *And:
		if turned {
			return every(n.Of)
		}
		return some(n.Of)
	case *Or:
		if turned {
			return some(n.Of)
		}
		return every(n.Of)
	}
	return !turned
}

// hints finds operators in small letters between two things.
func hints(src []rune, lexes []lexeme) []Hint {
	var out []Hint
	for i, l := range lexes {
		if l.kind != TokenWord || i+1 == len(lexes) {
			continue
		}
		word := string(src[l.start:l.end])
		op := strings.ToUpper(word)
		switch op {
		case "AND", "OR":
			if i == 0 {
				continue
			}
		case "NOT":
		default:
			if !strings.HasPrefix(op, "NEAR/") {
				continue
			}
		}
		out = append(out, Hint{At: l.start + 1, Text: "“" + word + "” is looked for as a word here; operators are written in capitals: " + op + "."})
	}
	return out
}
