package engagedb

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type conversationRow struct {
	bun.BaseModel `bun:"table:conversation,alias:c"`
	ID            string `bun:"id,pk"`
	ChannelID     string `bun:"channel_id"`
	Thread        string `bun:"thread"`
	Root          string `bun:"root"`
	MergedInto    string `bun:"merged_into"`
	Counterpart   string `bun:"counterpart"`
	Visibility    string `bun:"visibility"`
	ProgrammeID   string `bun:"programme_id"`
	MonitorID     string `bun:"monitor_id"`
	IdentityID    string `bun:"identity_id"`
	Author        string `bun:"author"`
	Subject       string `bun:"subject"`
	Preview       string `bun:"preview"`
	PreviewBy     string `bun:"preview_by"`
	PreviewAt     int64  `bun:"preview_at"`
	URL           string `bun:"url"`
	Lang          string `bun:"lang"`
	Sentiment     string `bun:"sentiment"`
	Intents       string `bun:"intents"`
	State         string `bun:"state"`
	Turn          string `bun:"turn"`
	AssigneeID    string `bun:"assignee_id"`
	TeamID        string `bun:"team_id"`
	Priority      string `bun:"priority"`
	Tags          string `bun:"tags"`
	Messages      int64  `bun:"messages"`
	Delivery      string `bun:"delivery"`
	LastAt        int64  `bun:"last_at"`
	BeganAt       int64  `bun:"began_at"`
	AskedAt       int64  `bun:"asked_at"`
	AnsweredTo    int64  `bun:"answered_to"`
	WaitingSince  int64  `bun:"waiting_since"`
	HeardAt       int64  `bun:"heard_at"`
	FirstAnswerAt int64  `bun:"first_answer_at"`
	SnoozedUntil  int64  `bun:"snoozed_until"`
	ResolvedAt    int64  `bun:"resolved_at"`
	Parent        string `bun:"parent"`
	ParentAt      int64  `bun:"parent_at"`
	Version       int64  `bun:"version"`
	OursVersion   int64  `bun:"ours_version"`
	Folded        string `bun:"folded"`
	CreatedAt     int64  `bun:"created_at"`
	StartedBy     string `bun:"started_by"`
	Track         string `bun:"track"`
	DueAt         int64  `bun:"due_at"`
	DueWhat       string `bun:"due_what"`
	StirsAt       int64  `bun:"stirs_at"`
	GoesAt        int64  `bun:"goes_at"`
}

// moving are the columns that change after a conversation has begun.
var moving = []string{"programme_id", "subject", "preview", "preview_by", "preview_at", "url", "lang", "sentiment", "intents",
	"state", "turn", "assignee_id", "messages", "delivery", "last_at", "began_at", "asked_at", "answered_to", "waiting_since",
	"heard_at", "first_answer_at", "team_id", "priority", "tags", "snoozed_until", "resolved_at", "parent", "parent_at", "version", "ours_version", "folded",
	"started_by", "track", "due_at", "due_what", "stirs_at", "merged_into", "goes_at"}

func toRow(c *engage.Conversation) conversationRow {
	return conversationRow{
		ID: string(c.ID), ChannelID: string(c.Channel), Thread: c.Thread, Root: c.Root, MergedInto: string(c.Into), Counterpart: string(c.Counterpart),
		Visibility: string(c.Visibility), ProgrammeID: string(c.Programme), MonitorID: string(c.Monitor),
		IdentityID: string(c.Identity), Author: jsonOf(c.Author), Subject: c.Subject, Preview: c.Preview,
		PreviewBy: string(c.PreviewBy), PreviewAt: store.At(c.PreviewAt), URL: c.URL, Lang: c.Lang,
		Sentiment: label(c.Sentiment), Intents: labels(c.Intents), State: string(c.State), Turn: string(c.Turn),
		AssigneeID: string(c.Assignee), TeamID: string(c.Team), Priority: string(cmp.Or(c.Priority, engage.Normal)), Tags: tagText(c.Tags), Messages: int64(c.Messages), Delivery: string(c.Delivery),
		LastAt: store.At(c.LastAt), BeganAt: store.At(c.BeganAt), AskedAt: store.At(c.AskedAt),
		AnsweredTo: store.At(c.AnsweredTo), WaitingSince: store.At(c.WaitingSince), HeardAt: store.At(c.HeardAt),
		FirstAnswerAt: store.At(c.FirstAnswer), SnoozedUntil: store.At(c.SnoozedUntil), ResolvedAt: store.At(c.ResolvedAt),
		Parent: c.Parent, ParentAt: store.At(c.ParentAt), Version: c.Version, OursVersion: c.OursVersion,
		Folded: fold(c.Author.Name + " " + c.Author.Handle + " " + c.Subject + " " + c.Preview), CreatedAt: store.At(c.CreatedAt),
		StartedBy: startedBy(c.StartedBy), Track: track(c.Track), DueAt: store.At(c.DueAt), DueWhat: string(c.DueWhat), StirsAt: store.At(c.StirsAt), GoesAt: store.At(c.GoesAt),
	}
}

func (r conversationRow) conversation() engage.Conversation {
	c := engage.Conversation{
		ID: social.ConversationID(r.ID), Channel: social.ChannelID(r.ChannelID), Thread: r.Thread, Root: r.Root, Into: social.ConversationID(r.MergedInto),
		Counterpart: social.IdentityID(r.Counterpart), Visibility: social.Visibility(r.Visibility),
		Programme: social.ProgrammeID(r.ProgrammeID), Monitor: social.MonitorID(r.MonitorID),
		Identity: social.IdentityID(r.IdentityID), Author: author(r.Author), Subject: r.Subject, Preview: r.Preview,
		PreviewBy: engage.By(r.PreviewBy), PreviewAt: store.Time(r.PreviewAt), URL: r.URL, Lang: r.Lang,
		Sentiment: fromLabel(r.Sentiment), Intents: fromLabels(r.Intents), State: engage.State(r.State), Turn: engage.Turn(r.Turn),
		Assignee: social.MemberID(r.AssigneeID), Team: social.TeamID(r.TeamID), Priority: engage.Priority(r.Priority), Tags: tagIDs(r.Tags), Messages: int(r.Messages), Delivery: engage.Stage(r.Delivery),
		LastAt: store.Time(r.LastAt), BeganAt: store.Time(r.BeganAt), AskedAt: store.Time(r.AskedAt),
		AnsweredTo: store.Time(r.AnsweredTo), WaitingSince: store.Time(r.WaitingSince), HeardAt: store.Time(r.HeardAt),
		FirstAnswer: store.Time(r.FirstAnswerAt), SnoozedUntil: store.Time(r.SnoozedUntil), ResolvedAt: store.Time(r.ResolvedAt),
		Parent: r.Parent, ParentAt: store.Time(r.ParentAt), Version: r.Version, OursVersion: r.OursVersion,
		CreatedAt: store.Time(r.CreatedAt), StartedBy: engage.By(r.StartedBy),
		Track: fromTrack(r.Track), DueAt: store.Time(r.DueAt), DueWhat: pledge.Goal(r.DueWhat), StirsAt: store.Time(r.StirsAt), GoesAt: store.Time(r.GoesAt),
	}
	c.Stood = &engage.Place{Programme: c.Programme, Assignee: c.Assignee, State: c.State}
	return c
}

// tagText keeps tags in a row as " id id ".
func tagText(tags []social.TagID) string {
	if len(tags) == 0 {
		return ""
	}
	var b strings.Builder
	for _, t := range tags {
		b.WriteString(" " + string(t))
	}
	return b.String() + " "
}

func tagIDs(s string) []social.TagID {
	var out []social.TagID
	for _, t := range strings.Fields(s) {
		out = append(out, social.TagID(t))
	}
	return out
}

type messageRow struct {
	bun.BaseModel  `bun:"table:message,alias:m"`
	ID             string  `bun:"id,pk"`
	ConversationID string  `bun:"conversation_id"`
	Kind           string  `bun:"kind"`
	Visibility     string  `bun:"visibility"`
	ChannelID      string  `bun:"channel_id"`
	ExternalID     string  `bun:"external_id"`
	ActivityID     string  `bun:"activity_id"`
	IdentityID     string  `bun:"identity_id"`
	Author         string  `bun:"author"`
	MemberID       string  `bun:"member_id"`
	Text           string  `bun:"text"`
	Title          string  `bun:"title"`
	URL            string  `bun:"url"`
	Lang           string  `bun:"lang"`
	Sentiment      string  `bun:"sentiment"`
	Intents        string  `bun:"intents"`
	Parent         string  `bun:"parent"`
	Rating         float64 `bun:"rating"`
	Asks           bool    `bun:"asks"`
	At             int64   `bun:"at"`
	EditedAt       int64   `bun:"edited_at"`
	DeletedAt      int64   `bun:"deleted_at"`
	Key            string  `bun:"key"`
	Event          string  `bun:"event"`
	OriginID       string  `bun:"origin_id"`
}

// mending are the columns of a message that may change.
var mending = []string{"external_id", "activity_id", "text", "title", "url", "lang", "sentiment", "intents", "edited_at", "deleted_at"}

func toMessageRow(m *engage.Message) messageRow {
	r := messageRow{
		ID: string(m.ID), ConversationID: string(m.Conversation), Kind: string(m.Kind), Visibility: string(m.Visibility),
		ChannelID: string(m.Channel), ExternalID: m.ExternalID, ActivityID: string(m.Activity), IdentityID: string(m.Identity),
		MemberID: string(m.Member), Text: m.Text, Title: m.Title, URL: m.URL, Lang: m.Lang, Sentiment: label(m.Sentiment),
		Intents: labels(m.Intents), Parent: m.Parent, Rating: m.Rating, Asks: m.Asks, At: store.At(m.At),
		EditedAt: store.At(m.EditedAt), DeletedAt: store.At(m.DeletedAt), Key: m.Key, OriginID: string(m.Origin),
	}
	if m.Identity != "" {
		r.Author = jsonOf(m.Author)
	}
	if m.Event != nil {
		r.Event = jsonOf(m.Event)
	}
	return r
}

func (r messageRow) message() engage.Message {
	m := engage.Message{
		ID: social.MessageID(r.ID), Conversation: social.ConversationID(r.ConversationID), Kind: engage.MessageKind(r.Kind),
		Visibility: social.Visibility(r.Visibility), Channel: social.ChannelID(r.ChannelID), ExternalID: r.ExternalID,
		Activity: social.ActivityID(r.ActivityID), Identity: social.IdentityID(r.IdentityID), Author: author(r.Author),
		Member: social.MemberID(r.MemberID), Text: r.Text, Title: r.Title, URL: r.URL, Lang: r.Lang,
		Sentiment: fromLabel(r.Sentiment), Intents: fromLabels(r.Intents), Parent: r.Parent, Rating: r.Rating, Asks: r.Asks,
		At: store.Time(r.At), EditedAt: store.Time(r.EditedAt), DeletedAt: store.Time(r.DeletedAt), Key: r.Key, Origin: social.ConversationID(r.OriginID),
	}
	if r.Event != "" {
		m.Event = new(engage.Event)
		_ = json.Unmarshal([]byte(r.Event), m.Event) // we wrote it
	}
	return m
}

type deliveryRow struct {
	bun.BaseModel  `bun:"table:delivery,alias:d"`
	Seq            int64  `bun:"seq,pk,autoincrement"`
	MessageID      string `bun:"message_id"`
	ConversationID string `bun:"conversation_id"`
	ChannelID      string `bun:"channel_id"`
	MemberID       string `bun:"member_id"`
	Token          string `bun:"token"`
	Recipient      string `bun:"recipient"`
	Parent         string `bun:"parent"`
	Root           string `bun:"root"`
	Written        string `bun:"written"`
	Title          string `bun:"title"`
	Automatic      bool   `bun:"automatic"`
	State          string `bun:"state"`
	Attempts       int64  `bun:"attempts"`
	Checks         int64  `bun:"checks"`
	Upto           int64  `bun:"upto"`
	QueuedAt       int64  `bun:"queued_at"`
	UndoUntil      int64  `bun:"undo_until"`
	NextAt         int64  `bun:"next_at"`
	AttemptedAt    int64  `bun:"attempted_at"`
	SentAt         int64  `bun:"sent_at"`
	ChangedAt      int64  `bun:"changed_at"`
	Told           bool   `bun:"told"`
	Problem        string `bun:"problem"`
	AfterID        string `bun:"after_id"`
	Part           int64  `bun:"part"`
	Parts          int64  `bun:"parts"`
	Newest         bool   `bun:"newest,scanonly"`
}

func toDeliveryRow(d *engage.Delivery) deliveryRow {
	return deliveryRow{
		Seq: d.Seq, MessageID: string(d.Message), ConversationID: string(d.Conversation), ChannelID: string(d.Channel),
		MemberID: string(d.Member), Token: d.Token, Recipient: jsonOf(d.To), Parent: d.Parent, Root: d.Root, Written: d.Written,
		Title: d.Title, Automatic: d.Automatic,
		State: string(d.Stage), Attempts: int64(d.Attempts), Checks: int64(d.Checks), Upto: store.At(d.Upto),
		QueuedAt: store.At(d.QueuedAt), UndoUntil: store.At(d.UndoUntil), NextAt: store.At(d.NextAt),
		AttemptedAt: store.At(d.AttemptedAt), SentAt: store.At(d.SentAt), ChangedAt: store.At(d.ChangedAt), Told: d.Told,
		Problem: d.Problem, AfterID: string(d.After), Part: int64(d.Part), Parts: int64(d.Parts),
	}
}

func (r deliveryRow) delivery() *engage.Delivery {
	return &engage.Delivery{
		Seq: r.Seq, Message: social.MessageID(r.MessageID), Conversation: social.ConversationID(r.ConversationID),
		Channel: social.ChannelID(r.ChannelID), Member: social.MemberID(r.MemberID), Token: r.Token, To: author(r.Recipient), Parent: r.Parent,
		Root: r.Root, Written: r.Written, Title: r.Title, Automatic: r.Automatic, Stage: engage.Stage(r.State), Attempts: int(r.Attempts), Checks: int(r.Checks),
		Upto: store.Time(r.Upto), QueuedAt: store.Time(r.QueuedAt), UndoUntil: store.Time(r.UndoUntil),
		NextAt: store.Time(r.NextAt), AttemptedAt: store.Time(r.AttemptedAt), SentAt: store.Time(r.SentAt),
		ChangedAt: store.Time(r.ChangedAt), Told: r.Told, Problem: r.Problem, Newest: r.Newest,
		After: social.MessageID(r.AfterID), Part: int(r.Part), Parts: int(r.Parts),
	}
}

func jsonOf(v any) string {
	b, _ := json.Marshal(v) // plain structs always marshal
	return string(b)
}

func author(s string) (a social.Author) {
	if s != "" {
		_ = json.Unmarshal([]byte(s), &a) // we wrote it
	}
	return a
}

func label(l *social.Label) string {
	if l == nil {
		return ""
	}
	return jsonOf(l)
}

func fromLabel(s string) *social.Label {
	if s == "" {
		return nil
	}
	l := new(social.Label)
	_ = json.Unmarshal([]byte(s), l) // we wrote it
	return l
}

func labels(ls []social.Label) string {
	if len(ls) == 0 {
		return ""
	}
	return jsonOf(ls)
}

func fromLabels(s string) (ls []social.Label) {
	if s != "" {
		_ = json.Unmarshal([]byte(s), &ls) // we wrote it
	}
	return ls
}

var accents = strings.NewReplacer(pairs("àaáaâaãaäaåaāaăaąaçcćcčcďdèeéeêeëeēeęeěeğgìiíiîiïiīiıiłlñnńnňnòoóoôoõoöoøoōoőořršsśsşsťtùuúuûuüuūuůuűuýyÿyžzźzżz")...)

func pairs(s string) []string {
	var out []string
	for _, r := range s {
		out = append(out, string(r))
	}
	return out
}

// fold is the form in which words are searched.
func fold(s string) string { return accents.Replace(strings.ToLower(s)) }
