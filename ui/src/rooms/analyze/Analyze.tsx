import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Waypoints } from "lucide-react";
import { AppLink, btn, Chip, Empty, Page, States } from "../../kit";
import { useCommands } from "../../lib/commands";
import { entityKind } from "../../lib/facet";
import { count } from "../../lib/format";
import { Authors } from "./Authors";
import { Bars } from "./Bars";
import { Bursts } from "./Bursts";
import { type Explored, type Facet, filterOf, useExplore } from "./data";
import { Feeling } from "./Feeling";
import { Follow } from "./Follow";
import { Heat } from "./Heat";
import { Look, otherName, Period, Share, subjectName, useNames } from "./Look";
import { Places, placeName } from "./Places";
import { Posts } from "./Posts";
import { type AnalyzeSearch, markNames, marksOf, otherOf, ranges, spanOf, subjectOf } from "./search";
import { Topics } from "./Topics";
import { Voice } from "./Voice";
import { Volume } from "./Volume";
import { fewest, lead, rangeName } from "./words";

const route = getRouteApi("/frame/analyze");

type Change = (next: { [K in keyof AnalyzeSearch]?: AnalyzeSearch[K] | undefined }) => void;

// Analyze explores what was heard: one subject in one time, beside the time before
// or another subject. Every mark on every chart narrows the posts beside it, and
// the whole view is an address.
export function Analyze() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const names = useNames();
  const subject = subjectOf(search);
  const span = spanOf(search);
  const other = otherOf(search.vs);
  const data = useExplore(subject, span);
  const beside = useExplore(other ?? {}, span, other !== undefined);
  const set: Change = (next) =>
    void go({
      search: (s) =>
        Object.fromEntries(
          Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined),
        ) as AnalyzeSearch,
      replace: true,
      resetScroll: false,
    });
  useCommands(
    t`Analyze`,
    ranges.map((r, i) => ({
      id: r,
      label: t`Look at ${rangeName(r)}`,
      keys: String(i + 1),
      run: () => set({ range: r, from: undefined, to: undefined, since: undefined, until: undefined }),
    })),
  );
  const who = subjectName(search, names);
  return (
    <Page
      name={t`Analyze`}
      title={<Trans>Analyze</Trans>}
      acts={
        <>
          <Link to="/analyze/network" className={btn("g", "md", "touch")}>
            <Waypoints className="i s" aria-hidden />
            <span className="max-sm:sr-only">
              <Trans>Network</Trans>
            </span>
          </Link>
          <Share />
        </>
      }
    >
      <div className="flex flex-none flex-wrap items-center gap-2 border-b border-line bg-sunken px-4 py-2 sm:px-6">
        <Look of={search} names={names} onChange={(n) => set({ ...n, ...off })} />
        <span className="ms-auto">
          <Period of={search} onChange={set} />
        </span>
      </div>
      <States
        of={data}
        pad
        none={(e) => e.total.count === 0 && e.previous.count === 0 && names.monitors.length === 0}
        empty={<Nothing />}
      >
        {(e) => (
          <div className="scroll lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(20rem,27rem)] lg:overflow-hidden">
            <div className="min-w-0 px-4 py-5 sm:px-6 lg:overflow-y-auto">
              <Charts
                of={e}
                beside={other ? beside.data : undefined}
                search={search}
                set={set}
                who={who}
                besideName={otherName(search.vs, search, names)}
              />
            </div>
            <Posts
              filter={filterOf(subject, e, marksOf(search))}
              marks={marksOf(search)}
              names={{
                channel: (id) => names.channel(id) ?? t`a channel`,
                place: (id) => placeName(e, id),
                author: (id) => e.authors?.find((a) => a.identity === id)?.name ?? t`one author`,
              }}
              onMarks={set}
              onClear={() => set(off)}
            />
          </div>
        )}
      </States>
    </Page>
  );
}

// off takes all marks away.
const off = Object.fromEntries(markNames.map((n) => [n, undefined]));

function Charts({
  of: e,
  beside,
  search: s,
  set,
  who,
  besideName,
}: {
  of: Explored;
  beside: Explored | undefined;
  search: AnalyzeSearch;
  set: Change;
  who: string;
  besideName: string;
}) {
  const facet = (name: string, of: Explored | undefined = e): Facet | undefined =>
    of?.facets?.find((f) => f.name === name);
  const onSpan = (span: { since: string; until: string } | undefined) =>
    set(span ?? { since: undefined, until: undefined });
  const common = { n: e.total.count, readAt: e.read_at, ...(s.vs ? { besideName } : {}) };
  const follow = (name: string) => (v: string | undefined) => set({ trend: v && `${name}:${v}` });
  const followed = (name: string) =>
    s.trend?.startsWith(`${name}:`) ? s.trend.slice(name.length + 1) : undefined;
  return (
    <div className="flex flex-col gap-8">
      <div className="max-w-3xl">
        <p className="text-xl font-strong tracking-tight text-balance">{lead(e, who, s)}</p>
        {e.total.count > 0 && e.total.count < fewest && (
          <p className="mt-2">
            <Chip tone="wait">
              <Trans>n = {count(e.total.count)}: too few for shares to mean much</Trans>
            </Chip>
          </p>
        )}
      </div>
      <Volume
        of={e}
        beside={beside}
        besideName={besideName}
        since={s.since}
        until={s.until}
        onSpan={onSpan}
      />
      <Feeling
        of={e}
        chosen={s.sentiment}
        onChoose={(sentiment) => set({ sentiment })}
        onSpan={(since, until, sentiment) => set({ since, until, sentiment })}
      />
      <Topics
        title={t`What they talk about`}
        def={{
          word: t`topics`,
          text: t`What a model read out of the words, in languages it speaks. A post may be about several.`,
        }}
        facet={facet("topic")}
        n={e.total.count}
        chosen={s.topic}
        followed={followed("topic")}
        onChoose={(topic) => set({ topic })}
        onFollow={follow("topic")}
      />
      {s.trend && (
        <Follow
          subject={subjectOf(s)}
          span={spanOf(s)}
          trend={s.trend}
          onSpan={(span) => {
            const at = s.trend?.indexOf(":") ?? 0;
            set({ ...(span ?? {}), [s.trend?.slice(0, at) ?? ""]: s.trend?.slice(at + 1) });
          }}
          onClose={() => set({ trend: undefined })}
        />
      )}
      <Bursts subject={subjectOf(s)} span={spanOf(s)} chosen={s.q} onChoose={(q) => set({ q })} />
      <Topics
        title={t`What they want`}
        def={{
          word: t`intents`,
          text: t`What a model read out of the words. A post may have several, or none.`,
        }}
        facet={facet("intent")}
        n={e.total.count}
        chosen={s.intent}
        followed={followed("intent")}
        onChoose={(intent) => set({ intent })}
        onFollow={follow("intent")}
      />
      <Places
        of={e}
        level={s.level}
        onLevel={(level) => set({ level })}
        chosen={s.place}
        onChoose={(place) => set({ place })}
      />
      <Voice
        span={spanOf(s)}
        chosen={s.monitor}
        onChoose={(monitor, since, until) =>
          set({ ...off, monitor, programme: undefined, channel: undefined, since, until })
        }
      />
      <div className="gap-x-10 *:mb-8 *:break-inside-avoid lg:columns-2">
        <Bars
          {...common}
          title={t`Emotions`}
          def={{
            word: t`the one that stands out`,
            text: t`Anger, joy, optimism or sadness, where a model is sure enough that one of them stands out.`,
          }}
          facet={facet("emotion")}
          beside={facet("emotion", beside)}
          chosen={s.emotion}
          onChoose={(emotion) => set({ emotion })}
        />
        <Bars
          {...common}
          title={t`What they name`}
          def={{
            word: t`brands, products, people, places, tags`,
            text: t`Things that are named in the words. Handles and addresses are left out.`,
          }}
          facet={facet("entity")}
          beside={facet("entity", beside)}
          chosen={s.entity}
          onChoose={(entity) => set({ entity })}
          kind={entityKind}
        />
        <Bars
          {...common}
          title={t`Languages`}
          def={{
            word: t`as read by the model`,
            text: t`The language a model recognised; where it could not, what the network claims.`,
          }}
          facet={facet("lang")}
          beside={facet("lang", beside)}
          chosen={s.lang}
          onChoose={(lang) => set({ lang })}
        />
        <Bars
          {...common}
          title={t`Channels`}
          def={{ word: t`where it was said`, text: t`The channel on which we heard it.` }}
          facet={facet("channel")}
          beside={facet("channel", beside)}
          chosen={s.on}
          onChoose={(on) => set({ on })}
        />
        <Bars
          {...common}
          title={t`How far it reaches`}
          def={{
            word: t`followers of the author`,
            text: t`As the network told it when the post was heard. 0 where a network does not tell.`,
          }}
          facet={facet("reach")}
          beside={facet("reach", beside)}
          chosen={s.reach}
          onChoose={(reach) => set({ reach })}
        />
      </div>
      <Heat of={e} chosen={s.slot} onChoose={(slot) => set({ slot })} />
      <Authors of={e} chosen={s.author} onChoose={(author) => set({ author })} />
    </div>
  );
}

function Nothing() {
  return (
    <Empty
      title={<Trans>There is nothing to count yet.</Trans>}
      acts={
        <>
          <AppLink href="/settings/channels/new" className={btn("o", "sm")}>
            <Trans>Connect a channel</Trans>
          </AppLink>
          <Link to="/listen/monitors/new" className={btn("g", "sm")}>
            <Trans>Write a monitor</Trans>
          </Link>
        </>
      }
    >
      <Trans>The numbers come by themselves, with the first post.</Trans>
    </Empty>
  );
}
