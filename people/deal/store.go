package deal

import (
	"context"
	"time"

	"github.com/parley-crm/parley/social"
)

// Store is what business needs of the database. What is read is limited to
// what social.ScopeOf(ctx) sees: organizations and opportunities of its
// programmes, and organizations that somebody in scope works for. What lies
// outside is NotFound.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	Tell(ctx context.Context, facts ...social.Fact) error
	// Lock makes the transaction of ctx the only one that changes business.
	Lock(ctx context.Context) error
	// Same lists the ids that were joined into a person, its own first.
	Same(ctx context.Context, who social.PersonID) ([]string, error)

	Organizing
	Filling
	Piping
	Dealing
	Selling
}

// Organizing keeps organizations and who works there.
type Organizing interface {
	Organization(ctx context.Context, id OrganizationID) (Organization, error)
	Organizations(ctx context.Context, q OrganizationQuery) ([]Organization, string, error)
	// OrganizationsLike lists those with the same id in another system, domain
	// or name, in scope or not, the oldest first.
	OrganizationsLike(ctx context.Context, o Organization) ([]Organization, error)
	OrganizationNames(ctx context.Context, ids []OrganizationID) (map[OrganizationID]string, error)
	// SaveOrganization adds or replaces one; a domain twice is a Conflict.
	SaveOrganization(ctx context.Context, o Organization) error
	// DropOrganization forgets one of which nothing else speaks; false where
	// something does.
	DropOrganization(ctx context.Context, id OrganizationID) (bool, error)
	Affiliation(ctx context.Context, id string) (Affiliation, error)
	SaveAffiliation(ctx context.Context, a Affiliation, by social.MemberID) error
	DropAffiliation(ctx context.Context, id string) error
	AffiliationsOf(ctx context.Context, persons []string) ([]Affiliation, error)
	// Staff lists who works and worked there, within the scope.
	Staff(ctx context.Context, id OrganizationID, cursor string, limit int) ([]Affiliation, string, error)
}

// Filling keeps fields and what they hold.
type Filling interface {
	// Fields lists the fields of a subject in their order; "" all.
	Fields(ctx context.Context, of Subject) ([]Field, error)
	SaveField(ctx context.Context, f Field) error
	// Values gives what fields hold; where several owners have one, the first counts.
	Values(ctx context.Context, owners []string) (map[FieldID]Value, error)
	SaveValue(ctx context.Context, owner string, v Value) error
	// DropValue forgets what a field held, as if nobody had written it.
	DropValue(ctx context.Context, owner string, f FieldID) error
}

// Piping keeps pipelines.
type Piping interface {
	Pipelines(ctx context.Context) ([]Pipeline, error)
	SavePipeline(ctx context.Context, p Pipeline, gone []StageID) error
	// Standing counts what stands in a stage, whoever may see it.
	Standing(ctx context.Context, id StageID) (int, error)
	Totals(ctx context.Context, stages []StageID) ([]Total, error)
	Outcomes(ctx context.Context, stages []StageID) ([]Outcome, error)
}

// Dealing keeps opportunities.
type Dealing interface {
	Opportunity(ctx context.Context, id OpportunityID) (Opportunity, error)
	Opportunities(ctx context.Context, q OpportunityQuery) ([]Opportunity, string, error)
	// SaveOpportunity adds or replaces one and keeps the totals of stages.
	SaveOpportunity(ctx context.Context, o Opportunity) error
	DropOpportunity(ctx context.Context, o Opportunity) error
	AddStep(ctx context.Context, id OpportunityID, s StepTaken) error
	Steps(ctx context.Context, id OpportunityID) ([]StepTaken, error)
	// CountOutcome counts a closed opportunity for each stage that it came through, or takes that back.
	CountOutcome(ctx context.Context, o Opportunity, by int) error
	LinkTalk(ctx context.Context, id OpportunityID, talk social.ConversationID, by social.MemberID, at time.Time) error
	UnlinkTalk(ctx context.Context, id OpportunityID, talk social.ConversationID) error
	TalksOf(ctx context.Context, id OpportunityID) ([]social.ConversationID, error)
}
