// Package screens looks at screens of Listen, Analyze and Settings in both
// sizes and themes: that nothing sticks out and a machine finds no fault.
package screens
