import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowUp, Maximize2, Search, X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { AppLink, Button, btn, Empty, Field, Input, Page, Sheet, States } from "../../kit";
import { useCommands } from "../../lib/commands";
import { useSettled } from "../../lib/debounce";
import { medium, useMedia } from "../../lib/media";
import { Problem } from "../../lib/problem";
import { type Mention, useMentions, useNewest } from "./data";
import { Filters } from "./Filters";
import { More } from "./More";
import { nextPost, Post } from "./Post";
import { ListenShelf, shelfName } from "./Shelf";
import type { Filter, WallSearch } from "./search";
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
  const { m: open, big, ...filter } = search;
  const small = useMedia(medium);
  const wall = useWall(filter);
  const set = (next: Partial<Record<keyof WallSearch, string | boolean | undefined>>) =>
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
    {
      id: "big",
      label: t`Big screen`,
      keys: "b",
      run: () => set({ big: big ? undefined : true, m: undefined }),
    },
  ]);
  if (big) return <Big wall={wall} onLeave={() => set({ big: undefined })} />;
  const thread = open ? <Thread key={open} id={open} /> : undefined;
  return (
    <Page
      name={t`Live wall`}
      title={<Trans>Live wall</Trans>}
      shelf={<ListenShelf wall />}
      shelfName={shelfName()}
      acts={
        <Button touch onClick={() => set({ big: true, m: undefined })}>
          <Maximize2 className="i s" aria-hidden />
          <span className="max-sm:sr-only">
            <Trans>Big screen</Trans>
          </span>
        </Button>
      }
      {...(thread && !small ? { aside: thread, asideName: t`Thread` } : {})}
    >
      <div className="flex flex-none flex-wrap items-center gap-1.5 border-b border-line bg-sunken px-4 py-2.5 sm:px-6">
        <Find q={filter.q} error={wall.list.error} onFind={(q) => set({ q })} />
        <Filters of={filter} rows={wall.rows} onChange={set} />
        {Object.keys(filter).length > 0 && (
          <Button look="g" size="sm" touch onClick={() => void go({ search: {} })}>
            <X className="i s" aria-hidden />
            <Trans>Clear</Trans>
          </Button>
        )}
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
  return { list, rows, n, show, top, whole: newest.data?.length ?? 0, newest: newest.data ?? [] };
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

// Big is the wall for a screen on the wall: no rail, no shelf, larger words, always the newest.
function Big({ wall, onLeave }: { wall: Walls; onLeave: () => void }) {
  return (
    <div className="fixed inset-0 z-(--z-pane) flex flex-col bg-paper" data-whole>
      <Page
        name={t`Live wall`}
        title={<Trans>Live wall</Trans>}
        acts={
          <Button look="g" touch onClick={onLeave}>
            <X className="i s" aria-hidden />
            <Trans>Leave big screen</Trans>
          </Button>
        }
      >
        <div className="scroll">
          <States of={wall.list} pad empty={<Nothing filtered={false} />}>
            {() => (
              <section aria-label={t`Posts`} className="mx-auto max-w-6xl py-4" aria-live="polite">
                {(wall.newest.length ? wall.newest : wall.rows).slice(0, 30).map((p) => (
                  <Post key={p.id} post={p} big />
                ))}
              </section>
            )}
          </States>
        </div>
      </Page>
    </div>
  );
}
