package deal

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Opportunity is something that a customer may order.
type Opportunity struct {
	ID           OpportunityID
	Name         string
	Pipeline     PipelineID
	Stage        StageID
	State        State
	Person       social.PersonID // as it was given; people.Book leads to who they are now
	Organization OrganizationID
	Programme    social.ProgrammeID
	Owner        social.MemberID
	Amount       int64 // minor units
	Currency     string
	CloseOn      string // a day
	NextStep     string
	NextOn       string // a day
	Reason       string // why it was won or lost
	CreatedBy    social.MemberID
	CreatedAt    time.Time
	UpdatedAt    time.Time
	MovedAt      time.Time // into its stage
	ClosedAt     time.Time
	Talks        int // conversations that it holds
}

// OpportunityChange is what is written about one; nil leaves a field.
type OpportunityChange struct {
	Name, Currency, CloseOn, NextStep, NextOn *string
	Amount                                    *int64
	Person                                    *social.PersonID
	Organization                              *OrganizationID
	Owner                                     *social.MemberID
	Programme                                 *social.ProgrammeID
}

// Moving takes an opportunity into another stage.
type Moving struct {
	To     StageID
	From   StageID // where the mover saw it; "" does not matter
	Reason string
}

// OpportunityQuery asks for a page, what changed last first; of one stage, what came last first.
type OpportunityQuery struct {
	Pipeline     PipelineID
	Stage        StageID
	State        State
	Owner        social.MemberID
	Persons      []string
	Organization OrganizationID
	Conversation social.ConversationID
	Words        string
	Cursor       string
	Limit        int
}

// StepTaken is one line of an opportunity's history.
type StepTaken struct {
	At       time.Time
	By       social.MemberID
	From, To StageID
	Amount   int64
	Currency string
	Reason   string
}

// AddOpportunity begins one. With a conversation, what is not said is taken
// from it: its person, programme and subject, and whom that person works for.
func (b *Books) AddOpportunity(ctx context.Context, o Opportunity, from social.ConversationID) (Opportunity, error) {
	now := b.now()
	o.ID, o.CreatedAt, o.UpdatedAt, o.MovedAt, o.CreatedBy = OpportunityID(id.At(now)), now, now, now, member(ctx)
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		if from != "" {
			if err := b.fromTalk(ctx, &o, from); err != nil {
				return err
			}
		}
		p, err := b.pipelineOf(ctx, o.Pipeline, o.Stage)
		if err != nil {
			return err
		}
		o.Pipeline = p.ID
		if o.Stage == "" {
			o.Stage = p.Stages[slices.IndexFunc(p.Stages, func(s Stage) bool { return s.Kind == Open })].ID
		}
		stage, _ := p.Stage(o.Stage)
		if o.State = stage.Kind; o.State != Open {
			o.ClosedAt = now
		}
		if err := b.checkOpportunity(ctx, &o, Opportunity{}); err != nil {
			return err
		}
		if err := b.Store.SaveOpportunity(ctx, o); err != nil {
			return err
		}
		if err := b.step(ctx, o, ""); err != nil {
			return err
		}
		if o.State != Open {
			if err := b.Store.CountOutcome(ctx, o, 1); err != nil {
				return err
			}
		}
		if from != "" {
			if err := b.Store.LinkTalk(ctx, o.ID, from, member(ctx), now); err != nil {
				return err
			}
			o.Talks = 1
		}
		return b.told(ctx, "create", "opportunity", string(o.ID), map[string]any{"name": o.Name, "stage": stage.Name, "conversation": from})
	})
	return o, err
}

func (b *Books) fromTalk(ctx context.Context, o *Opportunity, from social.ConversationID) error {
	t, err := b.talk(ctx, from)
	if err != nil {
		return err
	}
	if o.Name == "" {
		o.Name = cut(t.Subject, 120)
	}
	if o.Person == "" {
		o.Person = t.Person
	}
	if o.Programme == "" {
		o.Programme = t.Programme
	}
	if o.Organization == "" && o.Person != "" {
		all, err := b.AffiliationsOf(ctx, o.Person)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.Until == "" {
				o.Organization = a.Organization
				break
			}
		}
	}
	return nil
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

func (b *Books) talk(ctx context.Context, which social.ConversationID) (Talk, error) {
	found, err := b.Talks.Talks(ctx, []social.ConversationID{which})
	if err == nil && len(found) == 0 {
		err = social.Errorf(social.NotFound, "There is no such conversation.")
	}
	if err != nil {
		return Talk{}, err
	}
	return found[0], nil
}

// pipelineOf finds the pipeline that is meant: by id, by a stage of it, or the first.
func (b *Books) pipelineOf(ctx context.Context, which PipelineID, stage StageID) (Pipeline, error) {
	all, err := b.Store.Pipelines(ctx)
	if err != nil {
		return Pipeline{}, err
	}
	for _, p := range all {
		_, in := p.Stage(stage)
		if which != "" && p.ID != which || stage != "" && !in || p.Archived && which == "" && stage == "" {
			continue
		}
		if p.Archived {
			return p, invalid("pipeline", "This pipeline was put away.")
		}
		return p, nil
	}
	if stage != "" {
		return Pipeline{}, invalid("stage", "There is no such stage in this pipeline.")
	}
	return Pipeline{}, invalid("pipeline", "There is no such pipeline.")
}

func (b *Books) checkOpportunity(ctx context.Context, o *Opportunity, was Opportunity) error {
	if err := tidy("name", &o.Name, 1, 200); err != nil {
		return err
	}
	if err := money(o.Amount, &o.Currency); err != nil {
		return err
	}
	if o.Amount == 0 {
		o.Currency = ""
	}
	if err := tidy("next_step", &o.NextStep, 0, 300); err != nil {
		return err
	}
	if err := tidy("reason", &o.Reason, 0, 200); err != nil {
		return err
	}
	if err := day("close_on", o.CloseOn); err != nil {
		return err
	}
	if err := day("next_on", o.NextOn); err != nil {
		return err
	}
	if o.Person != "" && o.Person != was.Person {
		p, err := b.People.Person(ctx, o.Person)
		if err != nil {
			return err
		}
		o.Person = p.ID
	}
	if o.Organization != "" && o.Organization != was.Organization {
		if _, err := b.Store.Organization(ctx, o.Organization); err != nil {
			return err
		}
	}
	if o.State == Lost && o.Reason == "" {
		return invalid("reason", "Say why it was lost; the next time is better for it.")
	}
	return placed(ctx, o.Programme)
}

func (b *Books) step(ctx context.Context, o Opportunity, from StageID) error {
	return b.Store.AddStep(ctx, o.ID, StepTaken{At: b.now(), By: member(ctx), From: from, To: o.Stage, Amount: o.Amount, Currency: o.Currency, Reason: o.Reason})
}

// EditOpportunity writes what is known of one.
func (b *Books) EditOpportunity(ctx context.Context, which OpportunityID, c OpportunityChange) (Opportunity, error) {
	var o Opportunity
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		var err error
		if o, err = b.Store.Opportunity(ctx, which); err != nil {
			return err
		}
		was := o
		set(&o.Name, c.Name)
		set(&o.Amount, c.Amount)
		set(&o.Currency, c.Currency)
		set(&o.CloseOn, c.CloseOn)
		set(&o.NextStep, c.NextStep)
		set(&o.NextOn, c.NextOn)
		set(&o.Organization, c.Organization)
		set(&o.Owner, c.Owner)
		set(&o.Programme, c.Programme)
		set(&o.Person, c.Person)
		if err := b.checkOpportunity(ctx, &o, was); err != nil {
			return err
		}
		if o == was {
			return nil
		}
		o.UpdatedAt = b.now()
		if err := b.Store.SaveOpportunity(ctx, o); err != nil {
			return err
		}
		if o.State != Open && o.Programme != was.Programme {
			if err := b.Store.CountOutcome(ctx, was, -1); err != nil {
				return err
			}
			if err := b.Store.CountOutcome(ctx, o, 1); err != nil {
				return err
			}
		}
		if o.Amount != was.Amount || o.Currency != was.Currency {
			if err := b.step(ctx, o, o.Stage); err != nil {
				return err
			}
		}
		if err := b.left(ctx, was.Person, o.Person); err != nil {
			return err
		}
		return b.told(ctx, "update", "opportunity", string(o.ID), differ(map[string][2]any{"name": {was.Name, o.Name}, "amount": {was.Amount, o.Amount},
			"currency": {was.Currency, o.Currency}, "close_on": {was.CloseOn, o.CloseOn}, "next_step": {was.NextStep, o.NextStep}, "next_on": {was.NextOn, o.NextOn},
			"owner": {was.Owner, o.Owner}, "person": {was.Person, o.Person}, "organization": {was.Organization, o.Organization}, "programme": {was.Programme, o.Programme}}))
	})
	return o, err
}

// Move takes one into another stage of its pipeline. Whoever saw it elsewhere
// than it stands is told so, and nothing happens.
func (b *Books) Move(ctx context.Context, which OpportunityID, m Moving) (Opportunity, error) {
	var o Opportunity
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		var err error
		if o, err = b.Store.Opportunity(ctx, which); err != nil {
			return err
		}
		p, err := b.pipelineOf(ctx, o.Pipeline, m.To)
		if err != nil {
			return err
		}
		from, _ := p.Stage(o.Stage)
		to, _ := p.Stage(m.To)
		if from.ID == to.ID {
			return nil
		}
		if m.From != "" && m.From != o.Stage {
			return social.Errorf(social.Conflict, "Somebody moved it to %s meanwhile.", from.Name)
		}
		if o.State != Open {
			if err := b.Store.CountOutcome(ctx, o, -1); err != nil {
				return err
			}
		}
		now := b.now()
		o.Stage, o.State, o.MovedAt, o.UpdatedAt, o.ClosedAt, o.Reason = to.ID, to.Kind, now, now, time.Time{}, m.Reason
		if o.State != Open {
			o.ClosedAt = now
		}
		if err := b.checkOpportunity(ctx, &o, o); err != nil {
			return err
		}
		if err := b.Store.SaveOpportunity(ctx, o); err != nil {
			return err
		}
		if err := b.step(ctx, o, from.ID); err != nil {
			return err
		}
		if o.State != Open {
			if err := b.Store.CountOutcome(ctx, o, 1); err != nil {
				return err
			}
		}
		return b.told(ctx, "move", "opportunity", string(o.ID), map[string]any{"from": from.Name, "to": to.Name, "reason": o.Reason})
	})
	return o, err
}

// RemoveOpportunity takes one away as if it had never been.
func (b *Books) RemoveOpportunity(ctx context.Context, which OpportunityID) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.Lock(ctx); err != nil {
			return err
		}
		o, err := b.Store.Opportunity(ctx, which)
		if err != nil {
			return err
		}
		if err := placed(ctx, o.Programme); err != nil {
			return err
		}
		if o.State != Open {
			if err := b.Store.CountOutcome(ctx, o, -1); err != nil {
				return err
			}
		}
		if err := b.Store.DropOpportunity(ctx, o); err != nil {
			return err
		}
		if err := b.left(ctx, o.Person, ""); err != nil {
			return err
		}
		return b.told(ctx, "delete", "opportunity", string(o.ID), map[string]any{"name": o.Name})
	})
}

// Hold puts a conversation to an opportunity, or takes it away again.
func (b *Books) Hold(ctx context.Context, which OpportunityID, talk social.ConversationID, on bool) error {
	return b.Store.InTx(ctx, func(ctx context.Context) error {
		o, err := b.Store.Opportunity(ctx, which)
		if err != nil {
			return err
		}
		verb := "hold"
		if on {
			if _, err := b.talk(ctx, talk); err != nil {
				return err
			}
			err = b.Store.LinkTalk(ctx, o.ID, talk, member(ctx), b.now())
		} else {
			verb = "release"
			err = b.Store.UnlinkTalk(ctx, o.ID, talk)
		}
		if err != nil {
			return err
		}
		return b.told(ctx, verb, "opportunity", string(o.ID), map[string]any{"conversation": talk})
	})
}

// AffiliationsOf lists whom somebody works and worked for, those that last first.
func (b *Books) AffiliationsOf(ctx context.Context, who social.PersonID) ([]Affiliation, error) {
	same, err := b.same(ctx, who)
	if err != nil {
		return nil, err
	}
	return b.Store.AffiliationsOf(ctx, same)
}

// OpportunitiesOf lists what somebody may order or ordered.
func (b *Books) OpportunitiesOf(ctx context.Context, who social.PersonID, q OpportunityQuery) ([]Opportunity, string, error) {
	same, err := b.same(ctx, who)
	if err != nil {
		return nil, "", err
	}
	q.Persons = same
	return b.Store.Opportunities(ctx, q)
}

// same lists the ids that somebody in scope ever had, the one now first.
func (b *Books) same(ctx context.Context, who social.PersonID) ([]string, error) {
	p, err := b.People.Person(ctx, who)
	if err != nil {
		return nil, err
	}
	return b.Store.Same(ctx, p.ID)
}
