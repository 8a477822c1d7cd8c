// Package guides holds docs/guides to what they say: examples of queries and
// of commands are run, and what they are said to give is compared.
package guides
