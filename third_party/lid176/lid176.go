// Package lid176 holds the fastText language identification model
// lid.176.ftz. ORIGIN.md says where it comes from and LICENSE what may be
// done with it (CC BY-SA 3.0).
package lid176

import _ "embed"

// Name is the model's name, as scores carry it.
const Name = "lid.176"

// Model is the unchanged content of lid.176.ftz.
//
//go:embed lid.176.ftz
var Model string
