// Package vader holds the VADER lexicon: words and emoticons with the mean
// valence that human raters gave them, -4 to 4. ORIGIN.md says where it comes
// from and LICENSE what may be done with it (MIT).
package vader

import _ "embed"

// Lexicon is one entry a line: the word, a tab, its mean valence.
//
//go:embed lexicon.tsv
var Lexicon string
