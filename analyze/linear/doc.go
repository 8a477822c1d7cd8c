// Package linear is the machinery that the fast methods of analysis share: a
// text becomes hashed word and character n-grams with the marks of negation
// and of a sentiment lexicon, and a linear model weighs them.
//
// A Doc is read once and scored by any number of models. Scoring allocates
// nothing and takes some microseconds for a post. A Model is what training
// leaves: quantised weights, calibrated on texts that it was not trained on.
// Training (Fit) is deterministic: the same examples in the same order and the
// same Recipe give the same bytes on the same kind of machine.
//
// The features are made for languages that put spaces between words, and the
// lexicon is English; whoever scores says for which languages a model is good.
package linear
