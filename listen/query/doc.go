// Package query is the language in which monitors are written, and the
// machine that finds, for a post, the monitors that match it.
//
// # The language
//
//	kettle                     the word
//	"descaling kit"            the words one after another
//	kettl*                     words that begin so; the * ends a word
//	~leak                      the word in any of its forms: leaks, leaking, leaked
//	kettle broken              both (side by side means AND)
//	kettle AND broken          both
//	kettle OR teapot           either
//	kettle NOT advert          the first without the second
//	(kettle OR teapot) broken  grouped
//	kettle NEAR/4 broken       either order, at most four words between
//	lang:pt                    posts in pt, pt-BR and so on; lang:und where it is not known
//	from:maria                 said by exactly this handle, with or without @
//	channel:bluesky            heard on channels of this kind or name; channel:"Our shop"
//	place:atlanta              about a place of this name: a branch, a city, a region or a country;
//	                           place:"Portland, OR" where there are several
//
// NEAR/n binds tightest, then NOT, then AND, then OR. Operators are written in
// capitals; in small letters they are words. Curly and straight quotes are the
// same. NEAR joins two things, each a word, a phrase, or words and phrases
// joined by OR in parentheses; they must be two places of the text, so that
// "k2 NEAR/3 k2" wants the word twice. A query must say what to look for: one
// that only excludes is refused, and so is a branch of an OR that does.
//
// # Words
//
// A word is a run of letters, digits and inner underscores. Everything else
// parts words, hyphens, apostrophes and dots too: "K2-mini's" is k2, mini and
// s, and k2-mini in a query is the phrase "k2 mini". Whole words are compared,
// letter case and accents folded (café is cafe, Straße is strasse, Łódź is
// lodz); marks that are letters of their own, as in Thai, Hindi or the
// Japanese が, stay.
//
// k2 finds k2, #k2 and @k2. With the sign written, #k2 finds only the hashtag
// and @k2 only the handle.
//
// A link is read as the words in it, without its scheme and www, so that a
// host or a path can be looked for.
//
// Scripts that put no spaces between words (Chinese, Japanese, Thai, Lao,
// Khmer, Burmese) are read sign by sign, and a query word in them is the
// sequence of its signs: 日本 is found inside 日本語. A change of script ends a
// word, so that k2 is found in K2を and K2를.
//
// Korean puts spaces between words and hangs particles on them. A query word
// of two syllables or more is found with any particle: 주전자 in 주전자에서는.
//
// # Forms
//
// With a ~ before it a word is found in every form that the stemmer of a
// language (Snowball) takes for the same, and that begins like it: all of what
// they have in common but its last letter. The language is that of the lang:
// that stands beside the word, or beside a group that it is in; without one it
// is English. A ~ before a word of a language without a stemmer, or of a script
// without spaces, changes nothing. It can stand inside a phrase and beside NEAR,
// and never with a *.
//
// An emoji is found like a word, whatever its skin tone, but it is not
// counted among the words between, and a phrase reads past it.
//
// # Promises
//
// A query has at most [MaxRunes] runes and nests at most [MaxDepth] deep, and a
// phrase has at most [MaxPhrase] words. What is wrong with a query is told as
// a [social.Error] of kind Invalid with the column of the mistake. Any bytes
// may be given as a text; matching takes time in proportion to it.
package query

// The limits of a query.
const (
	MaxRunes  = 10_000 // length
	MaxDepth  = 100    // parentheses and NOTs inside each other
	MaxPhrase = 64     // words in one phrase
	MaxNear   = 1_000  // the n of NEAR/n
)
