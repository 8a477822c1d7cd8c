// Package trial measures how well something finds anomalies in series of
// figures. It makes series of its own, of the sorts that a listening post
// meets (mentions, rides, machines, servers, prices), with the anomalies
// marked, and counts what a finder finds, what it cries for nothing, and how
// long it takes.
//
// It promises that a series is the same for the same family and seed. The
// series are made up; nothing in them was copied from a public set.
package trial
