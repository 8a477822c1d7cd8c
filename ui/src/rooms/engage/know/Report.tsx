import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";
import {
  Button,
  Def,
  Empty,
  Page,
  PageBody,
  Section,
  Segments,
  Sparkline,
  States,
  Table,
  Time,
} from "../../../kit";
import { count, language, share } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { type Report as Numbers, useHelp, useReport } from "./data";
import { NewArticle } from "./NewArticle";
import { KnowShelf, shelfName } from "./Shelf";

const route = getRouteApi("/frame/engage/know/report");

// Report says what the help page and the suggestions brought: the way from a visit to an
// answer or a question, which articles help, and what nobody found.
export function Report() {
  const { days = "30" } = route.useSearch();
  const go = route.useNavigate();
  const report = useReport(Number(days));
  const may = useMay("know.write");
  const [writes, setWrites] = useState<{ title: string; lang: string }>();
  const help = useHelp().data;
  return (
    <Page
      name={t`What it brings`}
      title={<Trans>What it brings</Trans>}
      shelf={<KnowShelf />}
      shelfName={shelfName()}
      acts={
        <Segments
          label={t`Time`}
          value={days as "7" | "30" | "90"}
          onChange={(d) => void go({ search: d === "30" ? {} : { days: d } })}
          parts={[
            { value: "7", label: t`7 days` },
            { value: "30", label: t`30 days` },
            { value: "90", label: t`90 days` },
          ]}
        />
      }
    >
      <PageBody>
        <States
          of={report}
          none={(r) => r.total.visits + r.total.inserted + r.peers === 0 && (r.missed ?? []).length === 0}
          empty={
            <Empty title={<Trans>Nobody has come to the help page yet.</Trans>}>
              {help?.open ? (
                <Trans>It is open. Link to it from your site, and put articles into replies.</Trans>
              ) : (
                <Trans>It opens when the first article is published for everybody.</Trans>
              )}
            </Empty>
          }
        >
          {(r) => (
            <>
              <p className="mb-5 max-w-3xl text-xl font-strong tracking-tight text-balance">{lead(r)}</p>
              <Funnel of={r} />
              <Missed of={r} onWrite={may ? setWrites : undefined} />
              <Articles of={r} />
              <Remarks of={r} />
            </>
          )}
        </States>
      </PageBody>
      <NewArticle
        open={writes !== undefined}
        onOpenChange={(o) => !o && setWrites(undefined)}
        start={writes ? { ...writes, visibility: "public" } : {}}
      />
    </Page>
  );
}

function lead(r: Numbers): string {
  const n = r.total;
  const visits = plural(n.visits, { one: "# visit", other: "# visits" });
  const solved = plural(n.solved, { one: "# was solved", other: "# were solved" });
  const asked = plural(n.asked, { one: "# asked us anyway", other: "# asked us anyway" });
  return t`Of ${visits} to the help page, ${solved} by reading, and ${asked}.`;
}

// Funnel is the way from a visit to an answer, each step as a bar of the visits.
function Funnel({ of: r }: { of: Numbers }) {
  const n = r.total;
  const most = Math.max(1, n.visits);
  const days = r.by_day ?? [];
  const steps = [
    {
      name: t`Came`,
      def: t`Visits: a visitor on a day, without cookies.`,
      n: n.visits,
      before: r.before.visits,
      day: days.map((d) => d.visits),
    },
    {
      name: t`Searched`,
      def: t`Visits that looked for words.`,
      n: n.searched,
      before: r.before.searched,
      day: days.map((d) => d.searched),
    },
    {
      name: t`Read an article`,
      def: t`Visits that opened at least one.`,
      n: n.read,
      before: r.before.read,
      day: days.map((d) => d.read),
    },
    {
      name: t`Said: solved`,
      def: t`Visits that said yes to “Did this solve it?”`,
      n: n.solved,
      before: r.before.solved,
      day: days.map((d) => d.solved),
      good: true,
    },
    {
      name: t`Said: not solved`,
      def: t`Visits that said no.`,
      n: n.unsolved,
      before: r.before.unsolved,
      day: days.map((d) => d.unsolved),
    },
    {
      name: t`Asked us anyway`,
      def: t`Visits that went on to the web form or the chat.`,
      n: n.asked,
      before: r.before.asked,
      day: days.map((d) => d.asked),
    },
  ];
  return (
    <>
      <div className="overflow-x-auto">
        <table className="t max-w-4xl" aria-label={t`From a visit to an answer`}>
          <thead>
            <tr>
              <th scope="col">
                <Trans>Step</Trans>
              </th>
              <th scope="col" className="num">
                <Trans>Visits</Trans>
              </th>
              <th scope="col" className="w-2/5 max-sm:hidden">
                <span className="sr-only">
                  <Trans>Share of visits</Trans>
                </span>
              </th>
              <th scope="col" className="num">
                <Trans>Time before</Trans>
              </th>
              <th scope="col" className="max-md:hidden">
                <Trans>By day</Trans>
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((s) => (
              <tr key={s.name}>
                <th scope="row" className="whitespace-nowrap !font-normal">
                  <Def text={s.def}>{s.name}</Def>
                </th>
                <td className="num font-strong">{count(s.n)}</td>
                <td className="max-sm:hidden">
                  <span className="flex items-center gap-2">
                    <span
                      className="block h-2.5 rounded-xs"
                      style={{
                        width: `${Math.max(0.5, (80 * s.n) / most)}%`,
                        background: s.good ? "var(--color-good)" : "var(--color-cat-1)",
                      }}
                    />
                    <span className="text-xs text-ink-3">{share(s.n / most)}</span>
                  </span>
                </td>
                <td className="num text-ink-3">{count(s.before)}</td>
                <td className="max-md:hidden">
                  <Sparkline values={s.day} label={t`${s.name}, day by day`} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-2 mb-6 text-ink-2">
        <Trans>
          In replies: {count(n.inserted)} suggestions inserted, {count(n.resolved)} of them in conversations
          that are resolved.
        </Trans>{" "}
        <Def
          text={t`Questions that colleagues answered before the contact centre had them, in conversations that were closed after it.`}
        >
          <Trans>Colleagues in the hive solved {count(r.peers)}.</Trans>
        </Def>{" "}
        {r.peers_before > 0 && (
          <span className="text-ink-3">
            <Trans>In the time before: {count(r.peers_before)}.</Trans>
          </span>
        )}
      </p>
    </>
  );
}

function Missed({
  of: r,
  onWrite,
}: {
  of: Numbers;
  onWrite: ((start: { title: string; lang: string }) => void) | undefined;
}) {
  const missed = r.missed ?? [];
  return (
    <Section title={<Trans>Searched and not found</Trans>} className="mb-8 max-w-4xl">
      {missed.length === 0 ? (
        <p className="py-3 text-ink-3">
          <Trans>Whatever people searched for, something was found.</Trans>
        </p>
      ) : (
        <ul>
          {missed.map((m) => (
            <li
              key={m.lang + m.words}
              className="flex min-h-10 flex-wrap items-center gap-x-3 border-b border-line py-1"
            >
              <span className="said min-w-0 flex-1 wrap-anywhere" lang={m.lang}>
                {m.words}
              </span>
              <span className="text-xs text-ink-3">{language(m.lang)}</span>
              <span className="w-16 text-end">
                {count(m.none)} <span className="text-xs text-ink-3">×</span>
              </span>
              {onWrite && (
                <Button
                  size="sm"
                  touch
                  aria-label={t`Write an article about “${m.words}”`}
                  onClick={() =>
                    onWrite({
                      title: m.words.slice(0, 1).toLocaleUpperCase() + m.words.slice(1),
                      lang: m.lang,
                    })
                  }
                >
                  <Trans>Write an article</Trans>
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

// few is how many votes an article needs before its share says something.
const few = 5;

function Articles({ of: r }: { of: Numbers }) {
  const rows = r.articles ?? [];
  if (rows.length === 0) return null;
  return (
    <Section title={<Trans>Articles</Trans>} n={count(rows.length)} className="mb-8">
      <Table
        label={t`What each article brings`}
        head={
          <>
            <th>
              <Trans>Article</Trans>
            </th>
            <th className="num">
              <Trans>Readers</Trans>
            </th>
            <th className="num">
              <Trans>Solved</Trans>
            </th>
            <th className="num">
              <Trans>Not solved</Trans>
            </th>
            <th className="num max-sm:hidden">
              <Trans>Helps</Trans>
            </th>
            <th className="num max-md:hidden">
              <Trans>Asked anyway</Trans>
            </th>
            <th className="num max-md:hidden">
              <Trans>In replies</Trans>
            </th>
          </>
        }
      >
        {rows.map((a) => {
          const votes = a.solved + a.unsolved;
          const helps = votes > 0 ? a.solved / votes : 0;
          return (
            <tr key={a.id}>
              <td className="max-w-0 min-w-40 w-full">
                <Link
                  to="/engage/know/$id"
                  params={{ id: a.id }}
                  className="block truncate hover:underline"
                  lang={a.lang}
                >
                  {a.title}
                </Link>
              </td>
              <td className="num">{count(a.visits)}</td>
              <td className="num">{count(a.solved)}</td>
              <td className="num">{count(a.unsolved)}</td>
              <td className="num max-sm:hidden">
                {votes < few ? (
                  <span className="text-ink-3" title={t`Too few votes to say`}>
                    –
                  </span>
                ) : (
                  <span className={helps < 0.5 ? "text-alarm" : helps >= 0.75 ? "text-good" : undefined}>
                    {helps < 0.5 ? "▼ " : helps >= 0.75 ? "▲ " : ""}
                    {share(helps)}
                  </span>
                )}
              </td>
              <td className="num max-md:hidden">{count(a.asked)}</td>
              <td className="num max-md:hidden">
                {count(a.inserted)}
                {a.resolved > 0 && <span className="text-ink-3"> · {t`${count(a.resolved)} resolved`}</span>}
              </td>
            </tr>
          );
        })}
      </Table>
    </Section>
  );
}

function Remarks({ of: r }: { of: Numbers }) {
  const rows = r.remarks ?? [];
  if (rows.length === 0) return null;
  return (
    <Section title={<Trans>What readers wrote</Trans>} className="max-w-4xl">
      <ul>
        {rows.map((m) => (
          <li key={m.article + m.at + m.words} className="border-b border-line py-2">
            <p className="said wrap-anywhere" dir="auto">
              {m.words}
            </p>
            <p className="mt-1 flex items-center gap-2 text-xs text-ink-3">
              {m.vote === "yes" ? (
                <ThumbsUp className="i s" aria-label={t`Solved`} />
              ) : (
                <ThumbsDown className="i s" aria-label={t`Not solved`} />
              )}
              <Link to="/engage/know/$id" params={{ id: m.article }} className="link min-w-0 truncate">
                {m.title}
              </Link>
              <Time at={m.at} className="ms-auto" />
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
