// Package detect finds what is out of the ordinary in a series of figures
// while they come in.
//
// It promises to judge each figure by what came before it only, to use a
// bounded amount of memory however long the series is, and to report an
// incident once rather than at each of its figures. It learns by itself how
// far apart the figures are, whether days and weeks repeat, and how wild the
// series is in ordinary times; after a lasting change it takes the new for
// ordinary. It refuses to report anything before it has seen enough.
//
// How: several forecasters compete for each figure, the best of late gives
// what was expected. What is left over is looked at in several ways (this
// figure, means over longer and longer windows, how restless the series is,
// whether it stands still), each against the distribution of its own maxima in
// blocks of the past (a generalized extreme value distribution, fitted by
// L-moments). So a series that is wild by nature needs more to be out of the
// ordinary than a calm one, and a long one more than a short one.
package detect
