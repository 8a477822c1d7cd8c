// Package bench measures Parley from outside: the real binary over pipes and
// HTTP. "make bench" runs it, together with the benchmark of intake in
// cmd/parley; docs/benchmarks.md says what the figures mean.
package bench
