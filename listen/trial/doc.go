// Package trial measures how well something finds anomalies in series of
// figures. It makes series of its own, of the sorts that a listening post
// meets (mentions, rides, machines, servers, prices, shops), with the anomalies
// marked, and counts what a finder finds, what it cries for nothing, and how
// long it takes, beside moving z-scores of every window and threshold.
//
// It promises that a series is the same for the same family and seed. The
// series are made up; nothing in them was copied from a public set. Seeds for
// the report, and some families, are kept back from tuning.
package trial
