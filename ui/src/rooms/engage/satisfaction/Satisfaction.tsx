import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Inbox, Settings, Smile, Timer } from "lucide-react";
import type { ReactNode } from "react";
import {
  Button,
  ChannelMark,
  Checkbox,
  Empty,
  Page,
  PageBody,
  Section,
  Segments,
  Shelf,
  ShelfLink,
  States,
  Table,
  Time,
} from "../../../kit";
import { count, share } from "../../../lib/format";
import { type Answer, type Report, type Tally, useAnswers, useSatisfaction } from "./data";
import { Five } from "./Given";
import type { SatisfactionSearch } from "./search";

const route = getRouteApi("/frame/engage/satisfaction");

// Satisfaction is what customers gave when they were asked how well we helped.
// Every number leads to the answers behind it, every answer to its conversation.
export function Satisfaction() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const report = useSatisfaction(search);
  return (
    <Page
      name={t`Satisfaction`}
      title={t`Satisfaction`}
      shelf={<Side />}
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

function Side() {
  const icon = { className: "i", "aria-hidden": true } as const;
  return (
    <Shelf title={<Trans>Inbox</Trans>}>
      <ShelfLink to="/engage" search={{ view: "open" }} here={false} icon={<Inbox {...icon} />}>
        <Trans>Conversations</Trans>
      </ShelfLink>
      <ShelfLink to="/engage/pace" here={false} icon={<Timer {...icon} />}>
        <Trans>On time</Trans>
      </ShelfLink>
      <ShelfLink to="/engage/satisfaction" here icon={<Smile {...icon} />}>
        <Trans>Satisfaction</Trans>
      </ShelfLink>
      <ShelfLink to="/settings/satisfaction" here={false} icon={<Settings {...icon} />}>
        <Trans>Whom we ask</Trans>
      </ShelfLink>
    </Shelf>
  );
}

const few = 20;
const scores = [5, 4, 3, 2, 1] as const;

function Body({ of: r, search }: { of: Report; search: SatisfactionSearch }) {
  const { all } = r;
  if (all.asked === 0 && all.answered === 0)
    return (
      <Empty
        title={<Trans>Nobody was asked in this time.</Trans>}
        acts={
          <Link to="/settings/satisfaction" className="btn">
            <Trans>Whom we ask</Trans>
          </Link>
        }
      >
        <Trans>
          After a private conversation is resolved, Parley can ask the customer how well you helped: each
          person once in a while.
        </Trans>
      </Empty>
    );
  return (
    <div className="flex flex-col gap-8">
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
        <Figure
          name={<Trans>Satisfied</Trans>}
          n={all.answered > 0 ? share(all.good / all.answered) : "–"}
          under={<Trans>gave 4 or 5</Trans>}
          warn={all.answered > 0 && all.answered < few}
          of={all.answered}
        />
        <Figure
          name={<Trans>Average</Trans>}
          n={all.answered > 0 ? all.average.toFixed(1) : "–"}
          under={<Trans>of 1 to 5</Trans>}
        />
        <Figure
          name={<Trans>Answered</Trans>}
          n={all.asked > 0 ? share(all.answered / all.asked) : "–"}
          under={
            <Trans>
              {count(all.answered)} of {count(all.asked)} asked
            </Trans>
          }
        />
      </div>
      <Spread of={all} search={search} />
      {(r.programmes ?? []).length > 1 && <Programmes of={r.programmes ?? []} search={search} />}
      <Answers search={search} />
      <p className="max-w-(--measure) text-xs text-ink-3">
        <Trans>
          Counted by the day (UTC) on which somebody was asked; the list by when they answered. It says how
          customers felt about being helped, not how good anybody is at it.
        </Trans>
      </p>
    </div>
  );
}

function Figure({
  name,
  n,
  under,
  warn,
  of,
}: {
  name: ReactNode;
  n: string;
  under: ReactNode;
  warn?: boolean;
  of?: number;
}) {
  return (
    <section className="rounded-md border border-line bg-paper p-4">
      <h2 className="text-ink-2">{name}</h2>
      <p className="pt-1 text-3xl font-strong tabular-nums">{n}</p>
      <p className="pt-1 text-ink-2">{under}</p>
      {warn && (
        <p className="pt-1 text-xs text-ink-3">
          <Trans>Of {of} only: a single one moves it much.</Trans>
        </p>
      )}
    </section>
  );
}

// Spread is how many gave each score; a row narrows the list below.
function Spread({ of: all, search }: { of: Tally; search: SatisfactionSearch }) {
  const most = Math.max(1, ...all.scores);
  return (
    <Section title={<Trans>What they gave</Trans>}>
      <ul className="flex flex-col gap-1">
        {scores.map((s) => {
          const n = all.scores[s - 1] ?? 0;
          const on = search.score === s;
          const { score: _, ...rest } = search;
          return (
            <li key={s}>
              <Link
                to="/engage/satisfaction"
                search={on ? rest : { ...rest, score: s }}
                aria-current={on ? "true" : undefined}
                aria-label={t`${n} gave ${s} of 5`}
                className="flex min-h-8 items-center gap-3 rounded-sm px-2 py-1 hover:bg-wash aria-current:bg-chosen pointer-coarse:min-h-11"
              >
                <Five n={s} />
                <span className="min-w-0 flex-1">
                  <span
                    className={`block h-2.5 rounded-full ${s >= 4 ? "bg-good" : s === 3 ? "bg-wait" : "bg-alarm"}`}
                    style={{ inlineSize: `${(n / most) * 100}%`, minInlineSize: n > 0 ? "0.375rem" : 0 }}
                  />
                </span>
                <span className="w-10 text-end tabular-nums">{count(n)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Programmes({ of: rows, search }: { of: readonly Tally[]; search: SatisfactionSearch }) {
  return (
    <Section title={<Trans>By programme</Trans>}>
      <Table
        label={t`Satisfaction by programme`}
        head={
          <>
            <th>
              <Trans>Programme</Trans>
            </th>
            <th className="num">
              <Trans>Satisfied</Trans>
            </th>
            <th className="num max-sm:hidden">
              <Trans>Average</Trans>
            </th>
            <th className="num">
              <Trans>Answered</Trans>
            </th>
          </>
        }
      >
        {rows.map((r) => (
          <tr key={r.programme?.id ?? ""}>
            <td>
              {r.programme ? (
                <Link
                  to="/engage/satisfaction"
                  search={{ ...search, programme: r.programme.id }}
                  className="link"
                >
                  {r.programme.name}
                </Link>
              ) : (
                <Trans>no programme</Trans>
              )}
            </td>
            <td className="num">{r.answered > 0 ? share(r.good / r.answered) : "–"}</td>
            <td className="num max-sm:hidden">{r.answered > 0 ? r.average.toFixed(1) : "–"}</td>
            <td className="num">
              <Trans>
                {count(r.answered)} of {count(r.asked)}
              </Trans>
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function Answers({ search }: { search: SatisfactionSearch }) {
  const go = route.useNavigate();
  const found = useAnswers(search);
  const narrowed = search.score || search.worded || search.programme;
  return (
    <Section
      title={<Trans>Answers</Trans>}
      end={
        <Checkbox
          label={<Trans>Only with words</Trans>}
          checked={search.worded ?? false}
          onChange={(on) =>
            void go({
              search: ({ worded: _, ...s }) => (on ? { ...s, worded: true } : s),
            })
          }
        />
      }
    >
      <States
        of={found}
        empty={
          <Empty
            title={narrowed ? <Trans>Nobody gave that.</Trans> : <Trans>Nobody has answered yet.</Trans>}
            acts={
              narrowed ? (
                <Link
                  to="/engage/satisfaction"
                  search={search.range ? { range: search.range } : {}}
                  className="btn"
                >
                  <Trans>Show all</Trans>
                </Link>
              ) : undefined
            }
          />
        }
      >
        {(rows) => (
          <ul className="flex flex-col divide-y divide-line">
            {rows.map((a) => (
              <One key={a.id} of={a} />
            ))}
          </ul>
        )}
      </States>
      {found.hasMore && (
        <Button className="mt-3" busy={found.loadingMore} onClick={found.more}>
          <Trans>More</Trans>
        </Button>
      )}
    </Section>
  );
}

function One({ of: a }: { of: Answer }) {
  return (
    <li>
      <Link
        to="/engage"
        search={{ view: "all", c: a.conversation }}
        className="flex flex-col gap-1 rounded-sm px-2 py-3 hover:bg-wash"
      >
        <span className="flex items-center gap-3">
          {a.score && <Five n={a.score} />}
          <span className="min-w-0 truncate font-medium">{a.name}</span>
          <ChannelMark kind={a.channel.kind} mark={a.channel.mark} inline />
          <span className="ms-auto flex-none text-xs text-ink-3">
            <Time at={a.answered_at ?? a.asked_at} />
          </span>
        </span>
        {a.comment ? (
          <span className="words said" dir="auto">
            {a.comment}
          </span>
        ) : null}
        <span className="truncate text-xs text-ink-3">
          {a.subject}
          {a.member && (
            <>
              {" · "}
              <Trans>with {a.member.name}</Trans>
            </>
          )}
        </span>
      </Link>
    </li>
  );
}
