import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  ArrowDown,
  ArrowDownWideNarrow,
  ArrowUp,
  Link as LinkIcon,
  ListChecks,
  ListFilter,
  Search,
  X,
} from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, btn, Empty, Menu, MenuItem, MenuLine, ShelfButton, States, tell } from "../../kit";
import { useCommands } from "../../lib/commands";
import { useSettled } from "../../lib/debounce";
import { count } from "../../lib/format";
import { phone, useMedia } from "../../lib/media";
import type { Pages } from "../../lib/pages";
import { useMay } from "../../lib/session";
import { type Talk, useCounts } from "./data";
import { type SavedView, useViewActs, useViews } from "./desk";
import { Picked } from "./Picked";
import type { Picking } from "./picking";
import type { View } from "./search";
import { TalkRow } from "./TalkRow";
import { ViewEditor } from "./ViewEditor";
import { nothing } from "./words";

const route = getRouteApi("/frame/engage");

interface Props {
  talks: Pages<Talk>;
  chosen: string | undefined;
  picking: Picking;
  name: string;
  saved: SavedView | undefined; // the saved view that is shown, if one is
  onAll: () => void; // choose all of the list
  onGone: (ids: ReadonlySet<string>) => void;
}

export function List({ talks, chosen, picking, name, saved, onAll, onGone }: Props) {
  const may = useMay("inbox.work");
  const search = route.useSearch();
  const go = route.useNavigate();
  const view = search.view ?? "open";
  const counts = useCounts().data;
  const n =
    view === "all" || view === "mentions" || search.q || search.programme || search.saved || search.team
      ? undefined
      : counts?.[view];
  const [editing, setEditing] = useState(false);
  const [finding, setFinding] = useState(Boolean(search.q));
  useCommands(t`Inbox`, [
    { id: "find", label: t`Search in conversations`, keys: "/", run: () => setFinding(true) },
  ]);
  const sort = search.sort ?? saved?.sort ?? "recent";
  const sortBy = (s: "recent" | "waiting") => void go({ search: (old) => ({ ...old, sort: s }) });
  return (
    <section className="flex min-h-0 min-w-0 flex-col border-line sm:border-e" aria-label={t`Conversations`}>
      <header className="bar !gap-2 !px-4">
        {picking.on || <ShelfButton />}
        {picking.on ? (
          <Picked
            rows={talks.data ?? []}
            picking={picking}
            hasMore={talks.hasMore}
            onAll={onAll}
            onGone={onGone}
          />
        ) : finding ? (
          <>
            <h1 className="sr-only">{name}</h1>
            <Find onClose={() => setFinding(false)} />
          </>
        ) : (
          <>
            <h1 className="!text-md truncate">{name}</h1>
            {n !== undefined && <span className="text-ink-3">{count(n)}</span>}
            <span className="ms-auto flex flex-none">
              <Button
                look="g"
                size="sm"
                square
                touch
                aria-label={t`Search`}
                title={t`Search`}
                onClick={() => setFinding(true)}
              >
                <Search className="i s" aria-hidden />
              </Button>
              <Menu
                align="end"
                trigger={
                  <Button look="g" size="sm" touch>
                    <ArrowDownWideNarrow className="i s" aria-hidden />
                    <span className="max-lg:sr-only">
                      {sort === "waiting" ? <Trans>Longest wait</Trans> : <Trans>Latest</Trans>}
                    </span>
                  </Button>
                }
              >
                <MenuItem chosen={sort === "recent"} onSelect={() => sortBy("recent")}>
                  <Trans>Latest first</Trans>
                </MenuItem>
                <MenuItem chosen={sort === "waiting"} onSelect={() => sortBy("waiting")}>
                  <Trans>Longest wait first</Trans>
                </MenuItem>
                <ViewMenu saved={saved} onEdit={() => setEditing(true)} />
                {may && (
                  <>
                    <MenuLine />
                    <MenuItem
                      icon={<ListChecks className="i" aria-hidden />}
                      keys="x"
                      onSelect={picking.begin}
                    >
                      <Trans>Choose several</Trans>
                    </MenuItem>
                  </>
                )}
              </Menu>
            </span>
          </>
        )}
      </header>
      <States
        of={talks}
        pad
        empty={
          talks.hasMore || talks.looked > 0 ? (
            <Looked talks={talks} />
          ) : (
            <Nothing
              q={search.q}
              view={search.saved || search.team ? "all" : view}
              kept={Boolean(search.saved ?? search.team)}
            />
          )
        }
      >
        {(rows) => (
          <>
            <Rows rows={rows} talks={talks} chosen={chosen} picking={picking} />
            {talks.looked > 0 && talks.hasMore && <Looked talks={talks} />}
          </>
        )}
      </States>
      <ViewEditor
        view={saved}
        open={editing}
        onOpenChange={setEditing}
        onSaved={(id) => void go({ search: { saved: id } })}
        onGone={() => void go({ search: {} })}
      />
    </section>
  );
}

// Looked says how much was looked through where no index knows what fits, and goes on:
// by itself for a while, then when asked.
function Looked({ talks }: { talks: Pages<Talk> }) {
  const { hasMore, more, loadingMore, looked } = talks;
  const rows = talks.data?.length ?? 0;
  const auto = hasMore && rows < 20 && looked < 20_000;
  useEffect(() => {
    if (auto && !loadingMore) more();
  }, [auto, loadingMore, more]);
  const n = count(looked);
  if (auto || loadingMore)
    return (
      <p className="border-t border-line px-4 py-2 text-xs text-ink-3" role="status">
        <Trans>Looked through {n} conversations, looking on …</Trans>
      </p>
    );
  return (
    <p
      className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2 text-xs text-ink-3"
      role="status"
    >
      <Trans>Looked through {n} conversations.</Trans>
      {hasMore && (
        <Button size="sm" look="g" touch onClick={more}>
          <Trans>Look further</Trans>
        </Button>
      )}
    </p>
  );
}

// ViewMenu is what one can do with the view that is shown.
function ViewMenu({ saved, onEdit }: { saved: SavedView | undefined; onEdit: () => void }) {
  const search = route.useSearch();
  const shelf = useViews().data;
  const acts = useViewActs();
  const list = shelf?.items ?? [];
  const ids = list.map((v) => v.id);
  const here = search.saved ?? (search.team || search.programme ? undefined : (search.view ?? "open"));
  const i = saved ? ids.indexOf(saved.id) : -1;
  const keep = (views: string[], first: string | undefined) =>
    acts.shelve.mutate({ views, ...(first ? { first } : {}) });
  const move = (by: number) => {
    const next = [...ids];
    const [id] = next.splice(i, 1);
    if (id) next.splice(i + by, 0, id);
    keep(next, shelf?.first);
  };
  return (
    <>
      <MenuLine />
      <MenuItem icon={<ListFilter className="i" aria-hidden />} onSelect={onEdit}>
        {saved ? <Trans>Change this view</Trans> : <Trans>New view</Trans>}
      </MenuItem>
      {here && (
        <MenuItem
          chosen={(shelf?.first ?? "open") === here}
          onSelect={() => keep(ids, here === "open" ? undefined : here)}
        >
          <Trans>Begin with this view</Trans>
        </MenuItem>
      )}
      {i > 0 && (
        <MenuItem icon={<ArrowUp className="i" aria-hidden />} onSelect={() => move(-1)}>
          <Trans>Move up</Trans>
        </MenuItem>
      )}
      {i >= 0 && i < ids.length - 1 && (
        <MenuItem icon={<ArrowDown className="i" aria-hidden />} onSelect={() => move(1)}>
          <Trans>Move down</Trans>
        </MenuItem>
      )}
      {saved && (
        <MenuItem
          icon={<LinkIcon className="i" aria-hidden />}
          onSelect={() => {
            void navigator.clipboard?.writeText(`${location.origin}/engage?saved=${saved.id}`);
            tell({ text: t`The link to “${saved.name}” is copied.` });
          }}
        >
          <Trans>Copy the link</Trans>
        </MenuItem>
      )}
    </>
  );
}

function Nothing({ q, view, kept }: { q: string | undefined; view: View; kept?: boolean }) {
  if (kept && !q)
    return (
      <Empty title={<Trans>Nothing is like that just now.</Trans>}>
        <Trans>What comes to be like that appears here by itself.</Trans>
      </Empty>
    );
  if (q)
    return (
      <Empty title={<Trans>Nothing was said with these words.</Trans>}>
        <Trans>All words must appear; try fewer.</Trans>
      </Empty>
    );
  return (
    <Empty
      title={nothing(view)}
      acts={
        view === "all" ? undefined : (
          <Link to="/engage" search={{ view: "all" }} className={btn("o", "sm")}>
            <Trans>Look at all</Trans>
          </Link>
        )
      }
    >
      {view === "snoozed" ? (
        <Trans>What you snooze waits here, and comes back by itself.</Trans>
      ) : view === "resolved" ? (
        <Trans>What is done stands here, and opens again when somebody writes.</Trans>
      ) : (
        <Trans>New messages appear here by themselves.</Trans>
      )}
    </Empty>
  );
}

// A field that was opened to be written in takes the focus, once.
const focus = (el: HTMLInputElement | null) => el?.focus();

function Find({ onClose }: { onClose: () => void }) {
  const { q } = route.useSearch();
  const go = route.useNavigate();
  const [words, setWords] = useState(q ?? "");
  const settled = useSettled(words.trim());
  useEffect(() => {
    if (settled !== (q ?? ""))
      void go({ search: ({ q: _, ...s }) => (settled ? { ...s, q: settled } : s), replace: true });
  }, [settled, q, go]);
  const close = () => {
    void go({ search: ({ q: _, ...s }) => s, replace: true });
    onClose();
  };
  return (
    <label className="input">
      <Search className="i s text-ink-3" aria-hidden />
      <span className="sr-only">
        <Trans>Search in conversations</Trans>
      </span>
      <input
        ref={focus}
        value={words}
        onChange={(e) => setWords(e.target.value)}
        onKeyDown={(e) => e.key === "Escape" && close()}
        placeholder={t`Words, names`}
        className="min-w-0 flex-1 bg-transparent outline-none focus-visible:shadow-none"
      />
      <button
        type="button"
        aria-label={t`Close search`}
        onClick={close}
        className="grid size-6 place-items-center"
      >
        <X className="i s" aria-hidden />
      </button>
    </label>
  );
}

function Rows({
  rows,
  talks,
  chosen,
  picking,
}: { rows: Talk[] } & Pick<Props, "talks" | "chosen" | "picking">) {
  const small = useMedia(phone);
  const may = useMay("inbox.work");
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => 104,
    overscan: 8,
    getItemKey: (i) => rows[i]?.id ?? i,
  });
  const items = virtual.getVirtualItems();
  const end = items[items.length - 1]?.index ?? 0;
  const { more, hasMore } = talks;
  useEffect(() => {
    if (hasMore && end >= rows.length - 6) more();
  }, [end, rows.length, hasMore, more]);
  const at = rows.findIndex((r) => r.id === chosen);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [at, virtual]);
  return (
    <div ref={box} className="scroll">
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((v) => {
          const row = rows[v.index];
          return (
            row && (
              <div
                key={v.key}
                ref={virtual.measureElement}
                data-index={v.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${v.start}px)` }}
              >
                <TalkRow
                  talk={row}
                  chosen={row.id === chosen}
                  picked={picking.ids.has(row.id)}
                  picking={picking.on}
                  whole={small}
                  onPick={may ? picking.toggle : undefined}
                />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}
