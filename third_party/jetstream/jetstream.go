// Package jetstream holds the dictionary with which Jetstream, Bluesky's
// stream of posts, compresses what it sends. ORIGIN.md says where it comes
// from and LICENSE what may be done with it (MIT).
package jetstream

import _ "embed"

// Dictionary is for zstd.
//
//go:embed zstd_dictionary
var Dictionary []byte
