import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeftRight } from "lucide-react";
import { Button, ChartFrame, Empty, Page, PageBody, Segments, Select, States, Swatch } from "../../../kit";
import { count, share } from "../../../lib/format";
import { ListenShelf, shelfName } from "../Shelf";
import { type Comparison, type Difference, type PlaceDetail, useCompare, usePlaces } from "./data";
import { Score } from "./Ranked";
import { RatingLine } from "./RatingLine";
import { Histogram } from "./Stars";
import { type CompareSearch, placeRanges } from "./search";
import { address, answeredShare, apart, placeRangeName, points, reviewsOf, stars, verdict } from "./words";

const route = getRouteApi("/frame/listen/places/compare");

const [first, second] = ["var(--color-cat-1)", "var(--color-cat-2)"];

// Compare lays two places side by side, on the same scales, and says how far
// apart they are and how sure that is.
export function Compare() {
  const { a, b, range = "90d" } = route.useSearch();
  const go = route.useNavigate();
  const places = usePlaces({ range, sort: "name" });
  const both = useCompare(a, b, range);
  const set = (next: { [K in keyof CompareSearch]?: CompareSearch[K] | undefined }) =>
    void go({
      search: (s) =>
        Object.fromEntries(
          Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined),
        ) as CompareSearch,
      replace: true,
    });
  const known = (places.data?.items ?? []).map((p) => ({ value: p.id, label: p.name }));
  const also = [both.data?.a, both.data?.b].filter((p) => p && !known.some((k) => k.value === p.id));
  const choices = [...known, ...also.map((p) => ({ value: p?.id ?? "", label: p?.name ?? "" }))];
  return (
    <Page
      name={t`Compare places`}
      title={<Trans>Compare places</Trans>}
      shelf={<ListenShelf />}
      shelfName={shelfName()}
      acts={
        <Segments
          label={t`Period`}
          value={range}
          parts={placeRanges.map((r) => ({ value: r, label: placeRangeName(r) }))}
          onChange={(r) => set({ range: r === "90d" ? undefined : r })}
        />
      }
    >
      <PageBody>
        <div className="touch mb-6 flex flex-wrap items-center gap-2">
          <Select
            label={t`First place`}
            placeholder={t`Choose a place`}
            className="!w-64 max-sm:!w-full"
            value={a ?? null}
            choices={choices.filter((c) => c.value !== b)}
            onChange={(v) => set({ a: v })}
          />
          <Button
            look="g"
            square
            aria-label={t`Change sides`}
            title={t`Change sides`}
            disabled={!a && !b}
            onClick={() => set({ a: b, b: a })}
          >
            <ArrowLeftRight className="i" aria-hidden />
          </Button>
          <Select
            label={t`Second place`}
            placeholder={t`Choose another`}
            className="!w-64 max-sm:!w-full"
            value={b ?? null}
            choices={choices.filter((c) => c.value !== a)}
            onChange={(v) => set({ b: v })}
          />
        </div>
        {a && b ? (
          <States of={both}>{(c) => <Both of={c} />}</States>
        ) : (
          <Empty title={<Trans>Choose two places.</Trans>}>
            <Trans>They are laid side by side on the same scales, with how sure the difference is.</Trans>
          </Empty>
        )}
      </PageBody>
    </Page>
  );
}

function Both({ of: c }: { of: Comparison }) {
  const { a, b } = c;
  const largest = Math.max(
    0.01,
    ...[a, b].flatMap((p) => (p.now.reviews > 0 ? p.now.stars.map((k) => k / p.now.reviews) : [])),
  );
  const felt = (p: PlaceDetail) => p.now.negative + p.now.neutral + p.now.positive;
  return (
    <>
      <p className="mb-6 max-w-3xl text-xl font-strong tracking-tight text-balance">
        {verdict(a.name, b.name, c.rating)}
      </p>
      <div className="overflow-x-auto">
        <table className="t" aria-label={t`Both places in figures`}>
          <thead>
            <tr>
              <th />
              <th>
                <Name of={a} colour={first} />
              </th>
              <th>
                <Name of={b} colour={second} />
              </th>
              <th className="num">
                <Trans>Difference, 95% sure</Trans>
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">
                <Trans>Rating, weighed</Trans>
              </th>
              <td>
                <Score of={a.now} prior={a.prior.mean} wide />
              </td>
              <td>
                <Score of={b.now} prior={b.prior.mean} wide />
              </td>
              <td />
            </tr>
            <tr>
              <th scope="row">
                <Trans>Mean rating</Trans>
              </th>
              <td>
                {a.now.mean === undefined ? "–" : stars(a.now.mean)}{" "}
                <span className="text-ink-3">{reviewsOf(a.now.reviews)}</span>
              </td>
              <td>
                {b.now.mean === undefined ? "–" : stars(b.now.mean)}{" "}
                <span className="text-ink-3">{reviewsOf(b.now.reviews)}</span>
              </td>
              <Apart of={c.rating} say={apart} />
            </tr>
            <tr>
              <th scope="row">
                <Trans>Sounds negative</Trans>
              </th>
              {[a, b].map((p) => (
                <td key={p.id}>
                  {felt(p) === 0 ? "–" : share(p.now.negative / felt(p))}{" "}
                  <span className="text-ink-3">
                    <Plural value={felt(p)} one="of # mention" other="of # mentions" />
                  </span>
                </td>
              ))}
              <Apart of={c.negative} say={points} worse />
            </tr>
            <tr>
              <th scope="row">
                <Trans>Reviews answered</Trans>
              </th>
              {[a, b].map((p) => {
                const s = answeredShare(p.now);
                return (
                  <td key={p.id}>
                    {s === undefined ? "–" : share(s)}{" "}
                    <span className="text-ink-3">
                      {count(p.now.answered)} / {count(p.now.reviews)}
                    </span>
                  </td>
                );
              })}
              <Apart of={c.answered} say={points} />
            </tr>
          </tbody>
        </table>
      </div>
      <div className="mt-8">
        <ChartFrame
          title={t`Ratings over time`}
          def={{
            word: t`mean`,
            text: <Trans>The mean of the ratings given in each step, as they are.</Trans>,
          }}
          n={a.now.reviews + b.now.reviews}
          aside={
            <span className="flex flex-wrap gap-3">
              <Swatch colour={first}>{a.name}</Swatch>
              <Swatch colour={second}>{b.name}</Swatch>
            </span>
          }
          table={{
            head: [t`From`, a.name, t`Reviews`, b.name, t`Reviews`],
            rows: (c.series_a.points ?? []).map((p, i) => {
              const o = c.series_b.points?.[i];
              return [
                p.at.slice(0, 10),
                p.mean === undefined ? null : Math.round(p.mean * 100) / 100,
                p.reviews,
                o?.mean === undefined ? null : Math.round(o.mean * 100) / 100,
                o?.reviews ?? 0,
              ];
            }),
          }}
        >
          <RatingLine
            lines={[
              { name: a.name, of: c.series_a, colour: first },
              { name: b.name, of: c.series_b, colour: second },
            ]}
            label={t`Mean ratings of ${a.name} and ${b.name}, step by step`}
          />
        </ChartFrame>
      </div>
      <div className="mt-8 grid gap-8 md:grid-cols-2">
        {[a, b].map((p) => (
          <section key={p.id} aria-label={p.name}>
            <h2 className="mb-3 text-md font-strong">
              <Name of={p} colour={p === a ? first : second} />
            </h2>
            <Histogram of={p.now} top={largest} colour={p === a ? first : second} />
            <p className="mt-3 text-xs text-ink-3">{address(p)}</p>
          </section>
        ))}
      </div>
      <p className="mt-8 max-w-(--measure) text-xs text-ink-3">
        <Trans>
          Ratings are compared by Welch’s interval, shares by Newcombe’s. Where 0 lies within, the difference
          may be chance. Both bars and lines have one scale. {a.credit}
        </Trans>
      </p>
    </>
  );
}

function Name({ of: p, colour }: { of: PlaceDetail; colour: string }) {
  return (
    <span className="inline-flex items-center gap-2">
      <svg width="10" height="10" aria-hidden>
        <rect width="10" height="10" rx="2" fill={colour} />
      </svg>
      <Link to="/listen/places/$id" params={{ id: p.id }} className="text-ink hover:underline">
        {p.name}
      </Link>
    </span>
  );
}

// Apart is one difference with its range, drawn about zero by colour and sign.
function Apart({
  of: d,
  say,
  worse,
}: {
  of: Difference | undefined;
  say: (n: number) => string;
  worse?: boolean;
}) {
  if (!d)
    return (
      <td className="num text-ink-3">
        <Trans>too few</Trans>
      </td>
    );
  const good = worse ? d.by < 0 : d.by > 0;
  return (
    <td className="num whitespace-nowrap">
      <b className={`font-strong ${d.clear ? (good ? "text-good" : "text-alarm") : "text-ink-2"}`}>
        {say(d.by)}
      </b>
      <span className="block text-xs text-ink-3">
        {say(d.low)} … {say(d.high)}
        {!d.clear && (
          <>
            {" "}
            · <Trans>may be chance</Trans>
          </>
        )}
      </span>
    </td>
  );
}
