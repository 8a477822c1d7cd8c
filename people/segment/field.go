package segment

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// fields are what is asked of every person. Whoever changes what one of them
// means raises profileVersion, so that everybody is looked at anew.
var fields = []cond.Field{
	{Name: "name", Type: cond.Text},
	{Name: "place", Type: cond.Text},
	{Name: "language", Type: cond.Choice},
	{Name: "tags", Type: cond.Many},
	{Name: "programmes", Type: cond.Many},
	{Name: "organizations", Type: cond.Many}, // whom they work for now
	{Name: "known_since", Type: cond.Date},

	{Name: "networks", Type: cond.Many}, // of their accounts: the word of a kind of channel
	{Name: "reach", Type: cond.Many, Choices: []string{"email", "phone"}},
	{Name: "accounts", Type: cond.Number},
	{Name: "followers", Type: cond.Number}, // of the account that has most
	{Name: "influence", Type: cond.Number}, // 0 to 100, of the account that has most
	{Name: "refuses", Type: cond.Many},     // channels on which they want nothing more
	{Name: "agreed", Type: cond.Many},      // purposes of a consent that counts now

	{Name: "said", Type: cond.Number}, // activities
	{Name: "first_heard", Type: cond.Date},
	{Name: "last_heard", Type: cond.Date},
	{Name: "mood", Type: cond.Choice, Choices: []string{social.Negative, social.Neutral, social.Positive}}, // of their last scored activity
	{Name: "negative", Type: cond.Number}, // activities
	{Name: "positive", Type: cond.Number},
	{Name: "intents", Type: cond.Many},
	{Name: "topics", Type: cond.Many},

	{Name: "conversations", Type: cond.Number},
	{Name: "open", Type: cond.Number}, // conversations
	{Name: "waiting", Type: cond.Bool},
	{Name: "last_conversation", Type: cond.Date},
	{Name: "last_answered", Type: cond.Date},

	{Name: "clicks", Type: cond.Number},
	{Name: "last_click", Type: cond.Date},
	{Name: "conversions", Type: cond.Number},
	{Name: "last_conversion", Type: cond.Date},
	{Name: "orders", Type: cond.Number}, // that were paid
	{Name: "last_order", Type: cond.Date},
	{Name: "opportunities", Type: cond.Number}, // open ones
	{Name: "won", Type: cond.Number},           // opportunities
	{Name: "goals", Type: cond.Number},         // open ones
	{Name: "promises", Type: cond.Number},      // open ones
	{Name: "broken", Type: cond.Number},        // promises

	// How likely it was last night, in hundredths; absent where nothing is foreseen.
	{Name: "buys_again", Type: cond.Number},
	{Name: "goes_quiet", Type: cond.Number},
	{Name: "speaks_well", Type: cond.Number},
}

const profileVersion = 3

// LookAgain is put by a source beside what it knows: when a person is to be
// looked at again, because time will have changed it.
const LookAgain = "look.again"

// Own is a field that the company added, or that there is because of what is
// kept: "field.KEY", or "spent.CUR" for money spent in a currency.
type Own struct {
	cond.Field
	Label    string
	Archived bool // no longer offered; conditions that ask it go on
}

// What names of own fields begin with.
const (
	OwnField = "field."
	OwnSpent = "spent."
)

// Fixed lists what is asked of every person.
func Fixed() []cond.Field { return slices.Clone(fields) }

// Offered lists the company's own fields that new conditions may ask.
func (k *Keeper) Offered(ctx context.Context) ([]Own, error) {
	own, err := k.own(ctx)
	return slices.DeleteFunc(own, func(o Own) bool { return o.Archived }), err
}

func (k *Keeper) own(ctx context.Context) ([]Own, error) {
	if k.Own == nil {
		return nil, nil
	}
	return k.Own(ctx)
}

// fieldsOf lists the fixed fields, own fields, and currencies that conditions
// ask even where nothing was spent in them yet.
func fieldsOf(own []Own, asked ...cond.Node) []cond.Field {
	out := slices.Clone(fields)
	for _, o := range own {
		out = append(out, o.Field)
	}
	for _, n := range asked {
		for _, name := range n.Fields() {
			if c, ok := strings.CutPrefix(name, OwnSpent); ok && len(c) == 3 && strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" &&
				!slices.ContainsFunc(out, func(f cond.Field) bool { return f.Name == name }) {
				out = append(out, cond.Field{Name: name, Type: cond.Number})
			}
		}
	}
	return out
}

// canonical names in place of tags that were merged those that they are now.
func (k *Keeper) canonical(ctx context.Context, n cond.Node) (cond.Node, error) {
	if !slices.Contains(n.Fields(), "tags") {
		return n, nil
	}
	words, err := k.words(ctx)
	return renamed(n, words), err
}

func (k *Keeper) words(ctx context.Context) (social.Tags, error) {
	if k.Words == nil {
		return nil, nil
	}
	return k.Words(ctx)
}

func renamed(n cond.Node, words social.Tags) cond.Node {
	if n.Field == "tags" {
		n.Values = slices.Clone(n.Values)
		for i, v := range n.Values {
			if now, ok := words.Now(social.TagID(v)); ok {
				n.Values[i] = string(now.ID)
			}
		}
	}
	nodes := make([]cond.Node, len(n.Nodes))
	for i, c := range n.Nodes {
		nodes[i] = renamed(c, words)
	}
	if len(nodes) > 0 {
		n.Nodes = nodes
	}
	return n
}

// tidy makes a value what it is when it is read back: texts folded and short,
// values of many sorted and each once, times as exact as they are kept.
func tidy(t cond.Type, v cond.Value) cond.Value {
	switch t {
	case cond.Text:
		return cond.TextValue(cut(cond.Fold(clean(v.Text))))
	case cond.Choice:
		return cond.TextValue(cut(clean(v.Text)))
	case cond.Number:
		if v.Has {
			return cond.NumberValue(v.Number)
		}
		return cond.Value{}
	case cond.Date:
		if t := v.Time.UTC().Truncate(time.Microsecond); v.Has && t.UnixMicro() > 0 {
			return cond.TimeValue(t)
		}
		return cond.Value{} // nothing was before 1970
	case cond.Bool:
		return cond.BoolValue(v.Bool)
	}
	var out []string
	for _, s := range v.Texts {
		if s = cut(clean(s)); s != "" {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return cond.TextsValue(slices.Compact(out))
}

// mostText is how much of a text is compared.
const mostText = 500

func cut(s string) string {
	n := 0
	for i := range s {
		if n++; n > mostText {
			return s[:i]
		}
	}
	return s
}

func clean(s string) string {
	return strings.TrimSpace(strings.NewReplacer("\x00", "", "\n", " ", "\r", " ").Replace(strings.ToValidUTF8(s, "")))
}

func equal(a, b cond.Value) bool {
	return a.Has == b.Has && a.Text == b.Text && a.Number == b.Number && a.Bool == b.Bool && a.Time.Equal(b.Time) && slices.Equal(a.Texts, b.Texts)
}

// changed lists the fields in which two profiles differ.
func changed(a, b Profile) map[string]bool {
	out := map[string]bool{}
	for f, v := range a {
		if !equal(v, b[f]) {
			out[f] = true
		}
	}
	for f, v := range b {
		if !equal(v, a[f]) {
			out[f] = true
		}
	}
	return out
}

func newID(at time.Time) social.SegmentID { return social.SegmentID(id.At(at)) }
