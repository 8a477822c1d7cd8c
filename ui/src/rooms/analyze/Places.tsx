import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { ChartFrame, Def, NoData, Segments, Table } from "../../kit";
import { count } from "../../lib/format";
import type { Explored, Value } from "./data";
import { Net } from "./Topics";
import { changeWord } from "./words";

type Level = "branch" | "city" | "country";

const valuesOf = (e: Explored, level: Level) => e.facets?.find((f) => f.name === level)?.values ?? [];

// placeName says what a place in the address is called, as the numbers know it.
export function placeName(e: Explored, id: string): string {
  for (const level of ["branch", "city", "country"] as const) {
    const name = valuesOf(e, level).find((v) => v.value === id)?.name;
    if (name) return name;
  }
  return t`one place`;
}

interface Props {
  of: Explored;
  level: Level | undefined;
  onLevel: (l: Level) => void;
  chosen: string | undefined;
  onChoose: (place: string | undefined) => void;
}

// Places are where people speak of, by branch, city or country: how much, how that
// changed, and how it feels. A branch counts for its city and its country as well.
export function Places({ of: e, level, onLevel, chosen, onChoose }: Props) {
  const has = (l: Level) => valuesOf(e, l).length > 0;
  const at: Level = level ?? (has("branch") || !has("city") ? "branch" : "city");
  const rows = valuesOf(e, at);
  const top = Math.max(...rows.map((r) => r.count), 1);
  const title = t`Places they speak of`;
  const name = (v: Value) => v.name || t`a place`;
  return (
    <ChartFrame
      title={title}
      def={{
        word: t`by the strongest evidence`,
        text: t`The network, the words or one of you said of which place a post speaks; most posts speak of none. A branch counts for its city and its country too.`,
      }}
      n={e.total.count}
      table={{
        head: [title, t`Posts`, t`Before`, t`Negative`, t`Neutral`, t`Positive`, t`Not read`],
        rows: rows.map((v) => [name(v), v.count, v.previous, v.negative, v.neutral, v.positive, v.unknown]),
      }}
    >
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <Segments<Level>
          label={t`Places by`}
          value={at}
          parts={[
            { value: "branch", label: t`Branches` },
            { value: "city", label: t`Cities` },
            { value: "country", label: t`Countries` },
          ]}
          onChange={onLevel}
        />
        {at !== "country" && rows.length > 1 && (
          <Link
            to="/listen/places/compare"
            search={rows.some((v) => v.value === chosen) && chosen ? { a: chosen } : {}}
            className="link text-xs"
          >
            <Trans>Compare two</Trans>
          </Link>
        )}
      </div>
      {rows.length === 0 ? (
        <NoData>
          <Trans>No post of this time is tied to such a place.</Trans>{" "}
          <Link to="/listen/places" className="link">
            <Trans>Places and branches</Trans>
          </Link>
        </NoData>
      ) : (
        <Table
          label={title}
          head={
            <>
              <th>
                <Trans>Place</Trans>
              </th>
              <th className="max-md:hidden">
                <span className="sr-only">
                  <Trans>How much</Trans>
                </span>
              </th>
              <th className="num">
                <Trans>Posts</Trans>
              </th>
              <th className="num">
                <Def text={<Trans>Compared with the time before, as far as this one has come.</Trans>}>
                  <Trans>Change</Trans>
                </Def>
              </th>
              <th>
                <Trans>Net feeling</Trans>
              </th>
              <th className="max-sm:hidden">
                <span className="sr-only">
                  <Trans>Its page</Trans>
                </span>
              </th>
            </>
          }
        >
          {rows.map((v) => (
            <tr
              key={v.value}
              className={chosen === v.value ? "bg-chosen shadow-[inset_2px_0_var(--color-voice)]" : ""}
            >
              <td>
                <button
                  type="button"
                  aria-pressed={chosen === v.value}
                  onClick={() => onChoose(chosen === v.value ? undefined : v.value)}
                  className="min-h-6 text-start hover:underline"
                >
                  {name(v)}
                </button>
              </td>
              <td className="w-32 max-md:hidden" aria-hidden>
                <span
                  className="block h-2 rounded-xs bg-cat-1"
                  style={{ width: `${Math.max((v.count / top) * 100, 1)}%` }}
                />
              </td>
              <td className="num tabular-nums">{count(v.count)}</td>
              <td className="num text-ink-2">{changeWord(v.count, v.previous)}</td>
              <td>
                <Net of={v} />
              </td>
              <td className="num max-sm:hidden">
                {at !== "country" && (
                  <Link
                    to="/listen/places/$id"
                    params={{ id: v.value }}
                    className="inline-flex min-h-6 min-w-6 items-center justify-center rounded-xs text-ink-3 hover:bg-hover"
                    aria-label={t`Open the page of ${name(v)}`}
                  >
                    <ChevronRight className="i s rtl:-scale-x-100" aria-hidden />
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </ChartFrame>
  );
}
