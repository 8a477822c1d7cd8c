package main

import (
	"context"
	"hash/fnv"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage/survey"
	"github.com/parley-crm/parley/social"
)

// asked are the links that customers were sent and may answer.
type asked struct {
	surveyDesk
	links []link
}

type link struct {
	key  string
	talk string // the same each time that the example is made
	sent time.Time
}

// Whisper keeps the link that it says.
func (d *asked) Whisper(ctx context.Context, id social.ConversationID, key string, owner social.MemberID, text string) (bool, error) {
	said, err := d.surveyDesk.Whisper(ctx, id, key, owner, text)
	_, k, ok := strings.Cut(text, survey.Door)
	if err != nil || !said || !ok {
		return said, err
	}
	talks, err := d.Talks(ctx, []social.ConversationID{id})
	for _, c := range talks {
		d.links = append(d.links, link{strings.Fields(k)[0], string(c.Identity) + c.Subject, d.h.clock.Now()})
	}
	return said, err
}

// survey lets Brewell ask, an hour after it has helped somebody in private.
func (s *stage) survey(ctx context.Context) error {
	s.asked = &asked{surveyDesk: surveyDesk{s.house}}
	s.surveys.Desk, s.surveys.Base = s.asked, "https://care.brewell.example"
	own := []social.ProgrammeID{""}
	list, _, err := s.office.Programmes(ctx, "", 100)
	if err != nil {
		return err
	}
	for _, p := range list {
		own = append(own, p.ID)
	}
	for _, p := range own {
		x := survey.Usual(p)
		x.On = true
		if _, err := s.surveys.Keep(ctx, x); err != nil {
			return err
		}
	}
	return nil
}

// what they write to a score; many write nothing.
var given = map[int][]string{
	5: {"", "Quick and kind, thank you!", "", "Never had such good help with a kettle.", ""},
	4: {"", "Good answer, but it took two messages to get there.", ""},
	3: {"", "You helped in the end. The first answer was not about my question.", ""},
	2: {"", "I still wait for the part that you promised."},
	1: {"The kettle still leaks.", ""},
}

// give lets customers answer what they were asked, some hours later: two of
// three do, the more gladly the sooner they had been answered.
func (s *stage) give(ctx context.Context) error {
	if s.asked == nil {
		return nil
	}
	var rest []link
	for _, l := range s.asked.links {
		h := fnv.New32a()
		_, _ = h.Write([]byte(l.talk))
		n := int(h.Sum32() % 1000)
		if s.set.Now().Sub(l.sent) < time.Duration(1+n%9)*time.Hour {
			rest = append(rest, l)
			continue
		}
		if n%3 == 0 {
			continue
		}
		score := []int{5, 5, 4, 5, 4, 3, 5, 4, 2, 5, 4, 1, 5, 5, 4, 3}[n%16]
		words := given[score]
		if _, err := s.surveys.Answer(ctx, l.key, score, words[n/16%len(words)]); err != nil {
			return err
		}
	}
	s.asked.links = rest
	return nil
}
