import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, Download } from "lucide-react";
import { Button, btn, ChannelMark, Empty, Page, PageBody, Segments, States, Table, Time } from "../../../kit";
import { count, money } from "../../../lib/format";
import { type Post, useResults } from "./data";
import { HeldBar } from "./Holds";
import { PublishShelf, shelfName } from "./Shelf";
import type { By, ResultSearch } from "./search";

const route = getRouteApi("/frame/publish/results");

const value = (p: Post, by: By): number => {
  switch (by) {
    case "at":
      return Date.parse(p.published_at ?? "");
    case "answers":
      return p.numbers.answers?.length ?? 0;
    case "clicks":
      return p.numbers.tracked > 0 ? p.numbers.clicks : -1;
    case "conversions":
      return p.numbers.tracked > 0 ? p.numbers.conversions : -1;
    default:
      return p.numbers[by] ?? -1;
  }
};

// Results is what came of each post, as its network told it, and what its links brought.
export function Results() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const days = search.since ?? 90;
  const by = search.by ?? "at";
  const from = new Date();
  from.setUTCHours(0, 0, 0, 0);
  from.setUTCDate(from.getUTCDate() - days);
  const posts = useResults({ from: from.toISOString() });
  const set = (next: ResultSearch) => void go({ search: next, replace: true });
  const head = (name: By, label: string, num = true) => (
    <th
      className={num ? "num" : ""}
      aria-sort={by === name ? (search.up ? "ascending" : "descending") : "none"}
    >
      <button
        type="button"
        className="inline-flex min-h-6 items-center gap-1"
        onClick={() => {
          const { up: _, ...rest } = search;
          set({ ...rest, by: name, ...(by === name && !search.up ? { up: true as const } : {}) });
        }}
      >
        {label}
        {by === name &&
          (search.up ? <ArrowUp className="i s" aria-hidden /> : <ArrowDown className="i s" aria-hidden />)}
      </button>
    </th>
  );
  return (
    <Page
      name={t`Results`}
      title={t`Results`}
      shelf={<PublishShelf here="results" />}
      shelfName={shelfName()}
      acts={
        <a className={btn("o")} href={`/api/publish/results.csv?from=${from.toISOString()}`} download>
          <Download className="i s" aria-hidden />
          <Trans>As a table</Trans>
        </a>
      }
    >
      <HeldBar />
      <PageBody>
        <div className="mb-4">
          <Segments
            label={t`Time`}
            value={String(days)}
            onChange={(d) => {
              const { since: _, ...rest } = search;
              set(d === "90" ? rest : { ...rest, since: Number(d) as 7 | 30 | 365 });
            }}
            parts={[
              { value: "7", label: t`7 days` },
              { value: "30", label: t`30 days` },
              { value: "90", label: t`90 days` },
              { value: "365", label: t`A year` },
            ]}
          />
        </div>
        <States
          of={posts}
          empty={
            <Empty title={<Trans>Nothing was published in this time.</Trans>}>
              <Trans>What leaves from here is followed: what its network tells, clicks, and answers.</Trans>
            </Empty>
          }
        >
          {(rows) => {
            const sorted = [...rows].sort((a, b) => (value(b, by) - value(a, by)) * (search.up ? -1 : 1));
            return (
              <>
                <Table
                  label={t`Results of posts`}
                  head={
                    <>
                      <th>
                        <Trans>Post</Trans>
                      </th>
                      {head("at", t`Published`)}
                      {head("likes", t`Likes`)}
                      {head("shares", t`Shares`)}
                      {head("replies", t`Replies`)}
                      {head("answers", t`Conversations`)}
                      {head("clicks", t`Clicks`)}
                      {head("conversions", t`Outcomes`)}
                      <th className="num">
                        <Trans>Read</Trans>
                      </th>
                    </>
                  }
                >
                  {sorted.map((p) => (
                    <Line key={p.id} p={p} />
                  ))}
                </Table>
                {posts.hasMore && (
                  <Button className="mt-4" busy={posts.loadingMore} onClick={posts.more}>
                    <Trans>Show more</Trans>
                  </Button>
                )}
                <p className="mt-4 max-w-3xl text-xs text-ink-3">
                  <Trans>
                    Likes, shares and replies are what the network told when it was read; “not told” means
                    that it does not say. Clicks are people who followed a tracked link. Sorting covers the
                    posts shown.
                  </Trans>
                </p>
              </>
            );
          }}
        </States>
      </PageBody>
    </Page>
  );
}

function Line({ p }: { p: Post }) {
  const n = p.numbers;
  const told = (x: number | undefined) =>
    x === undefined && !n.read_at && !n.problem ? (
      <span className="text-ink-3" title={t`It has not been read yet.`}>
        –
      </span>
    ) : x === undefined ? (
      <span className="whitespace-nowrap text-ink-3" title={n.problem || t`This network does not tell.`}>
        <Trans>not told</Trans>
      </span>
    ) : (
      count(x)
    );
  const answers = n.answers ?? [];
  return (
    <tr>
      <td className="max-w-90 min-w-50">
        <span className="flex items-center gap-2">
          <ChannelMark kind={p.channel.kind} mark={p.channel.mark} name={p.channel.name} inline />
          <Link to="/publish/$id" params={{ id: p.content }} className="block min-h-6 min-w-0 truncate">
            {p.name}
          </Link>
        </span>
      </td>
      <td className="num">{p.published_at && <Time at={p.published_at} />}</td>
      <td className="num">{told(n.likes)}</td>
      <td className="num">{told(n.shares)}</td>
      <td className="num">{told(n.replies)}</td>
      <td className="num">
        {answers[0] ? (
          <Link to="/engage" search={{ c: answers[0] }} className="underline">
            {count(answers.length)}
          </Link>
        ) : (
          count(0)
        )}
      </td>
      <td className="num">{n.tracked > 0 ? count(n.clicks) : <NoLinks />}</td>
      <td className="num">
        {n.tracked > 0 ? count(n.conversions) : <NoLinks />}
        {(n.value ?? []).map((v) => (
          <span key={v.currency} className="block text-xs text-ink-2">
            {money(v.value, v.currency)}
          </span>
        ))}
      </td>
      <td className="num text-ink-2">{n.read_at ? <Time at={n.read_at} /> : <Trans>not yet</Trans>}</td>
    </tr>
  );
}

function NoLinks() {
  return (
    <span className="text-ink-3" title={t`It has no tracked link.`}>
      –
    </span>
  );
}
