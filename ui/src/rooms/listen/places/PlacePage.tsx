import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { DoorClosed, DoorOpen, Ellipsis, MapPin, Pencil, Scale, Trash2 } from "lucide-react";
import { useState } from "react";
import {
  Button,
  btn,
  ChartFrame,
  Chip,
  Confirm,
  Empty,
  Facts,
  Menu,
  MenuItem,
  Page,
  Section,
  Segments,
  States,
  tell,
} from "../../../kit";
import { count, share } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { Post } from "../Post";
import { ListenShelf, shelfName } from "../Shelf";
import { BranchForm } from "./BranchForm";
import {
  type PlaceDetail,
  type PlaceSeries,
  usePlace,
  usePlaceActs,
  usePlaceSeries,
  usePlaceWords,
  useReviews,
} from "./data";
import { Change, Score } from "./Ranked";
import { RatingLine } from "./RatingLine";
import { Histogram } from "./Stars";
import { type PlaceSearch, placeRanges } from "./search";
import { address, answeredShare, netOf, placeRangeName, points, reviewsOf, stars } from "./words";

const route = getRouteApi("/frame/listen/places/$id");

// PlacePage is one place: how it is rated and why, and what people say there,
// each of which can be answered from here.
export function PlacePage() {
  const { id } = route.useParams();
  const { range = "90d", stars: chosen, q } = route.useSearch();
  const go = route.useNavigate();
  const place = usePlace(id, range);
  const series = usePlaceSeries(id, range);
  const reviews = useReviews(id, { ...(chosen ? { stars: chosen } : {}), ...(q ? { q } : {}) });
  const set = (next: { [K in keyof PlaceSearch]?: PlaceSearch[K] | undefined }) =>
    void go({
      search: (s) =>
        Object.fromEntries(
          Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined),
        ) as PlaceSearch,
      replace: true,
    });
  const p = place.data;
  const period = (
    <Segments
      label={t`Period`}
      value={range}
      parts={placeRanges.map((r) => ({ value: r, label: placeRangeName(r) }))}
      onChange={(r) => set({ range: r === "90d" ? undefined : r })}
    />
  );
  return (
    <Page
      name={p?.name ?? t`Place`}
      title={p?.name ?? <Trans>Place</Trans>}
      beside={
        p?.state === "closed" && (
          <Chip tone="wait" icon={<DoorClosed aria-hidden />}>
            <Trans>closed</Trans>
          </Chip>
        )
      }
      shelf={<ListenShelf />}
      shelfName={shelfName()}
      acts={
        <>
          <span className="max-md:hidden">{period}</span>
          <Link
            to="/listen/places/compare"
            search={{ a: id, ...(range === "90d" ? {} : { range }) }}
            className={btn("o", "md", "touch")}
          >
            <Scale className="i s" aria-hidden />
            <span className="max-sm:sr-only">
              <Trans>Compare</Trans>
            </span>
          </Link>
          {p?.branch && <Acts of={p} />}
        </>
      }
    >
      <States of={place} pad>
        {(x) => (
          <div className="scroll lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(22rem,32rem)] lg:overflow-hidden">
            <div className="min-w-0 px-4 py-5 sm:px-6 lg:overflow-y-auto">
              <p className="mb-1 max-w-3xl text-xl font-strong tracking-tight text-balance">{sentence(x)}</p>
              <p className="mb-5 flex gap-x-2 text-ink-2">
                <MapPin className="i s mt-0.5 flex-none text-ink-3" aria-hidden />
                <span>
                  {address(x)} {x.programme && <span className="chip ol ms-1">{x.programme.name}</span>}
                </span>
              </p>
              <span className="mb-4 block md:hidden">{period}</span>
              <Numbers of={x} />
              <States of={series}>{(s) => <Over of={s} name={x.name} n={x.now.reviews} />}</States>
              <Section title={<Trans>Stars</Trans>} n={reviewsOf(x.now.reviews)} className="mt-7">
                <Histogram of={x.now} chosen={chosen} onChoose={(n) => set({ stars: n })} />
              </Section>
              <Words id={id} range={range} chosen={q} onChoose={(w) => set({ q: w })} />
              <About of={x} />
            </div>
            <Said
              of={reviews}
              chosen={chosen}
              q={q}
              onClear={() => set({ stars: undefined, q: undefined })}
            />
          </div>
        )}
      </States>
    </Page>
  );
}

function sentence(p: PlaceDetail): string {
  const f = p.now;
  if (f.reviews === 0)
    return f.count === 0
      ? t`Nobody spoke of ${p.name} in this time.`
      : t`People spoke of ${p.name}, and nobody rated it.`;
  const mean = stars(f.mean ?? 0);
  const reviews = reviewsOf(f.reviews);
  const all = stars(p.prior.mean);
  const first =
    (f.score_low ?? 0) > p.prior.mean
      ? t`${p.name} is rated better than our places on average: ${mean} of 5 in ${reviews}, against ${all}.`
      : (f.score_high ?? 5) < p.prior.mean
        ? t`${p.name} is rated worse than our places on average: ${mean} of 5 in ${reviews}, against ${all}.`
        : t`${p.name} is rated ${mean} of 5 in ${reviews}, about as our places are on average (${all}).`;
  if (!p.change?.clear) return first;
  return p.change.by > 0 ? t`${first} It has become better.` : t`${first} It has become worse.`;
}

function Numbers({ of: p }: { of: PlaceDetail }) {
  const answered = answeredShare(p.now);
  return (
    <dl className="mb-6 grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-4">
      <Figure name={<Trans>Rating, weighed</Trans>}>
        <Score of={p.now} prior={p.prior.mean} />
      </Figure>
      <Figure name={<Trans>Against the time before</Trans>}>
        <b className="font-strong">
          <Change of={p} />
        </b>
      </Figure>
      <Figure name={<Trans>Answered</Trans>}>
        <b className="font-strong">{answered === undefined ? "–" : share(answered)}</b>{" "}
        <span className="text-xs text-ink-3">
          {count(p.now.answered)} / {count(p.now.reviews)}
        </span>
      </Figure>
      <Figure name={<Trans>Net feeling</Trans>}>
        <b className="font-strong">{netOf(p.now) === undefined ? "–" : points(netOf(p.now) ?? 0)}</b>{" "}
        <span className="text-xs text-ink-3">
          <Plural value={p.now.count} one="# mention" other="# mentions" />
        </span>
      </Figure>
    </dl>
  );
}

function Figure({ name, children }: { name: React.ReactNode; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-ink-3">{name}</dt>
      <dd className="mt-0.5">{children}</dd>
    </div>
  );
}

function Over({ of: s, name, n }: { of: PlaceSeries; name: string; n: number }) {
  const points = s.points ?? [];
  return (
    <ChartFrame
      title={t`Ratings over time`}
      def={{
        word: t`mean`,
        text: (
          <Trans>The mean of the ratings given in each step, as they are. A large dot rests on many.</Trans>
        ),
      }}
      n={n}
      table={{
        head: [t`From`, t`Mean rating`, t`Reviews`, t`Answered`, t`Negative`, t`Neutral`, t`Positive`],
        rows: points.map((p) => [
          p.at.slice(0, 10),
          p.mean === undefined ? null : Math.round(p.mean * 100) / 100,
          p.reviews,
          p.answered,
          p.negative,
          p.neutral,
          p.positive,
        ]),
      }}
    >
      <RatingLine
        lines={[{ name, of: s, colour: "var(--color-cat-1)" }]}
        label={t`Mean rating of ${name}, step by step`}
      />
    </ChartFrame>
  );
}

function Words({
  id,
  range,
  chosen,
  onChoose,
}: {
  id: string;
  range: "30d" | "90d" | "365d";
  chosen: string | undefined;
  onChoose: (word: string | undefined) => void;
}) {
  const words = usePlaceWords(id, range);
  const w = words.data;
  if (!w || (w.words ?? []).length === 0) return null;
  return (
    <Section
      title={<Trans>What they speak of</Trans>}
      n={<Plural value={w.of} one="in the newest review" other="in the newest # reviews" />}
      className="mt-7"
    >
      <ul className="flex flex-wrap gap-2">
        {(w.words ?? []).map((x) => (
          <li key={x.word}>
            <button
              type="button"
              className={`chip ol touch ${chosen === x.word ? "!bg-chosen" : ""}`}
              aria-pressed={chosen === x.word}
              onClick={() => onChoose(chosen === x.word ? undefined : x.word)}
            >
              {x.word} <b className="font-strong">{stars(x.mean)}</b>{" "}
              <span className="text-ink-3">×{count(x.reviews)}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-xs text-ink-3">
        <Trans>
          Words said in three reviews or more, those first whose reviews rate furthest from the mean of{" "}
          {stars(w.mean)}. The figure is the mean rating of the reviews that say it.
        </Trans>
      </p>
    </Section>
  );
}

function About({ of: p }: { of: PlaceDetail }) {
  const refs = p.refs ?? [];
  const inside = p.inside ?? [];
  return (
    <Section title={<Trans>About it</Trans>} className="mt-7">
      <div className="pt-3">
        <Facts
          of={[
            ...(p.code ? [[<Trans key="c">Our number</Trans>, p.code] as const] : []),
            ...(p.phone ? [[<Trans key="p">Phone</Trans>, p.phone] as const] : []),
            [<Trans key="w">Coordinates</Trans>, `${p.lat.toFixed(4)}, ${p.lon.toFixed(4)}`],
            ...(p.town
              ? [
                  [
                    <Trans key="t">City</Trans>,
                    <Link
                      key="tl"
                      to="/listen/places/$id"
                      params={{ id: p.town.id }}
                      className="hover:underline"
                    >
                      {p.town.name}
                    </Link>,
                  ] as const,
                ]
              : []),
            ...refs.map(
              (r) =>
                [
                  r.network === "url" ? t`Address` : r.network,
                  <span key={r.value} className="mono [overflow-wrap:anywhere]">
                    {r.value}
                  </span>,
                ] as const,
            ),
          ]}
        />
      </div>
      {inside.length > 0 && (
        <p className="mt-3">
          <Trans>Branches here:</Trans>{" "}
          {inside.map((b, i) => (
            <span key={b.id}>
              {i > 0 && ", "}
              <Link to="/listen/places/$id" params={{ id: b.id }} className="underline">
                {b.name}
              </Link>
            </span>
          ))}
        </p>
      )}
      <p className="mt-4 text-xs text-ink-3">{p.credit}</p>
    </Section>
  );
}

function Said({
  of: reviews,
  chosen,
  q,
  onClear,
}: {
  of: ReturnType<typeof useReviews>;
  chosen: number | undefined;
  q: string | undefined;
  onClear: () => void;
}) {
  return (
    <section
      aria-label={t`What people say there`}
      className="min-w-0 border-line max-lg:border-t lg:overflow-y-auto lg:border-s"
    >
      <header className="flex min-h-11 items-center gap-2 border-b border-line px-5">
        <h2 className="font-strong">
          {chosen ? (
            <Plural value={chosen} one="Newest with one star" other="Newest with # stars" />
          ) : (
            <Trans>Newest first</Trans>
          )}
        </h2>
        {(chosen || q) && (
          <Button look="g" size="sm" onClick={onClear}>
            {q ? <Trans>“{q}”: show all</Trans> : <Trans>Show all</Trans>}
          </Button>
        )}
      </header>
      <States
        of={reviews}
        pad
        empty={
          <Empty title={<Trans>Nothing was said.</Trans>}>
            <Trans>What is said of this place stands here, with the reason why it is tied to it.</Trans>
          </Empty>
        }
      >
        {(rows) => (
          <>
            {rows.map((m) => (
              <Post key={m.id} post={m} tight />
            ))}
            {reviews.hasMore && (
              <div className="p-4">
                <Button size="sm" touch busy={reviews.loadingMore} onClick={reviews.more}>
                  <Trans>Show more</Trans>
                </Button>
              </div>
            )}
          </>
        )}
      </States>
    </section>
  );
}

function Acts({ of: p }: { of: PlaceDetail }) {
  const may = useMay("listen.write");
  const acts = usePlaceActs();
  const go = useNavigate();
  const [asks, setAsks] = useState<"edit" | "remove">();
  if (!may) return null;
  const closed = p.state === "closed";
  const turn = () =>
    acts.change.mutate(
      { id: p.id, state: closed ? "open" : "closed" },
      {
        onSuccess: () =>
          tell({
            text: closed ? t`${p.name} is open again.` : t`${p.name} is closed. What was said of it stays.`,
            undo: () => acts.change.mutate({ id: p.id, state: closed ? "closed" : "open" }),
          }),
      },
    );
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button look="g" square touch aria-label={t`More acts`} title={t`More acts`}>
            <Ellipsis className="i" aria-hidden />
          </Button>
        }
      >
        <MenuItem icon={<Pencil className="i" aria-hidden />} onSelect={() => setAsks("edit")}>
          <Trans>Change it</Trans>
        </MenuItem>
        <MenuItem
          icon={closed ? <DoorOpen className="i" aria-hidden /> : <DoorClosed className="i" aria-hidden />}
          onSelect={turn}
        >
          {closed ? <Trans>Open again</Trans> : <Trans>Closed for good</Trans>}
        </MenuItem>
        <MenuItem danger icon={<Trash2 className="i" aria-hidden />} onSelect={() => setAsks("remove")}>
          <Trans>Remove</Trans>
        </MenuItem>
      </Menu>
      <BranchForm open={asks === "edit"} onOpenChange={(o) => setAsks(o ? "edit" : undefined)} of={p} />
      <Confirm
        open={asks === "remove"}
        onOpenChange={(o) => setAsks(o ? "remove" : undefined)}
        title={<Trans>Remove {p.name}?</Trans>}
        text={
          <Trans>
            What was said stays on the wall and in the inbox, and is tied to the city where the words say so.
            A branch that has only closed is better marked as closed.
          </Trans>
        }
        look="d"
        act={<Trans>Remove it</Trans>}
        busy={acts.remove.isPending}
        onAct={() =>
          acts.remove.mutate(p.id, {
            onSuccess: () => {
              tell({ text: t`${p.name} is removed.` });
              void go({ to: "/listen/places" });
            },
          })
        }
      />
    </>
  );
}
