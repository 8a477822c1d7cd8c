package social

import "strings"

// Author names who said something on a network, as the network tells it.
//
// Scheme, Issuer and Value together identify the account for good: scheme
// "acct" (WebFinger, RFC 7033), "did" (AT Protocol), "mailto", "tel", "url",
// or a network's own name. Issuer is empty for values that are unique in the
// world and the app or page for scoped ones. Handle and Name may change.
type Author struct {
	Scheme    string `json:"scheme"`
	Issuer    string `json:"issuer,omitempty"`
	Value     string `json:"value"`            // as given; compared folded
	Handle    string `json:"handle,omitempty"` // what people write after @, without the @
	Name      string `json:"name,omitempty"`   // display name
	URL       string `json:"url,omitempty"`
	Avatar    string `json:"avatar,omitempty"`
	Followers int    `json:"followers,omitempty"` // 0 when not told
	Bot       bool   `json:"bot,omitempty"`

	// Unverified: the network lets anybody claim this name, as mail does, and
	// nothing proved that it was really they. Such an author has an Issuer of
	// its own, so that nobody is taken for somebody else.
	Unverified bool   `json:"unverified,omitempty"`
	Place      string `json:"place,omitempty"` // where they say that they live, in their own words

	// Links is what their profile tells of where else they are, a line for each
	// field: its name ("" of the description), a tab, what it says; and behind
	// another tab LeadsBack, where the network saw that the page leads back.
	Links string `json:"links,omitempty"`
}

// LeadsBack marks a link whose page leads back to the profile (rel="me").
const LeadsBack = "back"

// Folded is the form of the value that is compared and kept unique.
func (a Author) Folded() string {
	v := strings.TrimSpace(a.Value)
	switch a.Scheme {
	case "url", "did":
		return v // paths and DIDs are case-sensitive
	}
	return strings.ToLower(v)
}

// ID derives the identity's id from scheme, issuer and folded value, so that
// whoever hears an account first gives it the same id.
func (a Author) ID() IdentityID {
	return IdentityID(derived("identity", a.Scheme, a.Issuer, a.Folded()))
}

// Label is the best thing to call the author by.
func (a Author) Label() string {
	for _, s := range []string{a.Name, a.Handle, a.Value} {
		if s != "" {
			return s
		}
	}
	return "somebody"
}
