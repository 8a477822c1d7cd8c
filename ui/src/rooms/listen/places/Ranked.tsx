import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { Chip, Def } from "../../../kit";
import { count, share } from "../../../lib/format";
import type { Figures, Place, Ranking } from "./data";
import type { PlaceRange } from "./search";
import { answeredShare, apart, netOf, points, reviewsOf, stars, tone } from "./words";

// Score is a rating as the ranking weighs it: the figure, where it lies with
// 95% confidence, and where all places lie.
export function Score({ of: f, prior, wide }: { of: Figures; prior: number; wide?: boolean }) {
  if (f.score === undefined)
    return (
      <span className="text-ink-3">
        <Trans>no rating</Trans>
      </span>
    );
  const w = wide ? 180 : 92;
  const x = (v: number) => ((v - 1) / 4) * (w - 8) + 4;
  const low = stars(f.score_low ?? 1);
  const high = stars(f.score_high ?? 5);
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <b className="font-strong">{stars(f.score)}</b>
      <svg
        width={w}
        height="14"
        role="img"
        aria-label={t`between ${low} and ${high}, 95% sure`}
        className="rtl:-scale-x-100"
      >
        <path d={`M4 7H${w - 4}`} stroke="var(--color-line-2)" />
        <path d={`M${x(prior)} 2V12`} stroke="var(--color-ink-3)" strokeDasharray="2 2" />
        <path
          d={`M${x(f.score_low ?? 1)} 7H${x(f.score_high ?? 5)}`}
          stroke="var(--color-ink-2)"
          strokeWidth="2"
        />
        <circle cx={x(f.score)} cy="7" r="4" fill={tone(f.score)} stroke="var(--color-ink-2)" />
      </svg>
    </span>
  );
}

// Change is how the rating moved, and whether that can be chance.
export function Change({ of: p }: { of: Place }) {
  const c = p.change;
  if (!c)
    return (
      <span className="text-ink-3" title={t`Too few reviews before or now`}>
        –
      </span>
    );
  const range = `${apart(c.low)} … ${apart(c.high)}`;
  return (
    <span
      className={c.clear ? (c.by > 0 ? "text-good" : "text-alarm") : "text-ink-3"}
      title={c.clear ? range : t`May be chance: ${range}`}
    >
      {c.clear && (c.by > 0 ? "▲ " : "▼ ")}
      {apart(c.by)}
      {!c.clear && <span className="sr-only"> {t`may be chance`}</span>}
    </span>
  );
}

// Ranked is the list of places: all that the map shows, in words and figures.
export function Ranked({
  of: r,
  chosen,
  range,
  onChoose,
}: {
  of: Ranking;
  chosen: string | undefined;
  range: PlaceRange;
  onChoose: (id: string | undefined) => void;
}) {
  const rows = r.items ?? [];
  return (
    <div>
      <div className="overflow-x-auto">
        <table className="t" aria-label={t`Places`}>
          <thead>
            <tr>
              <th className="num w-8">
                <span className="sr-only">
                  <Trans>Rank</Trans>
                </span>
              </th>
              <th>
                <Trans>Place</Trans>
              </th>
              <th>
                <Def
                  text={
                    <Trans>
                      The mean of its reviews, drawn towards the mean of all places ({stars(r.prior.mean)},
                      dashed) as if {r.prior.weight} more reviews said that. So two happy guests do not make a
                      winner. The line is where the rating lies with 95% confidence.
                    </Trans>
                  }
                >
                  <Trans>Rating</Trans>
                </Def>
              </th>
              <th className="num">
                <Trans>Reviews</Trans>
              </th>
              <th className="num max-sm:hidden">
                <Def
                  text={<Trans>Of the mean rating, against the period before. Grey: may be chance.</Trans>}
                >
                  <Trans>Change</Trans>
                </Def>
              </th>
              <th className="num max-sm:hidden">
                <Def text={<Trans>Reviews that we answered, here or on the network itself.</Trans>}>
                  <Trans>Answered</Trans>
                </Def>
              </th>
              <th className="num max-md:hidden">
                <Def
                  text={
                    <Trans>
                      Share of positive less share of negative, of the mentions whose feeling can be read;
                      from ten on.
                    </Trans>
                  }
                >
                  <Trans>Net</Trans>
                </Def>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((p, i) => (
              <Row
                key={p.id}
                of={p}
                rank={i + 1}
                prior={r.prior.mean}
                chosen={p.id === chosen}
                range={range}
                onChoose={onChoose}
              />
            ))}
          </tbody>
        </table>
      </div>
      {r.total > rows.length && (
        <p className="pt-3 text-xs text-ink-3">
          <Trans>
            The first {count(rows.length)} of {count(r.total)}. Search, to find others.
          </Trans>
        </p>
      )}
    </div>
  );
}

function Row({
  of: p,
  rank,
  prior,
  chosen,
  range,
  onChoose,
}: {
  of: Place;
  rank: number;
  prior: number;
  chosen: boolean;
  range: PlaceRange;
  onChoose: (id: string | undefined) => void;
}) {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const answered = answeredShare(p.now);
  return (
    <tr
      ref={row}
      data-place={p.id}
      aria-current={chosen || undefined}
      className={chosen ? "bg-chosen shadow-[inset_2px_0_var(--color-voice)]" : undefined}
      onPointerEnter={() => undefined}
      onClick={(e) => {
        if (!(e.target as HTMLElement).closest("a,button")) onChoose(chosen ? undefined : p.id);
      }}
    >
      <td className="num text-ink-3">{p.now.reviews > 0 ? rank : ""}</td>
      <td className="min-w-32">
        <Link
          to="/listen/places/$id"
          params={{ id: p.id }}
          search={range === "90d" ? {} : { range }}
          className="font-strong hover:underline"
        >
          {p.name}
        </Link>{" "}
        {p.state === "closed" && (
          <Chip>
            <Trans>closed</Trans>
          </Chip>
        )}
        <span className="block text-xs text-ink-3">
          {p.branch
            ? [p.city, p.region && p.region !== p.city ? p.region : p.country].filter(Boolean).join(", ")
            : reviewsOf(p.now.reviews)}
        </span>
      </td>
      <td>
        <Score of={p.now} prior={prior} />
      </td>
      <td className="num">
        {count(p.now.reviews)}
        {p.now.reviews > 0 && p.now.reviews < 10 && (
          <span className="block text-xs text-ink-3">
            <Trans>few</Trans>
          </span>
        )}
      </td>
      <td className="num max-sm:hidden">
        <Change of={p} />
      </td>
      <td className="num max-sm:hidden">{answered === undefined ? "–" : share(answered)}</td>
      <td className="num max-md:hidden">{netOf(p.now) === undefined ? "–" : points(netOf(p.now) ?? 0)}</td>
    </tr>
  );
}
