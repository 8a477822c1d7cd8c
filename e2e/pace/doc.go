// Package pace tries what is about time in a browser: hours, pledges, rules
// and the question after it.
package pace
