// Package places tells the story of reviews by place in a real browser:
// branches come in from a file, the map and the list show them, two are
// compared, and a review is answered from its branch's page.
package places
