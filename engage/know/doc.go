// Package know is what the company knows and has answered before: articles in
// any language, answers that were found good, the suggestions that a responder
// gets while reading, the public help page, and what came of it.
//
// It promises:
//
//   - Every change of an article's words is a version that can be compared and
//     brought back; nothing is lost by writing.
//   - What is internal or not published never reaches the public page.
//   - A suggestion says where it comes from and why. It is put into the
//     composer by a person, and sent by a person.
//   - Visits are counted without cookies; who came is forgotten with the day.
//
// It refuses a second article with the same address in a language.
package know
