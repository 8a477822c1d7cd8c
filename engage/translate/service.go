package translate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/parley-crm/parley/social"
)

// asked and answered are of LibreTranslate's shape
// (https://docs.libretranslate.com/api/operations/translate/).
type asked struct {
	Q      string `json:"q"`
	Source string `json:"source"`
	Target string `json:"target"`
	Format string `json:"format"`
	Key    string `json:"api_key,omitempty"`
}

type answered struct {
	Text     *string `json:"translatedText"`
	Detected struct {
		Language string `json:"language"`
	} `json:"detectedLanguage"`
}

// byService asks the one host of the settings.
func (t *Translator) byService(ctx context.Context, s Settings, out *Translation, words string) error {
	wait := t.Wait
	if wait == 0 {
		wait = 20 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	q := asked{Q: words, Source: out.From, Target: out.To, Format: "text"}
	if q.Source == "" {
		q.Source = "auto"
	}
	if s.Key != "" {
		k, err := t.Sealer.UnsealString(keyPlace, s.Key)
		if err != nil {
			return social.Because(social.Invalid, err, "The key of the translation service does not open. Enter it again.")
		}
		q.Key = k.Reveal()
	}
	body, err := json.Marshal(q)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Address+"/translate", bytes.NewReader(body))
	if err != nil {
		return social.Because(social.Invalid, err, "The address of the translation service is not understood.")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	c := *t.HTTP
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // to no other host, ever
	answer, err := c.Do(r)
	if err != nil {
		var refused interface{ Refused() string }
		switch {
		case errors.As(err, &refused):
			return social.Because(social.Invalid, err, "Parley may not reach the address of the translation service: %s", refused.Refused())
		case ctx.Err() != nil:
			return social.Because(social.Busy, err, "The translation service did not answer in time. Try again.")
		}
		return social.Because(social.Busy, err, "The translation service does not answer. Try again.")
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(answer.Body, mostReturned+1))
	switch {
	case err != nil && ctx.Err() != nil:
		return social.Because(social.Busy, err, "The translation service did not answer in time. Try again.")
	case err != nil || len(raw) > mostReturned:
		return social.Because(social.Busy, err, "The translation service answered far too much. Nothing of it is shown.")
	case answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden:
		return social.Errorf(social.Invalid, "The translation service refuses the key. An administrator can enter it again under Knowledge, Settings.")
	case answer.StatusCode == http.StatusTooManyRequests:
		return social.Errorf(social.Busy, "The translation service asks us to slow down. Try again in a while.")
	case answer.StatusCode == http.StatusNotFound:
		return social.Errorf(social.Invalid, "There is no translation service at this address.")
	case answer.StatusCode == http.StatusBadRequest:
		return social.Errorf(social.Invalid, "The translation service does not take this. It may not know one of the languages.")
	case answer.StatusCode != http.StatusOK:
		return social.Errorf(social.Busy, "The translation service answered with %d. Try again.", answer.StatusCode)
	}
	var a answered
	if err := json.Unmarshal(raw, &a); err != nil || a.Text == nil {
		return social.Because(social.Busy, err, "The translation service answered something that is no translation.")
	}
	if out.From == "" {
		out.From = language(a.Detected.Language)
	}
	out.Text, out.Provider = *a.Text, s.Address
	if u, err := url.Parse(s.Address); err == nil {
		out.Provider = u.Host
	}
	return nil
}
