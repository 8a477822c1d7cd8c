package mediawiki

import (
	"encoding/json"
	"strconv"
	"time"
)

// The entities, as far as we read them, in the API's second format
// (https://www.mediawiki.org/wiki/API:Data_formats).
type (
	wireAnswer struct {
		Error *struct {
			Code string `json:"code"`
			Info string `json:"info"`
		} `json:"error"`
		Continue map[string]json.RawMessage `json:"continue"`
		Query    wireQuery                  `json:"query"`
		Login    struct {
			Result string `json:"result"`
			Reason string `json:"reason"`
			Name   string `json:"lgusername"`
		} `json:"login"`
		Edit struct {
			Result   string          `json:"result"`
			Revision int64           `json:"newrevid"`
			At       *time.Time      `json:"newtimestamp"`
			NoChange bool            `json:"nochange"`
			Captcha  json.RawMessage `json:"captcha"`
		} `json:"edit"`
		CurTimestamp string `json:"curtimestamp"`
	}
	wireQuery struct {
		General *struct {
			Name    string `json:"sitename"`
			Server  string `json:"server"`
			Article string `json:"articlepath"`
			Script  string `json:"script"`
			Lang    string `json:"lang"`
		} `json:"general"`
		Namespaces map[string]struct {
			ID        int    `json:"id"`
			Name      string `json:"name"`
			Canonical string `json:"canonical"`
		} `json:"namespaces"`
		Aliases []struct {
			ID    int    `json:"id"`
			Alias string `json:"alias"`
		} `json:"namespacealiases"`
		Tokens struct {
			Login string `json:"logintoken"`
			CSRF  string `json:"csrftoken"`
		} `json:"tokens"`
		UserInfo struct {
			ID   int64  `json:"id"`
			Name string `json:"name"`
			Anon bool   `json:"anon"`
		} `json:"userinfo"`
		Users []struct {
			ID      int64  `json:"userid"`
			Name    string `json:"name"`
			Missing bool   `json:"missing"`
			Invalid bool   `json:"invalid"`
		} `json:"users"`
		Changes  []json.RawMessage `json:"recentchanges"`
		Pages    []wirePage        `json:"pages"`
		Contribs []struct {
			Revision int64      `json:"revid"`
			Page     int64      `json:"pageid"`
			At       *time.Time `json:"timestamp"`
			Comment  string     `json:"comment"`
		} `json:"usercontribs"`
	}
	wirePage struct {
		ID        int64          `json:"pageid"`
		NS        int            `json:"ns"`
		Title     string         `json:"title"`
		Missing   bool           `json:"missing"`
		Revisions []wireRevision `json:"revisions"`
	}
	wireRevision struct {
		ID     int64      `json:"revid"`
		Parent int64      `json:"parentid"`
		User   string     `json:"user"`
		At     *time.Time `json:"timestamp"`
		Slots  struct {
			Main struct {
				Content *string `json:"content"`
				Model   string  `json:"contentmodel"`
			} `json:"main"`
		} `json:"slots"`
	}
	// wireChange is one of the recent changes.
	wireChange struct {
		Type      string     `json:"type"` // "edit", "new", "log"
		NS        int        `json:"ns"`
		Title     string     `json:"title"`
		Page      int64      `json:"pageid"`
		Revision  int64      `json:"revid"`
		Old       int64      `json:"old_revid"`
		ID        int64      `json:"rcid"`
		User      string     `json:"user"`
		UserID    int64      `json:"userid"`
		Bot       bool       `json:"bot"`
		At        *time.Time `json:"timestamp"`
		Comment   string     `json:"comment"`
		LogType   string     `json:"logtype"`
		LogAction string     `json:"logaction"`
		LogParams struct {
			Type string          `json:"type"`
			IDs  json.RawMessage `json:"ids"`
			New  struct {
				Content bool `json:"content"`
			} `json:"new"`
		} `json:"logparams"`
	}
)

// revisions are the ids of a deletion of revisions; they come as numbers or
// as text.
func (c wireChange) revisions() []int64 {
	var raw []json.RawMessage
	if json.Unmarshal(c.LogParams.IDs, &raw) != nil {
		return nil
	}
	var out []int64
	for _, b := range raw {
		s := string(b)
		if t, err := strconv.Unquote(s); err == nil {
			s = t
		}
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// envelope is one raw event: what the wiki said, with what must be known to
// read it alone.
type envelope struct {
	Event   string          `json:"event"` // "edit" or "gone"
	Wiki    string          `json:"wiki"`  // address of a page, with $1 for its title
	Self    string          `json:"self,omitempty"`
	Lang    string          `json:"lang,omitempty"`
	Added   string          `json:"added,omitempty"`   // what the edit added, as wikitext
	Section string          `json:"section,omitempty"` // where on the page
	Asked   bool            `json:"asked,omitempty"`   // it is written to us
	ID      int64           `json:"id,omitempty"`      // revision that is gone
	At      *time.Time      `json:"at,omitempty"`      // when that was
	Payload json.RawMessage `json:"payload,omitempty"`
}

func revisionID(n int64) string { return "r" + strconv.FormatInt(n, 10) }

// parseID takes an external id apart; 0 if it is none.
func parseID(s string) int64 {
	if len(s) < 2 || s[0] != 'r' {
		return 0
	}
	n, err := strconv.ParseInt(s[1:], 10, 64)
	if err != nil || n <= 0 {
		return 0
	}
	return n
}
