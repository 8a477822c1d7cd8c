import { t } from "@lingui/core/macro";
import type { Tone } from "../../../kit";

// groups are what can be taken out, by what it is about, with their names.
function groups(): { title: string; names: Record<string, string> }[] {
  return [
    {
      title: t`People`,
      names: {
        persons: t`Persons`,
        accounts: t`Their accounts`,
        person_tags: t`Tags of persons`,
        person_programmes: t`Programmes of persons`,
        notes: t`Notes`,
        goals: t`What they want`,
        promises: t`What we promised`,
        clues: t`How they can be reached`,
        suggestions: t`Suggested to be the same`,
        merges: t`Persons joined`,
        segments: t`Segments`,
        segment_members: t`Who is in which segment`,
      },
    },
    {
      title: t`Privacy`,
      names: {
        consents: t`Consents`,
        consent_texts: t`Texts they agreed to`,
        consent_verdicts: t`Who was asked whether one may write`,
        opt_outs: t`Who said stop`,
        privacy_requests: t`Requests about their data`,
        legal_holds: t`Legal holds`,
      },
    },
    {
      title: t`Business`,
      names: {
        organizations: t`Organizations`,
        affiliations: t`Who works where`,
        fields: t`Your own fields`,
        field_values: t`What the fields hold`,
        pipelines: t`Pipelines`,
        stages: t`Stages`,
        opportunities: t`Opportunities`,
        opportunity_steps: t`Steps of opportunities`,
        opportunity_conversations: t`Conversations of opportunities`,
        orders: t`Orders`,
        order_lines: t`Lines of orders`,
        links: t`Tracked links`,
        clicks: t`Clicks`,
        outcomes: t`Outcomes`,
        credits: t`What they are credited to`,
      },
    },
    {
      title: t`Conversations`,
      names: {
        conversations: t`Conversations`,
        messages: t`Messages and internal notes`,
        message_files: t`Files of our messages`,
        files: t`Files, each as it is`,
        deliveries: t`How our messages went out`,
        conversation_tags: t`Tags of conversations`,
        satisfaction: t`Satisfaction, as they answered`,
        surveys: t`Questions of satisfaction`,
        hive_questions: t`Questions of the hive`,
        hive_answers: t`Who answered in the hive`,
        hive_skills: t`What members have shown to know`,
        hive_members: t`When members are asked`,
        hive_rules: t`Rules of the hive`,
      },
    },
    {
      title: t`Knowledge and publishing`,
      names: {
        articles: t`Articles`,
        article_versions: t`Versions of articles`,
        article_categories: t`Categories of articles`,
        answers: t`Answers that were kept`,
        answers_used: t`Suggestions that were used`,
        help_days: t`Help page, day by day`,
        contents: t`Posts as written`,
        posts: t`Posts by channel`,
        post_remarks: t`Remarks on posts`,
        post_links: t`Links in posts`,
        events: t`Events`,
        guests: t`Guests of events`,
      },
    },
    {
      title: t`What was heard`,
      names: {
        mentions: t`All that was heard`,
        quoted: t`What came along with it`,
        attachments: t`Files that came with it`,
        shares: t`Who passed it on`,
        scores: t`Scores, with their model`,
        corrections: t`Scores that were corrected`,
        monitors: t`Monitors`,
        monitor_mentions: t`What each monitor found`,
        alerts: t`Alerts`,
        alert_steps: t`What was done about alerts`,
        places: t`Places`,
        place_mentions: t`What is tied to places`,
        presence: t`Presence register`,
        presence_absent: t`Where there is nothing`,
        channels: t`Channels`,
      },
    },
    {
      title: t`House`,
      names: {
        members: t`Members`,
        programmes: t`Programmes`,
        programme_members: t`Members of programmes`,
        policies: t`Policies`,
        policy_versions: t`Versions of policies`,
        acknowledgements: t`Who acknowledged policies`,
        teams: t`Teams`,
        team_members: t`Members of teams`,
        tags: t`Tags`,
        views: t`Views of the inbox`,
        macros: t`Macros`,
        calendars: t`Business hours`,
        pledges: t`What we pledge`,
        rules: t`Rules of the inbox`,
        record: t`The record`,
      },
    },
  ];
}

export function tableName(name: string): string {
  for (const g of groups()) if (g.names[name]) return g.names[name];
  return name;
}

// grouped puts the tables that the server has into their groups; what has no group comes last.
export function grouped(tables: readonly string[]): { title: string; tables: string[] }[] {
  const all = groups();
  const out = all.map((g) => ({
    title: g.title,
    tables: Object.keys(g.names).filter((n) => tables.includes(n)),
  }));
  const rest = tables.filter((n) => !all.some((g) => n in g.names));
  if (rest.length > 0) out.push({ title: t`More`, tables: rest });
  return out.filter((g) => g.tables.length > 0);
}

export function exportState(state: string): { word: string; tone: Tone } {
  switch (state) {
    case "running":
      return { word: t`being written`, tone: "wait" };
    case "done":
      return { word: t`ready`, tone: "good" };
    case "cancelled":
      return { word: t`cancelled`, tone: "outline" };
    case "gone":
      return { word: t`removed`, tone: "outline" };
    default:
      return { word: t`failed`, tone: "alarm" };
  }
}
