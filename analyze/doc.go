// Package analyze is the room that understands what was heard: the language of
// a text, how its writer feels, and what the writer wants.
//
// Every method is a sub-package of its own, a pure function with a measured
// quality floor. Scorer runs them over a text. A score says how sure it is,
// which words carried it, and by which model and version it was made. Where a
// method has no model for a language, it gives no score: nothing is guessed.
package analyze
