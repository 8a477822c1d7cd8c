// Package crm tells the story of business in a real browser: an organization,
// who works there, an opportunity that goes over the board by keyboard and by
// drag, and the whole of a customer on one page.
package crm
