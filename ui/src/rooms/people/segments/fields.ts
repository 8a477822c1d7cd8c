import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { asFeeling, type CondField, feelingWord } from "../../../kit";
import { api, ok } from "../../../lib/api";
import { purposeName } from "../../../lib/consent";
import { topicName } from "../../../lib/facet";
import { language } from "../../../lib/format";
import { intentName } from "../../../lib/intent";
import { useSession } from "../../../lib/session";
import { useTags } from "../../../lib/tags";
import { useOrgs } from "../deals/data";
import { useSegmentFields } from "./data";

const tongues = "en de fr es it pt nl pl cs sv da no fi tr uk ru ar he hi ja ko zh vi id".split(" ");
const intents = "question complaint praise idea request purchase churn_risk event job spam".split(" ");
const topics =
  "delivery price billing quality safety support digital availability staff place returns environment privacy features outage taste".split(
    " ",
  );

const purposes = ["service", "marketing", "research", "sampling", "profiling"];

type Known = Record<string, [label: string, group: string]>;

// known says what is asked of every person, in the order in which it is offered.
function known(): Known {
  const who = t`Who they are`;
  const where = t`Their accounts`;
  const said = t`What they say`;
  const talk = t`With us`;
  const worth = t`What came of it`;
  const may = t`What may come`;
  return {
    name: [t`Name`, who],
    place: [t`Place`, who],
    language: [t`Language`, who],
    tags: [t`Tags`, who],
    programmes: [t`Programmes`, who],
    organizations: [t`Works for`, who],
    known_since: [t`Known since`, who],
    networks: [t`Networks`, where],
    reach: [t`Can be reached by`, where],
    refuses: [t`Wants nothing more on`, where],
    agreed: [t`Agreed to`, where],
    accounts: [t`Number of accounts`, where],
    followers: [t`Followers`, where],
    influence: [t`Influence (0 to 100)`, where],
    last_heard: [t`Last heard`, said],
    first_heard: [t`First heard`, said],
    said: [t`Times they spoke`, said],
    mood: [t`How they felt last`, said],
    negative: [t`Unhappy messages`, said],
    positive: [t`Happy messages`, said],
    intents: [t`What they wanted`, said],
    topics: [t`What they spoke of`, said],
    conversations: [t`Conversations`, talk],
    open: [t`Open conversations`, talk],
    waiting: [t`Waits for us`, talk],
    last_conversation: [t`Last conversation`, talk],
    last_answered: [t`We last answered`, talk],
    clicks: [t`Clicks`, worth],
    last_click: [t`Last click`, worth],
    conversions: [t`Outcomes`, worth],
    last_conversion: [t`Last outcome`, worth],
    orders: [t`Paid orders`, worth],
    last_order: [t`Last paid order`, worth],
    opportunities: [t`Open opportunities`, worth],
    won: [t`Won opportunities`, worth],
    goals: [t`Open goals`, worth],
    promises: [t`Open promises`, worth],
    broken: [t`Broken promises`, worth],
    buys_again: [t`Buys again within 60 days (percent)`, may],
    goes_quiet: [t`Goes quiet within 90 days (percent)`, may],
    speaks_well: [t`Speaks well within 60 days (percent)`, may],
  };
}

// useFields is what segments ask of persons, with what each can be.
export function useFields(): CondField[] {
  const asked = useSegmentFields().data ?? [];
  const tags = useTags().data ?? [];
  const orgs = useOrgs(undefined).data ?? [];
  const programmes = useSession()?.member?.programmes ?? [];
  const channels =
    useQuery({
      queryKey: ["channels", "choices"],
      queryFn: async ({ signal }) =>
        (await ok(api.GET("/api/channels", { params: { query: { limit: 100 } }, signal }))).items ?? [],
      retry: false,
      staleTime: 5 * 60_000,
    }).data ?? [];
  const named = (of: readonly { id: string; name: string }[]) =>
    of.map((x) => ({ value: x.id, label: x.name }));
  const words = (of: readonly string[], say: (v: string) => string) =>
    of.map((v) => ({ value: v, label: say(v) }));
  const choices: Record<string, CondField["choices"]> = {
    language: words(tongues, language),
    tags: named(tags),
    programmes: named(programmes),
    organizations: named(orgs),
    networks: words([...new Set(channels.map((c) => c.kind))].sort(), (k) => k),
    refuses: named(channels),
    agreed: words(purposes, purposeName),
    reach: [
      { value: "email", label: t`Email` },
      { value: "phone", label: t`Phone` },
    ],
    mood: words(["negative", "neutral", "positive"], (m) => {
      const f = asFeeling(m);
      return f ? feelingWord(f) : m;
    }),
    intents: words(intents, intentName),
    topics: words(topics, topicName),
  };
  const own = t`Your own fields`;
  const names = known();
  const order = Object.keys(names);
  return asked
    .map((f): CondField => {
      const [label, group] =
        names[f.name] ??
        (f.name.startsWith("spent.")
          ? [t`Spent, in ${f.label ?? ""}`, t`What came of it`]
          : [f.label ?? f.name, own]);
      const of = choices[f.name] ?? f.choices?.map((v) => ({ value: v, label: v }));
      return { name: f.name, label, type: f.type, group, ...(of ? { choices: of } : {}) };
    })
    .sort((a, b) => at(order, a.name) - at(order, b.name));
}

const at = (order: string[], name: string) => {
  const i = order.indexOf(name);
  return i < 0 ? order.length : i;
};
