import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Avatar, ChartFrame, NoData, Table } from "../../kit";
import { count, language } from "../../lib/format";
import { intentName } from "../../lib/intent";
import { useMay } from "../../lib/session";
import type { Series } from "./data";

interface Props {
  sort: "intent" | "lang";
  of: Series;
  chosen: string | undefined;
  onChoose: (v: string | undefined) => void;
}

// Breakdown is a sorted list with bars; choosing a row narrows the posts.
export function Breakdown({ sort, of: s, chosen, onChoose }: Props) {
  const rows =
    sort === "intent"
      ? (s.intents ?? []).map((r) => ({ key: r.label, name: intentName(r.label), n: r.count }))
      : (s.languages ?? []).map((r) => ({ key: r.lang, name: language(r.lang), n: r.count }));
  const top = Math.max(...rows.map((r) => r.n), 1);
  const title = sort === "intent" ? t`What they want` : t`Languages`;
  return (
    <ChartFrame
      title={title}
      def={{
        word: sort === "intent" ? t`intents` : t`as read by the model`,
        text:
          sort === "intent"
            ? t`What a model read out of the words. A post may have several, or none.`
            : t`The language a model recognised, whatever the author’s account says.`,
      }}
      n={s.total}
      table={{ head: [title, t`Posts`], rows: rows.map((r) => [r.name, r.n]) }}
    >
      {rows.length === 0 ? (
        <NoData>
          <Trans>Nothing of this was read in this time.</Trans>
        </NoData>
      ) : (
        <ul aria-label={title}>
          {rows.map((r) => (
            <li key={r.key}>
              <button
                type="button"
                aria-pressed={chosen === r.key}
                onClick={() => onChoose(chosen === r.key ? undefined : r.key)}
                className={`grid min-h-8 w-full grid-cols-[minmax(6rem,1fr)_minmax(0,1.2fr)_3rem] items-center gap-3 border-b border-line text-start hover:bg-hover max-sm:min-h-11${chosen === r.key ? " bg-chosen shadow-[inset_2px_0_var(--color-voice)] ps-2" : ""}`}
              >
                <span className="truncate">{r.name}</span>
                <span className="block h-2 overflow-hidden rounded-xs">
                  <span
                    className="block h-full rounded-xs bg-cat-1"
                    style={{ width: `${(r.n / top) * 100}%` }}
                  />
                </span>
                <span className="text-end tabular-nums">
                  {count(r.n)}{" "}
                  <span className="sr-only">
                    <Trans>posts</Trans>
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </ChartFrame>
  );
}

// Tone are the authors who said most.
export function Tone({ of: s }: { of: Series }) {
  const people = useMay("people.read");
  const rows = s.authors ?? [];
  return (
    <ChartFrame
      title={t`Who sets the tone`}
      def={{ word: t`by posts`, text: t`Counted among the newest two thousand posts of this time.` }}
      table={{
        head: [t`Name`, t`Handle`, t`Followers`, t`Posts`],
        rows: rows.map((a) => [a.name, `@${a.handle}`, a.followers, a.posts]),
      }}
    >
      {rows.length === 0 ? (
        <NoData />
      ) : (
        <Table
          label={t`Who sets the tone`}
          head={
            <>
              <th>
                <Trans>Name</Trans>
              </th>
              <th className="max-sm:hidden">
                <Trans>Handle</Trans>
              </th>
              <th className="num">
                <Trans>Followers</Trans>
              </th>
              <th className="num">
                <Trans>Posts</Trans>
              </th>
            </>
          }
        >
          {rows.map((a) => (
            <tr key={a.identity}>
              <td>
                <span className="flex items-center gap-2.5">
                  <Avatar name={a.name} size="sm" />
                  {a.person && people ? (
                    <Link to="/people/$id" params={{ id: a.person }} className="hover:underline">
                      {a.name}
                    </Link>
                  ) : (
                    a.name
                  )}
                </span>
              </td>
              <td className="text-ink-2 max-sm:hidden">@{a.handle}</td>
              <td className="num">{count(a.followers)}</td>
              <td className="num">
                <Link
                  to="/listen"
                  search={{ q: `from:${a.handle}` }}
                  className="link"
                  aria-label={t`${count(a.posts)} posts by ${a.name}`}
                >
                  {count(a.posts)}
                </Link>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </ChartFrame>
  );
}
