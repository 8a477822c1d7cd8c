// Package demo is a lively example company: Brewell, who make kettles, and the
// people who speak about them over ninety days, up to the morning on which one
// kettle is recalled.
//
// Write makes the script: what everybody says and does, and when. It depends
// on the seed and the end alone. Play lets it happen in a House, moving its
// clock: people speak on the practice network, staff work through the rooms'
// own methods, and nothing is put into a store by hand.
package demo
