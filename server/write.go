package server

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
)

func write(c huma.Context, p *Problem) {
	c.SetHeader("Content-Type", "application/problem+json")
	c.SetStatus(p.Status)
	_ = json.NewEncoder(c.BodyWriter()).Encode(p)
}
