package people

import "github.com/parley-crm/parley/social"

// Ref names a person in what another answers.
type Ref struct {
	ID   social.PersonID `json:"id"`
	Name string          `json:"name"`
}
