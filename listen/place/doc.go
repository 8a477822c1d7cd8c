// Package place knows where things are: the branches of our own, the cities
// of the world, and which of them an activity speaks of.
//
// It promises:
//
//   - An activity is tied to at most one place, with the evidence on which
//     that rests and a confidence. A bare word that could mean several places,
//     or no place at all, ties nothing: it is left open with its candidates.
//   - What a person corrects is pinned and stays, whatever is learned later.
//   - The counts of each place are kept in step: an edit, a deletion, a
//     correction, a new or closed branch gives the same counts as if things
//     had been so from the beginning.
//   - The same file of branches twice changes nothing the second time.
//
// Its data of cities is GeoNames (third_party/geonames), read when it is first
// asked for. It refuses a branch without a name or without a place on earth.
package place
