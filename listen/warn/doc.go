// Package warn raises alerts: it watches what is said about every monitor and
// in every programme, against what is usual at that hour of the week.
//
// It promises that:
//
//   - an incident is one alert, however long it lasts and however much it grows;
//   - an alert says why in figures, keeps the posts that caused it, and who was told;
//   - whatever is done with it is in its history and in the record;
//   - a false alarm raises what that subject needs to be raised again, and that
//     can be seen and taken back;
//   - a monitor that is paused or removed leaves no alert standing;
//   - a monitor with a steady volume that falls silent raises one too.
//
// It refuses to judge how much is said before a day of it is known, or silence
// before a fortnight, and to raise an alert over a handful of posts.
package warn
