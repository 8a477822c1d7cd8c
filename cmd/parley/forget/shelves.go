package forget

import (
	"context"
	"strconv"

	"github.com/parley-crm/parley/analyze/analyzedb"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/hivedb"
	"github.com/parley-crm/parley/engage/knowdb"
	"github.com/parley-crm/parley/engage/pacedb"
	"github.com/parley-crm/parley/engage/publishdb"
	"github.com/parley-crm/parley/engage/surveydb"
	"github.com/parley-crm/parley/evolve/evolvedb"
	"github.com/parley-crm/parley/govern/governdb"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/people/retain"
	"github.com/parley-crm/parley/social"
)

// Rooms are what holds data that ages.
type Rooms struct {
	Heard    *listendb.DB
	Talks    *engagedb.DB
	Scores   *analyzedb.DB
	Hive     *hivedb.DB
	Surveys  *surveydb.DB
	Persons  *peopledb.DB
	Outcomes *evolvedb.DB
	Library  *knowdb.DB
	Press    *publishdb.DB
	Keeper   *privacy.Keeper
	Paces    *pacedb.DB
	Notices  *governdb.DB
}

// Shelves are the kinds of data for which there are rules of retention.
func (r Rooms) Shelves() map[string]retain.Shelf {
	return map[string]retain.Shelf{
		retain.Raw: shelf{r.Heard.LookRaw, func(ctx context.Context, a social.Aged, _, from string, most int) (int, string, error) {
			return r.Heard.DropRaw(ctx, a, from, most)
		}},
		retain.Files: shelf{r.Heard.LookFiles, func(ctx context.Context, a social.Aged, _, from string, most int) (int, string, error) {
			return r.Heard.DropOldFiles(ctx, a, from, most)
		}},
		retain.Posts:         shelf{r.Heard.LookPosts, r.posts},
		retain.Conversations: shelf{r.Talks.LookEnded, r.talks},
		retain.Visits:        shelf{r.lookVisits, r.visits},
		retain.Persons:       persons{r},
	}
}

type shelf struct {
	look func(ctx context.Context, a social.Aged) (social.Stale, error)
	take func(ctx context.Context, a social.Aged, run, from string, most int) (int, string, error)
}

func (s shelf) Look(ctx context.Context, a social.Aged) (social.Stale, error) { return s.look(ctx, a) }

func (s shelf) Take(ctx context.Context, a social.Aged, run, from string, most int) (int, string, error) {
	return s.take(ctx, a, run, from, most)
}

// posts takes the words of posts, and what was read in them.
func (r Rooms) posts(ctx context.Context, a social.Aged, _, from string, most int) (int, string, error) {
	ids, next, err := r.Heard.OldPosts(ctx, a, from, most)
	if err == nil {
		err = r.unsay(ctx, ids, a)
	}
	return len(ids), next, err
}

func (r Rooms) unsay(ctx context.Context, ids []social.ActivityID, a social.Aged) error {
	if len(ids) == 0 {
		return nil
	}
	if err := r.Heard.Unsay(ctx, ids, a.At); err != nil {
		return err
	}
	return r.Scores.Unsay(ctx, ids)
}

// talks takes the words of conversations, wherever they stand.
func (r Rooms) talks(ctx context.Context, a social.Aged, _, from string, most int) (int, string, error) {
	ids, said, next, err := r.Talks.Ended(ctx, a, from, most)
	if err != nil || len(ids) == 0 {
		return 0, "", err
	}
	if err := r.unsay(ctx, said, a); err != nil {
		return 0, "", err
	}
	if err := r.Hive.Unsay(ctx, ids); err != nil {
		return 0, "", err
	}
	if err := r.Surveys.Unsay(ctx, ids); err != nil {
		return 0, "", err
	}
	return len(ids), next, r.Talks.Unsay(ctx, ids, a.At)
}

// lookVisits adds up what is told of visitors in several places.
func (r Rooms) lookVisits(ctx context.Context, a social.Aged) (social.Stale, error) {
	var out social.Stale
	for _, look := range []func(context.Context, social.Aged) (social.Stale, error){r.Outcomes.LookTraced, r.Press.LookGuests, r.Library.LookWords} {
		s, err := look(ctx, a)
		if err != nil {
			return out, err
		}
		out.Rows, out.Spared = out.Rows+s.Rows, out.Spared+s.Spared
		if out.Oldest.IsZero() || (!s.Oldest.IsZero() && s.Oldest.Before(out.Oldest)) {
			out.Oldest = s.Oldest
		}
	}
	return out, nil
}

// visits goes over one place after the other; from is which.
func (r Rooms) visits(ctx context.Context, a social.Aged, _, from string, most int) (int, string, error) {
	places := []func(context.Context, social.Aged, int) (int, error){r.Outcomes.Untrace, r.Press.DropGuests, r.Library.DropWords}
	at, _ := strconv.Atoi(from)
	n, err := places[at](ctx, a, most)
	if err != nil {
		return 0, "", err
	}
	if n < most {
		at++
	}
	if at == len(places) {
		return n, "", nil
	}
	return n, strconv.Itoa(at), nil
}

// persons go as by an erasure, which commits by itself.
type persons struct{ r Rooms }

func (p persons) Look(ctx context.Context, a social.Aged) (social.Stale, error) {
	return p.r.Persons.LookSilent(ctx, a)
}

func (p persons) Take(ctx context.Context, a social.Aged, run, _ string, most int) (int, string, error) {
	ids, err := p.r.Persons.Silent(ctx, a, most)
	if err != nil || len(ids) == 0 {
		return 0, "", err
	}
	return len(ids), "", p.r.Keeper.Retire(ctx, run, ids)
}

func (p persons) Took(ctx context.Context, run string) (int, error) {
	return p.r.Keeper.Retired(ctx, run)
}

// Things knows what may be held besides persons.
type Things struct {
	*engagedb.DB
	Persons    *peopledb.DB
	Programmed func(ctx context.Context, id social.ProgrammeID) error
}

// Programme reports kind NotFound of a programme that does not exist or may not be seen.
func (t Things) Programme(ctx context.Context, id social.ProgrammeID) error {
	return t.Programmed(ctx, id)
}

// InProgrammes implements privacy.Things.
func (t Things) InProgrammes(ctx context.Context, programmes []social.ProgrammeID, accounts []social.IdentityID) (social.ProgrammeID, error) {
	return t.Persons.InProgrammes(ctx, programmes, accounts)
}
