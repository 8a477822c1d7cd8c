// Package train makes the models of analysis from data, and measures them.
//
// Training is a pure function of a data directory: the same data give the same
// model on the same kind of machine. A data directory holds a folder for every
// public data set, with train.jsonl.gz and, where there is one, val.jsonl.gz
// in it: lines of {"id","text","label"}. docs/models.md names the sets and
// where they come from. Models are chosen by their figures on val; no test
// data is read here.
package train
