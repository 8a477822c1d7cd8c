// Package moderate is what we do about messages where they stand: hide what
// others said at our place, show it again, take it away; take back what we
// said ourselves; like.
//
// It promises: what is to be done is kept, with who wants it and why, before
// the network is called, and what came of it after. Every act may be done
// again, so whatever a crash or a silent network leaves open is simply done
// once more, one call at a time for each message. The gate is asked when
// somebody wants it and again before each call. What the network refuses is
// said, and nothing is said to be done that is not.
//
// What we take away at the network stays here, marked, until it is erased.
//
// It refuses to touch what was said in private, and does nothing by itself.
package moderate
