package social

import "time"

// Place is where something is, as a network tells it: the branch that a review
// speaks of, or where a post was written. Fields that are not told are empty;
// a place without any says nothing.
//
// It must stay comparable, and it is kept with the activity.
type Place struct {
	ExternalID string  `json:"external_id,omitempty"` // the network's own id of the place: a location, a page, a listing
	Name       string  `json:"name,omitempty"`
	Street     string  `json:"street,omitempty"`
	City       string  `json:"city,omitempty"`
	Region     string  `json:"region,omitempty"`
	Postcode   string  `json:"postcode,omitempty"`
	Country    string  `json:"country,omitempty"` // ISO 3166-1 alpha-2, or a name
	Lat        float64 `json:"lat,omitempty"`     // WGS 84; told only together with Lon
	Lon        float64 `json:"lon,omitempty"`
	URL        string  `json:"url,omitempty"` // of the place's own page
}

// Located reports whether the network told coordinates that can be.
func (p Place) Located() bool {
	return (p.Lat != 0 || p.Lon != 0) && p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180
}

// Tie is the place that a post speaks of, with its evidence. Without a place
// it is left open, or a person said that it speaks of none.
type Tie struct {
	Place      PlaceID
	Via        string
	Confidence float64
	Why        string
	Others     []Guess
	PinnedBy   MemberID
	Pinned     time.Time // zero: nobody corrected it
}

// Guess is a place that was possible as well.
type Guess struct {
	Place PlaceID `json:"place"`
	Share float64 `json:"share"` // how likely, among the candidates
}
