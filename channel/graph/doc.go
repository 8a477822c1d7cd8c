// Package graph connects what Meta offers to companies through its Graph API
// (https://developers.facebook.com/docs/graph-api/): Facebook Pages,
// Messenger, Instagram and WhatsApp. It is one client with four kinds.
//
// All of them are told by webhook: the signature is verified over the body as
// it came, before anything in it is read; of a batch, what cannot be read is
// kept apart and stops nothing else. Nothing is polled, so nothing is missed
// as long as Meta repeats what was not acknowledged (it does, for 36 hours).
//
// Accounts are known by ids that hold for one Page, one Instagram account or
// one business only; the identity's issuer says which.
package graph
