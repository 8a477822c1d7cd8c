// Package listen is the room in which Parley hears: channels in, monitors,
// intake, and the wall of what was heard.
//
// It promises:
//
//   - What is directed at us, or matched by a monitor, is kept as it arrived
//     before it is acknowledged, and processed after; a restart goes on with
//     what was left, and what was kept raw can be replayed.
//   - The same event twice changes nothing the second time. Edits and
//     deletions may come in any order and give the same state; a deletion
//     always wins.
//   - A channel's cursor moves in the transaction that keeps its events.
//   - A broken event is kept with what is wrong with it and stops nothing.
//   - Most of a public stream is about somebody else: it is matched in memory
//     and only counted.
//
// It refuses to let an empty secret replace a stored one, and a query that it
// cannot read.
package listen
