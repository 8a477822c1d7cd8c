package server

import (
	"github.com/danielgtaylor/huma/v2"
	"github.com/parley-crm/parley/social"
)

// allow checks the permission of an operation before anything else of it runs.
func (s *Server) allow(p social.Permission) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		ctx := c.Context()
		actor, signedIn := social.ActorOf(ctx)
		var problem *Problem
		switch {
		case p == social.PublicAccess:
		case !signedIn:
			problem = ProblemOf(social.Errorf(social.Unauth, "Nobody is signed in. Sign in, or send an API token."))
		case p == social.SignedIn:
			scope, _ := s.Authority.Scope(actor, p)
			ctx = social.WithScope(ctx, scope)
		default:
			scope, ok := s.Authority.Scope(actor, p)
			if !ok {
				problem = ProblemOf(&social.Error{Kind: social.Forbidden, Fix: "/settings/members",
					Text: "Your role does not include " + string(p) + ". An administrator can give it to you under Settings, Members."})
				break
			}
			ctx = social.WithScope(ctx, scope)
		}
		if problem != nil {
			write(c, problem)
			return
		}
		next(huma.WithContext(c, ctx))
	}
}
