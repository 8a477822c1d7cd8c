package peopledb

import (
	"context"

	"github.com/parley-crm/parley/social"
)

// Called lists the accounts of an address, a number or a handle, five at most.
func (d *DB) Called(ctx context.Context, folded string) ([]social.IdentityID, error) {
	var ids []social.IdentityID
	err := d.IDB(ctx).NewRaw("SELECT id FROM identity WHERE value_folded = ? UNION SELECT id FROM identity WHERE LOWER(handle) = ? ORDER BY id LIMIT 5", folded, folded).Scan(ctx, &ids)
	return ids, err
}

// Account reads an account and whose it is; NotFound when there is none.
func (d *DB) Account(ctx context.Context, id social.IdentityID) (social.Author, social.PersonID, error) {
	rows, err := d.identities(ctx, []string{string(id)})
	r, ok := rows[string(id)]
	if err == nil && !ok {
		err = social.Errorf(social.NotFound, "There is no such account.")
	}
	return social.Author{Scheme: r.Scheme, Issuer: r.Issuer, Value: r.Value, Handle: r.Handle, Name: r.Name, URL: r.URL}, social.PersonID(r.PersonID), err
}
