import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Inbox, Settings, Smile, Timer } from "lucide-react";
import type { ReactNode } from "react";
import {
  ChannelMark,
  Empty,
  Page,
  PageBody,
  Section,
  Segments,
  Shelf,
  ShelfLink,
  States,
  Table,
} from "../../../kit";
import { count, share } from "../../../lib/format";
import { goalName } from "../Due";
import { type Kept, type Report, useReport } from "./data";
import { Outcomes } from "./Outcomes";
import { type Goal, goals, type PaceSearch } from "./search";

const route = getRouteApi("/frame/engage/pace");

// OnTime is how well we keep what we promise about time. Each number leads to its conversations.
export function OnTime() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const report = useReport(search);
  return (
    <Page
      name={t`On time`}
      title={t`On time`}
      shelf={<PaceShelf />}
      shelfName={t`Inbox`}
      acts={
        <Segments
          label={t`Stretch of time`}
          value={search.range ?? "30d"}
          onChange={(range) => void go({ search: (s) => ({ ...s, range }) })}
          parts={[
            { value: "7d", label: t`7 days` },
            { value: "30d", label: t`30 days` },
            { value: "90d", label: t`90 days` },
          ]}
        />
      }
    >
      <PageBody>
        <States of={report}>{(r) => <Body of={r} search={search} />}</States>
      </PageBody>
    </Page>
  );
}

function PaceShelf() {
  const icon = { className: "i", "aria-hidden": true } as const;
  return (
    <Shelf title={<Trans>Inbox</Trans>}>
      <ShelfLink to="/engage" search={{ view: "open" }} here={false} icon={<Inbox {...icon} />}>
        <Trans>Conversations</Trans>
      </ShelfLink>
      <ShelfLink to="/engage/pace" icon={<Timer {...icon} />}>
        <Trans>On time</Trans>
      </ShelfLink>
      <ShelfLink to="/engage/satisfaction" here={false} icon={<Smile {...icon} />}>
        <Trans>Satisfaction</Trans>
      </ShelfLink>
      <ShelfLink to="/settings/pledges" here={false} icon={<Settings {...icon} />}>
        <Trans>Pledges</Trans>
      </ShelfLink>
    </Shelf>
  );
}

const few = 20;

// part is the share that was kept; all of it only where nothing was missed.
function part(k: Kept): string {
  const p = k.kept / (k.kept + k.missed);
  return share(k.missed > 0 ? Math.floor(p * 100) / 100 : p);
}

function Body({ of: r, search }: { of: Report; search: PaceSearch }) {
  const all = r.all ?? [];
  if (all.length === 0)
    return (
      <Empty
        title={<Trans>Nothing was promised in this time.</Trans>}
        acts={
          <Link to="/settings/pledges" className="btn">
            <Trans>Pledges</Trans>
          </Link>
        }
      >
        <Trans>What you promise under Settings › Pledges is counted here, once it is kept or missed.</Trans>
      </Empty>
    );
  const of = (goal: Goal) => all.find((k) => k.goal === goal);
  return (
    <div className="flex flex-col gap-8">
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
        {goals.map((g) => (
          <Figure key={g} goal={g} of={of(g)} search={search} />
        ))}
      </div>
      <Breakdown
        title={<Trans>By programme</Trans>}
        label={t`Kept on time by programme`}
        rows={r.programmes ?? []}
        keyOf={(k) => k.programme?.id ?? ""}
        name={(k) => k.programme?.name ?? t`no programme`}
        narrow={(k) => (k.programme ? { programme: k.programme.id } : undefined)}
      />
      <Breakdown
        title={<Trans>By channel</Trans>}
        label={t`Kept on time by channel`}
        rows={r.channels ?? []}
        keyOf={(k) => k.channel?.id ?? ""}
        name={(k) => (
          <span className="flex items-center gap-2">
            <ChannelMark kind={k.channel?.kind ?? ""} mark={k.channel?.mark} inline />
            {k.channel?.name}
          </span>
        )}
        narrow={(k) => (k.channel ? { channel: k.channel.id } : undefined)}
      />
      {search.goal && <Outcomes search={{ ...search, goal: search.goal }} />}
      <p className="max-w-(--measure) text-xs text-ink-3">
        <Trans>
          Counted by the day (UTC) on which the time of a goal began. What was resolved without an answer is
          neither kept nor missed. These say how the work is spread, not how good anybody is.
        </Trans>
      </p>
    </div>
  );
}

function Figure({ goal, of: k, search }: { goal: Goal; of: Kept | undefined; search: PaceSearch }) {
  const n = (k?.kept ?? 0) + (k?.missed ?? 0);
  return (
    <section className="rounded-md border border-line bg-paper p-4" aria-label={goalName(goal)}>
      <h2 className="text-ink-2">{goalName(goal)}</h2>
      {k && n > 0 ? (
        <>
          <p className="pt-1 text-3xl font-strong tabular-nums">{part(k)}</p>
          <p className="flex flex-wrap gap-x-3 pt-1 text-ink-2">
            <Figures search={search} goal={goal} show="kept" n={k.kept} />
            <Figures search={search} goal={goal} show="missed" n={k.missed} />
          </p>
          {n < few && (
            <p className="pt-1 text-xs text-ink-3">
              <Trans>Of {n} only: a single one moves it much.</Trans>
            </p>
          )}
        </>
      ) : (
        <p className="pt-2 text-ink-3">
          <Trans>not promised, or nothing yet</Trans>
        </p>
      )}
    </section>
  );
}

function Figures({
  search,
  goal,
  show,
  n,
  more = {},
}: {
  search: PaceSearch;
  goal: Goal;
  show: "kept" | "missed";
  n: number;
  more?: PaceSearch;
}) {
  const text = show === "kept" ? t`${count(n)} kept` : t`${count(n)} missed`;
  if (n === 0) return <span className="text-ink-3">{text}</span>;
  const { range } = search;
  return (
    <Link
      to="/engage/pace"
      search={{ ...(range ? { range } : {}), goal, show, ...more }}
      hash="conversations"
      className="link underline"
    >
      {text}
    </Link>
  );
}

function Breakdown({
  title,
  label,
  rows,
  keyOf,
  name,
  narrow,
}: {
  title: ReactNode;
  label: string;
  rows: readonly Kept[];
  keyOf: (k: Kept) => string;
  name: (k: Kept) => ReactNode;
  narrow: (k: Kept) => PaceSearch | undefined;
}) {
  const search = route.useSearch();
  const keys = [...new Set(rows.map(keyOf))];
  return (
    <Section title={title}>
      <Table
        label={label}
        head={
          <>
            <th>
              <Trans>Where</Trans>
            </th>
            {goals.map((g) => (
              <th key={g} className="num">
                {goalName(g)}
              </th>
            ))}
          </>
        }
      >
        {keys.map((key) => {
          const own = rows.filter((k) => keyOf(k) === key);
          const first = own[0] as Kept;
          return (
            <tr key={key}>
              <td>{name(first)}</td>
              {goals.map((g) => {
                const k = own.find((x) => x.goal === g);
                const n = (k?.kept ?? 0) + (k?.missed ?? 0);
                const more = narrow(first);
                return (
                  <td key={g} className="num">
                    {k && n > 0 ? (
                      <span className="flex flex-wrap justify-end gap-x-2">
                        <b className="font-strong tabular-nums">{part(k)}</b>
                        {k.missed > 0 && more ? (
                          <Figures search={search} goal={g} show="missed" n={k.missed} more={more} />
                        ) : (
                          <span className="text-ink-3">{t`${count(k.missed)} missed`}</span>
                        )}
                      </span>
                    ) : (
                      "–"
                    )}
                  </td>
                );
              })}
            </tr>
          );
        })}
      </Table>
    </Section>
  );
}
