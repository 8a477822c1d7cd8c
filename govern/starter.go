package govern

import (
	"context"

	"github.com/parley-crm/parley/social"
)

// What the first administrator finds, so that the gate teaches instead of
// blocking.
const (
	starterProgramme = "Customer care"
	starterMission   = "Answer customers where they speak: soon, truly, and as one company."
	starterSponsor   = ""
	starterPolicy    = "Speaking for us"
	starterSetting   = "govern.starter"

	starterText = `Whoever answers here speaks for all of us. These few rules keep that a pleasure.

1. **Be a person.** Say who you are when it helps, answer what was asked, and write as you would speak to a guest.
2. **Be true.** Say only what you know. If you don't know yet, say so, say when you will, and come back.
3. **Be soon.** A short first answer today is worth more than a perfect one next week.
4. **Keep private things private.** Order numbers, addresses, health and money belong in a direct message, never in public. Never ask for a password.
5. **Own mistakes.** Say sorry once, plainly, and then mend it. Never delete what somebody said because it hurts.
6. **Don't fight.** Leave the last word to the other side. Hand threats, press questions and anything about safety or the law to the programme's lead at once.
7. **Say whose side you are on.** Never speak about us as if you didn't work here, here or anywhere else.

By acknowledging, you say that you have read this and will speak by it.`
)

// starter makes the programme and the policy that the first administrator
// finds. The policy is required and not yet acknowledged.
func (o *Office) starter(ctx context.Context, admin Member) error {
	now := o.clock.Now()
	p := Programme{ID: social.ProgrammeID(o.id()), Name: starterProgramme, Mission: starterMission, Sponsor: starterSponsor, Lead: admin.ID, Maturity: 1, Created: now}
	if err := o.store.AddProgramme(ctx, p, fold(p.Name)); err != nil {
		return err
	}
	if err := o.store.Join(ctx, p.ID, admin.ID, social.Manager, now); err != nil {
		return err
	}
	if err := o.store.Record(ctx, social.Entry{Verb: "create", Object: "programme", ID: string(p.ID), Detail: map[string]any{"name": p.Name}}); err != nil {
		return err
	}
	policy := Policy{ID: social.PolicyID(o.id()), Name: starterPolicy, Required: true, Version: 1}
	first := Version{ID: social.VersionID(o.id()), N: 1, Body: starterText, Summary: "The first version.", Effective: now, By: admin.ID, ByName: admin.Name}
	if err := o.store.AddPolicy(ctx, policy, first); err != nil {
		return err
	}
	if err := o.store.SetSetting(ctx, starterSetting, policy.ID); err != nil {
		return err
	}
	return o.store.Record(ctx, social.Entry{Verb: "create", Object: "policy", ID: string(policy.ID), Detail: map[string]any{"name": policy.Name}})
}
