package knowdb

import (
	"context"

	"github.com/parley-crm/parley/engage/know"
)

const providerName = "know.provider"

// Provider reads the settings of the language model.
func (s *DB) Provider(ctx context.Context) (know.Provider, error) {
	var out know.Provider
	_, err := s.Setting(ctx, providerName, &out)
	return out, err
}

// SaveProvider keeps them.
func (s *DB) SaveProvider(ctx context.Context, p know.Provider) error {
	return s.SetSetting(ctx, providerName, p)
}
