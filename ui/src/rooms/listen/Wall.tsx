import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ArrowUp, Link2, Maximize2, Radio, Search, SlidersHorizontal, X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { AppLink, Button, btn, Empty, Field, Input, Page, Sheet, States, tell } from "../../kit";
import { useCommands } from "../../lib/commands";
import { useSettled } from "../../lib/debounce";
import { count } from "../../lib/format";
import { medium, useMedia } from "../../lib/media";
import { Problem } from "../../lib/problem";
import { useMay } from "../../lib/session";
import { type Mention, type Survey, useMentions, useMonitorActs, useNewest, useSurvey } from "./data";
import { Chosen, TimePick } from "./Filters";
import { More } from "./More";
import { Narrow } from "./Narrow";
import { nextPost, Post } from "./Post";
import { ListenShelf, shelfName } from "./Shelf";
import { type Filter, listOf, type WallSearch } from "./search";
import { Thread } from "./Thread";

const route = getRouteApi("/frame/listen");

// newer counts what came since the list was read, newest first on both sides.
export function newer(fresh: readonly { id: string }[], shown: readonly { id: string }[]): number {
  if (shown.length === 0) return fresh.length;
  const known = new Set(shown.map((m) => m.id));
  const at = fresh.findIndex((m) => known.has(m.id));
  return at < 0 ? fresh.length : at;
}

// Wall is everything that is heard, newest first. New posts wait under a bar, so
// that nothing moves while somebody reads; on a screen on the wall they come at once.
export function Wall() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const nav = useNavigate();
  const { m: open, ...filter } = search;
  const survey = useSurvey(filter);
  const names = surveyNames(survey.data);
  const [asks, setAsks] = useState(false);
  const small = useMedia(medium);
  const wall = useWall(filter);
  const set = (next: Partial<Record<keyof WallSearch, string | undefined>>) =>
    void go({
      search: (s) =>
        Object.fromEntries(
          Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined),
        ) as WallSearch,
      replace: true,
    });
  const show = (id: string | undefined) => set({ m: id });
  const step = (by: 1 | -1) => {
    const el = nextPost(open, by);
    if (!el?.dataset.post) return;
    el.scrollIntoView({ block: "nearest" });
    show(el.dataset.post);
  };
  useCommands(t`Live wall`, [
    { id: "down", label: t`Next post`, keys: "j", run: () => step(1) },
    { id: "up", label: t`Previous post`, keys: "k", run: () => step(-1) },
    { id: "fresh", label: t`Show new posts`, keys: "u", run: wall.show },
    {
      id: "find",
      label: t`Search in what was heard`,
      keys: "/",
      run: () => document.getElementById("wall-q")?.focus(),
    },
    { id: "big", label: t`Big screen`, keys: "b", run: () => void nav({ to: "/listen/screen" }) },
  ]);
  const thread = open ? <Thread key={open} id={open} onClose={() => show(undefined)} /> : undefined;
  const narrow = <Narrow of={survey.data} filter={filter} onChange={set} />;
  return (
    <Page
      name={t`Live wall`}
      title={<Trans>Live wall</Trans>}
      shelf={<ListenShelf wall />}
      shelfName={shelfName()}
      acts={
        <>
          <SaveMonitor of={filter} names={names} />
          <CopyLink />
          <Link to="/listen/screen" className={btn("o", "md", "touch")}>
            <Maximize2 className="i s" aria-hidden />
            <span className="max-md:sr-only">
              <Trans>Big screen</Trans>
            </span>
          </Link>
        </>
      }
      {...(small
        ? {}
        : thread
          ? { aside: thread, asideName: t`Thread` }
          : { aside: narrow, asideName: t`Narrow the search` })}
    >
      <div className="flex flex-none flex-wrap items-center gap-1.5 border-b border-line bg-sunken px-4 py-2.5 sm:px-6">
        <Find q={filter.q} error={wall.list.error} onFind={(q) => set({ q })} />
        <TimePick of={filter} onChange={set} />
        {small && (
          <Button size="sm" touch onClick={() => setAsks(true)}>
            <SlidersHorizontal className="i s" aria-hidden />
            <Trans>Narrow</Trans>
          </Button>
        )}
        <Chosen of={filter} names={names} onChange={set} />
        {Object.keys(filter).length > 0 && (
          <Button look="g" size="sm" touch onClick={() => void go({ search: {} })}>
            <X className="i s" aria-hidden />
            <Trans>Clear</Trans>
          </Button>
        )}
        <Total of={survey.data} />
      </div>
      <div className="scroll relative" ref={wall.top}>
        <NewBar wall={wall} />
        {unread(wall.list.error, filter.q) ? (
          <p className="p-6 text-ink-2">
            <Trans>As soon as the search can be read, what fits stands here.</Trans>
          </p>
        ) : (
          <States of={wall.list} pad empty={<Nothing filtered={Object.keys(filter).length > 0} />}>
            {() => (
              <section aria-label={t`Posts`} className="max-w-4xl">
                {wall.rows.map((p) => (
                  <Post
                    key={p.id}
                    post={p}
                    chosen={p.id === open}
                    onOpen={show}
                    onFeeling={(sentiment) => set({ sentiment })}
                  />
                ))}
                <More of={wall.list} />
              </section>
            )}
          </States>
        )}
      </div>
      {small && (
        <Sheet open={Boolean(open)} onOpenChange={(o) => !o && show(undefined)} title={t`Thread`}>
          <div className="aside border-0">{thread}</div>
        </Sheet>
      )}
      {small && (
        <Sheet open={asks} onOpenChange={setAsks} title={t`Narrow the search`}>
          <div className="aside border-0">{narrow}</div>
        </Sheet>
      )}
    </Page>
  );
}

// unread is why a search cannot be read, where that is what is wrong.
function unread(error: unknown, q: string | undefined): string | undefined {
  return error instanceof Problem && error.kind === "invalid" && q ? error.message : undefined;
}

type Walls = ReturnType<typeof useWall>;

// useWall holds the list still and counts what came since.
function useWall(filter: Filter) {
  const cache = useQueryClient();
  const list = useMentions("wall", filter);
  const newest = useNewest(filter);
  const top = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => {
    const now = new Map((newest.data ?? []).map((m) => [m.id, m]));
    return (list.data ?? []).map((m): Mention => now.get(m.id) ?? m);
  }, [list.data, newest.data]);
  const n = list.data && newest.data ? newer(newest.data, list.data) : 0;
  const show = () => {
    top.current?.scrollTo({ top: 0 });
    void cache.resetQueries({ queryKey: ["wall", "list"] });
  };
  // Where nothing stood, nothing can jump.
  const bare = list.data?.length === 0 && n > 0;
  useEffect(() => {
    if (bare) void cache.invalidateQueries({ queryKey: ["wall", "list"] });
  }, [bare, cache]);
  return { list, rows, n, show, top };
}

function NewBar({ wall }: { wall: Walls }) {
  const n = wall.n;
  return (
    <div role="status" className="sticky top-0 z-(--z-pane)">
      {n > 0 && wall.rows.length > 0 && (
        <button
          type="button"
          onClick={wall.show}
          className="flex min-h-9 w-full items-center justify-center gap-1.5 border-b border-line bg-voice-wash font-strong text-voice hover:bg-chosen"
        >
          <ArrowUp className="i s" aria-hidden />
          {n >= 100 ? <Trans>More than 100 new</Trans> : <Plural value={n} one="# new" other="# new" />}
        </button>
      )}
    </div>
  );
}

function Find({
  q,
  error,
  onFind,
}: {
  q: string | undefined;
  error: unknown;
  onFind: (q: string | undefined) => void;
}) {
  const [words, setWords] = useState(q ?? "");
  const settled = useSettled(words.trim(), 400);
  const find = useRef(onFind);
  find.current = onFind;
  const given = useRef(q ?? "");
  useEffect(() => {
    if (settled === given.current) return;
    given.current = settled;
    find.current(settled || undefined);
  }, [settled]);
  useEffect(() => {
    if ((q ?? "") === given.current) return;
    given.current = q ?? "";
    setWords(q ?? "");
  }, [q]);
  const wrong = unread(error, q);
  return (
    <Field
      label={<Trans>Search in what was heard</Trans>}
      hidden
      error={wrong}
      className="min-w-56 flex-1 basis-72"
    >
      <span className="relative block">
        <Search
          className="i s pointer-events-none absolute start-2.5 top-1/2 -translate-y-1/2 text-ink-3"
          aria-hidden
        />
        <Input
          id="wall-q"
          type="search"
          className="mono ps-8!"
          value={words}
          placeholder={t`kettle NEAR/4 handle NOT advert lang:en from:maria`}
          onChange={(e) => setWords(e.target.value)}
          onKeyDown={(e) => e.key === "Escape" && setWords("")}
          autoComplete="off"
          spellCheck={false}
        />
      </span>
    </Field>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered)
    return (
      <Empty
        title={<Trans>Nothing that was heard fits.</Trans>}
        acts={
          <Link to="/listen" search={{}} className={btn("o", "sm")}>
            <Trans>Show everything</Trans>
          </Link>
        }
      >
        <Trans>Take a filter away, or wait: what fits appears here by itself.</Trans>
      </Empty>
    );
  return (
    <Empty
      title={<Trans>Nothing was heard yet.</Trans>}
      acts={
        <>
          <AppLink href="/settings/channels/new" className={btn("o", "sm")}>
            <Trans>Connect a channel</Trans>
          </AppLink>
          <AppLink href="/settings/practice" className={btn("g", "sm")}>
            <Trans>Let somebody speak</Trans>
          </AppLink>
        </>
      }
    >
      <Trans>What people say appears here as it is said, once a channel is connected.</Trans>
    </Empty>
  );
}

// surveyNames says what ids in the address are called, as the survey tells.
function surveyNames(s: Survey | undefined) {
  const of = (facet: string) => (id: string) =>
    s?.facets?.find((f) => f.name === facet)?.values?.find((v) => v.value === id)?.name;
  const place = (id: string) => of("branch")(id) ?? of("city")(id) ?? of("country")(id);
  return { channel: of("channel"), programme: of("programme"), place };
}

function Total({ of: s }: { of: Survey | undefined }) {
  if (!s) return null;
  return (
    <span role="status" className="ms-auto text-xs text-ink-3">
      {s.exact ? (
        <Plural value={s.total} one="# post" other="# posts" />
      ) : (
        <Trans>
          {count(s.total)} among the newest {count(s.looked)}
        </Trans>
      )}
    </span>
  );
}

function CopyLink() {
  return (
    <Button
      touch
      square
      aria-label={t`Copy the link to this view`}
      title={t`Copy the link to this view`}
      onClick={() =>
        void navigator.clipboard
          .writeText(window.location.href)
          .then(() => tell({ text: t`The link to this view is copied.` }))
          .catch(() => tell({ text: t`This browser does not let us copy; the address bar has the link.` }))
      }
    >
      <Link2 className="i s" aria-hidden />
    </Button>
  );
}

// SaveMonitor listens for what is searched from now on. What a query cannot ask for,
// such as a feeling, is left out and said so.
function SaveMonitor({ of: f, names }: { of: Filter; names: ReturnType<typeof surveyNames> }) {
  const may = useMay("listen.write");
  const acts = useMonitorActs();
  const go = useNavigate();
  if (!may || !f.q) return null;
  const q = f.q;
  const channel = f.channel && names.channel(f.channel);
  const places = listOf(f.place).map((id) => {
    const name = names.place(id);
    return name ? `place:"${name.replaceAll('"', "")}"` : "";
  });
  const known = places.length > 0 && places.every(Boolean);
  const query = [
    f.lang || channel || known ? `(${q})` : q,
    f.lang && f.lang !== "und" ? `lang:${f.lang}` : "",
    channel ? `channel:"${channel.replaceAll('"', "")}"` : "",
    known ? (places.length > 1 ? `(${places.join(" OR ")})` : places[0]) : "",
  ]
    .filter(Boolean)
    .join(" ");
  const left = Boolean(
    f.sentiment || f.topic || f.intent || f.emotion || f.entity || f.toxicity || f.reach || f.programme,
  );
  return (
    <Button
      touch
      busy={acts.add.isPending}
      onClick={() =>
        acts.add.mutate(
          { name: q.slice(0, 60), query, kind: "topic", inbox: false, programme: "" },
          {
            onSuccess: (m) => {
              tell({
                text: left
                  ? t`${m.name} listens now. Feelings, topics and the like are chosen on its page, not in its query.`
                  : t`${m.name} listens now.`,
                undo: () => acts.remove.mutate(m.id),
              });
              void go({ to: "/listen/monitors/$id", params: { id: m.id } });
            },
            onError: () => void go({ to: "/listen/monitors/new", search: { q: query } }),
          },
        )
      }
    >
      <Radio className="i s" aria-hidden />
      <span className="max-md:sr-only">
        <Trans>Save as monitor</Trans>
      </span>
    </Button>
  );
}
