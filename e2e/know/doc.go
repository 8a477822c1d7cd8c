// Package know tells the story of knowledge in a real browser: an article is
// written, published, found on the help page, and voted on; it is suggested
// beside a conversation and put into the reply; a good reply is kept and
// suggested; an older version comes back; and a model drafts what a person
// checks.
package know
