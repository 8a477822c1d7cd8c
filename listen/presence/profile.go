package presence

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// Kind is which sort of site a profile stands on: the seven of IBM's Figure 1,
// and two besides.
type Kind string

// The kinds, in the order in which they are shown.
const (
	Network   Kind = "network"   // social networking
	Media     Kind = "media"     // media sharing
	Microblog Kind = "microblog" // microblogging
	Wiki      Kind = "wiki"
	Blog      Kind = "blog"
	Review    Kind = "review"   // social review sites
	Bookmark  Kind = "bookmark" // social bookmarking
	Forum     Kind = "forum"
	Owned     Kind = "owned" // our own pages
)

// Kinds lists them.
func Kinds() []Kind {
	return []Kind{Network, Media, Microblog, Wiki, Blog, Review, Bookmark, Forum, Owned}
}

// Status is how a profile stands.
type Status string

// The statuses.
const (
	Claimed   Status = "claimed"   // ours, and somebody answers for it
	Unclaimed Status = "unclaimed" // about us, and nobody has taken it
	Orphaned  Status = "orphaned"  // ours, and nobody has access or answers for it
	Impostor  Status = "impostor"  // pretends to be us
	Closed    Status = "closed"
	Removed   Status = "removed" // no longer in the register
)

var statuses = []Status{Claimed, Unclaimed, Orphaned, Impostor, Closed}

// Statuses lists those that a profile can be given.
func Statuses() []Status { return slices.Clone(statuses) }

// Ours reports whether a profile of the status makes a kind "yes" in its region.
func (s Status) Ours() bool { return s == Claimed || s == Unclaimed || s == Orphaned }

// Everywhere is the region of what is not for one region.
const Everywhere = "Worldwide"

// Profile is one entry of the register.
type Profile struct {
	ID        social.ProfileID
	Kind      Kind
	Network   string
	Name      string
	Handle    string
	URL       string
	Address   string // what is compared
	Region    string
	Status    Status
	Owner     social.MemberID
	Programme social.ProgrammeID
	Sponsor   string
	Purpose   string
	Note      string
	Done      string // what was done about an impostor
	Channel   social.ChannelID
	Audited   time.Time
	Created   time.Time
	Updated   time.Time
}

func wrong(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

// Check mends what can be mended and says what is wrong with the rest.
func (p *Profile) Check() error {
	for _, f := range []struct {
		name string
		at   *string
		most int
	}{{"network", &p.Network, 60}, {"name", &p.Name, 200}, {"handle", &p.Handle, 200}, {"url", &p.URL, 500}, {"region", &p.Region, 80}, {"sponsor", &p.Sponsor, 200},
		{"purpose", &p.Purpose, 1000}, {"note", &p.Note, 4000}, {"done", &p.Done, 2000}} {
		*f.at = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(*f.at, "\uFFFD"), "\x00", ""))
		if utf8.RuneCountInString(*f.at) > f.most {
			return wrong(f.name, "That is too long.")
		}
	}
	p.Network = strings.ToLower(p.Network)
	if !slices.Contains(Kinds(), p.Kind) {
		return wrong("kind", "Choose which kind of site it is.")
	}
	if p.Status == "" {
		p.Status = Claimed
	}
	if !slices.Contains(statuses, p.Status) && p.Status != Removed {
		return wrong("status", "A profile is claimed, unclaimed, orphaned, an impostor, or closed.")
	}
	if p.Region == "" {
		p.Region = Everywhere
	}
	p.Handle = strings.TrimPrefix(p.Handle, "@")
	if p.URL != "" && Address(p.URL) == "" {
		return wrong("url", "That is no web address; it begins with https://.")
	}
	switch {
	case p.URL != "":
		p.Address = Address(p.URL)
	case p.Handle != "" && p.Network != "":
		p.Address = p.Network + ":" + strings.ToLower(p.Handle)
	default:
		return wrong("url", "A profile needs its address, or its network and handle.")
	}
	if p.Name == "" {
		if p.Name = p.Handle; p.Name == "" {
			p.Name = p.Address
		}
	}
	return nil
}

// Address makes web addresses comparable: host and path in small letters,
// without scheme, www and a slash at the end; "" for what is none.
func Address(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	host := strings.ToLower(u.Host)
	for _, sub := range []string{"www.", "m.", "mobile."} {
		host = strings.TrimPrefix(host, sub)
	}
	if host == "twitter.com" {
		host = "x.com"
	}
	return host + strings.TrimRight(strings.ToLower(u.Path), "/")
}

// Cell says by hand that there is nothing of a kind in a region.
type Cell struct {
	Kind   Kind
	Region string
	Note   string
	By     social.MemberID
	At     time.Time
}

// Answer is what the matrix says.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// Square is one place in the matrix.
type Square struct {
	Kind     Kind
	Region   string
	Answer   Answer
	Profiles int // that are ours
	Trouble  int // unclaimed, orphaned or impostors
	Note     string
}

// Matrix is kinds by regions.
type Matrix struct {
	Regions []string
	Squares []Square // kind by kind, in the order of Regions
}

// MatrixOf makes the matrix. A profile for everywhere counts in its own column
// only: what is worldwide is not yet there in each region.
func MatrixOf(profiles []Profile, cells []Cell) Matrix {
	regions := map[string]bool{Everywhere: true}
	type key struct {
		kind   Kind
		region string
	}
	at := map[key]*Square{}
	square := func(k Kind, r string) *Square {
		regions[r] = true
		x := at[key{k, r}]
		if x == nil {
			x = &Square{Kind: k, Region: r, Answer: Unknown}
			at[key{k, r}] = x
		}
		return x
	}
	for _, c := range cells {
		x := square(c.Kind, c.Region)
		x.Answer, x.Note = No, c.Note
	}
	for _, p := range profiles {
		x := square(p.Kind, p.Region)
		if p.Status.Ours() {
			x.Answer = Yes
			x.Profiles++
		}
		if p.Status == Unclaimed || p.Status == Orphaned || p.Status == Impostor {
			x.Trouble++
		}
	}
	var m Matrix
	for r := range regions {
		m.Regions = append(m.Regions, r)
	}
	slices.SortFunc(m.Regions, func(a, b string) int {
		if (a == Everywhere) != (b == Everywhere) {
			if a == Everywhere {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	for _, k := range Kinds() {
		for _, r := range m.Regions {
			m.Squares = append(m.Squares, *square(k, r))
		}
	}
	return m
}
