import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import type { CondField } from "../../kit";
import { api, ok } from "../../lib/api";
import { language } from "../../lib/format";
import { intentName } from "../../lib/intent";
import { useSession } from "../../lib/session";
import { useTags } from "../../lib/tags";
import { useColleagues } from "./data";
import { useTeams } from "./desk";
import { priorities, priorityName } from "./priority";
import { viewName } from "./words";

const tongues = [
  "en",
  "de",
  "fr",
  "es",
  "it",
  "pt",
  "nl",
  "pl",
  "cs",
  "sv",
  "da",
  "no",
  "fi",
  "tr",
  "uk",
  "ru",
  "ar",
  "he",
  "hi",
  "ja",
  "ko",
  "zh",
  "vi",
  "id",
];
const intents = [
  "question",
  "complaint",
  "praise",
  "idea",
  "request",
  "purchase",
  "churn_risk",
  "event",
  "job",
  "spam",
];

// useFields is what views ask of conversations, with what each can be.
export function useFields(): CondField[] {
  const tags = useTags().data ?? [];
  const teams = useTeams().data ?? [];
  const mates = useColleagues().data ?? [];
  const programmes = useSession()?.member?.programmes ?? [];
  const channels =
    useQuery({
      queryKey: ["channels", "choices"],
      queryFn: async ({ signal }) =>
        (await ok(api.GET("/api/channels", { params: { query: { limit: 100 } }, signal }))).items ?? [],
      retry: false,
      staleTime: 5 * 60_000,
    }).data ?? [];
  const networks = [...new Set(channels.map((c) => c.kind))].sort();
  const field = (
    name: string,
    label: string,
    type: CondField["type"],
    choices?: CondField["choices"],
  ): CondField => ({ name, label, type, ...(choices ? { choices } : {}) });
  const named = (of: readonly { id: string; name: string }[]) =>
    of.map((x) => ({ value: x.id, label: x.name }));
  return [
    field(
      "state",
      t`State`,
      "choice",
      (["open", "waiting", "snoozed", "resolved"] as const).map((v) => ({ value: v, label: viewName(v) })),
    ),
    field("assignee", t`Assigned to`, "choice", [{ value: "me", label: t`Whoever looks` }, ...named(mates)]),
    field("team", t`Team`, "choice", named(teams)),
    field("tags", t`Tags`, "many", named(tags)),
    field(
      "priority",
      t`Priority`,
      "choice",
      priorities.map((p) => ({ value: p, label: priorityName(p) })),
    ),
    field("turn", t`Turn`, "choice", [
      { value: "ours", label: t`Ours` },
      { value: "theirs", label: t`Theirs` },
      { value: "settled", label: t`Nobody’s` },
    ]),
    field("waiting_since", t`They wait since`, "date"),
    field("unread", t`Unread`, "bool"),
    field("draft", t`I have a draft`, "bool"),
    field("named", t`A note names whoever looks`, "bool"),
    field("channel", t`Channel`, "choice", named(channels)),
    field(
      "network",
      t`Network`,
      "choice",
      networks.map((k) => ({ value: k, label: k })),
    ),
    field("programme", t`Programme`, "choice", named(programmes)),
    field("visibility", t`Visibility`, "choice", [
      { value: "public", label: t`Public` },
      { value: "direct", label: t`Direct` },
    ]),
    field(
      "language",
      t`Language`,
      "choice",
      tongues.map((l) => ({ value: l, label: language(l) })),
    ),
    field("sentiment", t`Feeling`, "choice", [
      { value: "negative", label: t`Negative` },
      { value: "neutral", label: t`Neutral` },
      { value: "positive", label: t`Positive` },
    ]),
    field(
      "intent",
      t`What they want`,
      "many",
      intents.map((i) => ({ value: i, label: intentName(i) })),
    ),
    field("first_answer", t`First answered`, "date"),
    field("first_answer_minutes", t`Minutes to the first answer`, "number"),
    field("began", t`Began`, "date"),
    field("last", t`Last message`, "date"),
    field("messages", t`Number of messages`, "number"),
    field("delivery", t`Our last reply`, "choice", [
      { value: "needs_check", label: t`Needs check` },
      { value: "failed", label: t`Not sent` },
      { value: "returned", label: t`Came back` },
    ]),
  ];
}
