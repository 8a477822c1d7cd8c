package main

import (
	"context"

	"github.com/parley-crm/parley/social"
)

// Reach changes the scope of ctx to that of another permission.
func (a around) Reach(ctx context.Context, p social.Permission) (context.Context, bool) {
	return a.reaching(ctx, p)
}
