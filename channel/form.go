package channel

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/hook"
	"github.com/parley-crm/parley/social"
)

// Merge puts values in their places, settings or secrets; a value that the
// kind does not know is refused, and an empty secret changes nothing.
func (k Kind) Merge(settings, secrets, values map[string]string) error {
	for name, v := range values {
		i := slices.IndexFunc(k.Form, func(f Field) bool { return f.Name == name })
		if i < 0 {
			return wrong(name, "%s has no setting “%s”.", k.Title, short(name))
		}
		v = strings.TrimSpace(v)
		if !utf8.ValidString(v) || strings.IndexByte(v, 0) >= 0 || len(v) > 64<<10 {
			return wrong(name, "%s has signs that cannot be kept, or is too long.", k.Form[i].Label)
		}
		switch {
		case k.Form[i].Type == "secret":
			if v != "" {
				secrets[name] = v
			}
		case v == "":
			delete(settings, name)
		default:
			settings[name] = v
		}
	}
	return nil
}

// Complete fills in what is usual and says what is missing.
func (k Kind) Complete(settings, secrets map[string]string) error {
	for _, f := range k.Form {
		v := settings[f.Name] + secrets[f.Name]
		if v == "" && f.Default != "" && f.Type != "secret" {
			v = f.Default
			settings[f.Name] = v
		}
		switch {
		case v == "" && f.Required:
			return wrong(f.Name, "%s is needed.", f.Label)
		case v != "" && f.Type == "choice" && !slices.Contains(f.Choices, v):
			return wrong(f.Name, "%s is one of: %s.", f.Label, strings.Join(f.Choices, ", "))
		}
	}
	return nil
}

func wrong(field, format string, args ...any) error {
	e := social.Errorf(social.Invalid, format, args...)
	e.Field = field
	return e
}

// short cuts a name that somebody made up.
func short(s string) string {
	r := []rune(strings.ToValidUTF8(s, ""))
	return string(r[:min(len(r), 40)])
}

// Furnish fills the hidden secrets that nobody types in.
func (k Kind) Furnish(secrets map[string]string) {
	for _, f := range k.Form {
		if f.Hidden && f.Make != "" && secrets[f.Name] == "" {
			secrets[f.Name] = f.Fresh()
		}
	}
}

// Fresh makes a value for a field that Parley may fill by itself.
func (f Field) Fresh() string {
	if f.Make == "whsec" {
		_, text := hook.NewKey()
		return text
	}
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Join puts settings and unsealed secrets together, as New wants them.
func Join(settings, secrets map[string]string) Settings {
	out := Settings{}
	for k, v := range settings {
		out[k] = v
	}
	for k, v := range secrets {
		out[k] = v
	}
	return out
}
