import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDownWideNarrow, ListChecks, Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, btn, Empty, Menu, MenuItem, MenuLine, ShelfButton, States } from "../../kit";
import { useCommands } from "../../lib/commands";
import { useSettled } from "../../lib/debounce";
import { count } from "../../lib/format";
import { phone, useMedia } from "../../lib/media";
import type { Pages } from "../../lib/pages";
import { useMay } from "../../lib/session";
import { type Talk, useCounts } from "./data";
import { Picked } from "./Picked";
import type { Picking } from "./picking";
import type { View } from "./search";
import { TalkRow } from "./TalkRow";
import { nothing, viewName } from "./words";

const route = getRouteApi("/frame/engage");

interface Props {
  talks: Pages<Talk>;
  chosen: string | undefined;
  picking: Picking;
  onGone: (ids: ReadonlySet<string>) => void;
}

export function List({ talks, chosen, picking, onGone }: Props) {
  const may = useMay("inbox.work");
  const search = route.useSearch();
  const go = route.useNavigate();
  const view = search.view ?? "open";
  const counts = useCounts().data;
  const n = view === "all" || search.q || search.programme ? undefined : counts?.[view];
  const [finding, setFinding] = useState(Boolean(search.q));
  useCommands(t`Inbox`, [
    { id: "find", label: t`Search in conversations`, keys: "/", run: () => setFinding(true) },
  ]);
  const sort = search.sort ?? "recent";
  const sortBy = (s: "recent" | "waiting") => void go({ search: (old) => ({ ...old, sort: s }) });
  return (
    <section className="flex min-h-0 min-w-0 flex-col border-line sm:border-e" aria-label={t`Conversations`}>
      <header className="bar !gap-2 !px-4">
        {picking.on || <ShelfButton />}
        {picking.on ? (
          <Picked rows={talks.data ?? []} picking={picking} onGone={onGone} />
        ) : finding ? (
          <>
            <h1 className="sr-only">{viewName(view)}</h1>
            <Find onClose={() => setFinding(false)} />
          </>
        ) : (
          <>
            <h1 className="!text-md truncate">{viewName(view)}</h1>
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
      <States of={talks} pad empty={<Nothing q={search.q} view={view} />}>
        {(rows) => <Rows rows={rows} talks={talks} chosen={chosen} picking={picking} />}
      </States>
    </section>
  );
}

function Nothing({ q, view }: { q: string | undefined; view: View }) {
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

function Rows({ rows, talks, chosen, picking }: { rows: Talk[] } & Omit<Props, "onGone">) {
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
