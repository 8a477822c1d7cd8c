import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";
import { Empty, Page } from "../../kit";
import { useCommands } from "../../lib/commands";
import { phone, useMedia } from "../../lib/media";
import { useMay } from "../../lib/session";
import { About } from "./About";
import { useTalk, useTalks } from "./data";
import { useTeams, useViews } from "./desk";
import { List } from "./List";
import { mostPicked, usePicking } from "./picking";
import { views } from "./search";
import { Thread } from "./Thread";
import { Views } from "./Views";
import { viewName } from "./words";

const none: never[] = [];
const route = getRouteApi("/frame/engage");

// Inbox is three panes: views, conversations, the one that is open; beside it, the
// person. The address holds the view and the open conversation.
export function Inbox() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const small = useMedia(phone);
  const talks = useTalks(search);
  const talk = useTalk(search.c);
  const rows = talks.data ?? none;
  const { c: _, ...list } = search;
  const picking = usePicking(rows, JSON.stringify(list));
  const may = useMay("inbox.work");
  const open = useCallback(
    (c: string | undefined, replace = false) =>
      void go({
        replace,
        search: (s) => {
          const { c: _, ...rest } = s;
          return c ? { ...rest, c } : rest;
        },
      }),
    [go],
  );
  const step = (by: 1 | -1) => {
    const i = rows.findIndex((r) => r.id === search.c);
    const next = i < 0 ? rows[0] : rows[i + by];
    if (next) open(next.id);
    if (by === 1 && i >= rows.length - 4) talks.more();
  };
  // After an act that takes the conversation out of the view, the next one has the floor.
  const leave = () => {
    const i = rows.findIndex((r) => r.id === search.c);
    open(small ? undefined : (rows[i + 1] ?? rows[i - 1])?.id);
  };
  // The same for many: the next one that stays.
  const gone = (ids: ReadonlySet<string>) => {
    if (!search.c || !ids.has(search.c)) return;
    const i = rows.findIndex((r) => r.id === search.c);
    const stays = (r: { id: string }) => !ids.has(r.id);
    open(small ? undefined : (rows.slice(i).find(stays) ?? rows.slice(0, i).findLast(stays))?.id);
  };
  const pick = () => {
    const id = rows.some((r) => r.id === search.c) ? search.c : rows[0]?.id;
    if (id) picking.toggle(id);
  };
  useCommands(t`Inbox`, [
    { id: "next", label: t`Next conversation`, keys: "j", run: () => step(1) },
    { id: "previous", label: t`Previous conversation`, keys: "k", run: () => step(-1) },
    ...(may ? [{ id: "pick", label: t`Choose this conversation`, keys: "x", run: pick }] : []),
  ]);
  const both = !small;
  const kept = useViews();
  const teams = useTeams().data;
  const saved = kept.data?.items?.find((v) => v.id === search.saved);
  const team = teams?.find((x) => x.id === search.team);
  const name = search.saved
    ? (saved?.name ?? t`View`)
    : search.team
      ? (team?.name ?? t`Team`)
      : viewName(search.view ?? "open");
  // One begins with the view of one's own choice, where the address names none.
  const first = kept.data?.first;
  const bare = Object.keys(search).length === 0;
  useEffect(() => {
    if (!bare || !first) return;
    const view = views.find((v) => v === first);
    void go({ search: view ? { view } : { saved: first }, replace: true });
  }, [bare, first, go]);
  // All of the list: as many as the server takes at once, page by page.
  const [wantsAll, setWantsAll] = useState(false);
  const { hasMore, more, loadingMore } = talks;
  const pickAll = picking.all;
  useEffect(() => {
    if (!wantsAll) return;
    pickAll(rows);
    if (!hasMore || rows.length >= mostPicked) setWantsAll(false);
    else if (!loadingMore) more();
  }, [wantsAll, rows, hasMore, loadingMore, more, pickAll]);
  useEffect(() => {
    if (!may) return;
    const press = (e: KeyboardEvent) => {
      const el = e.target as HTMLElement | null;
      if (!(e.metaKey || e.ctrlKey) || e.key.toLowerCase() !== "a" || e.defaultPrevented) return;
      if (el?.closest("input,textarea,select,[contenteditable],[role=dialog]")) return;
      e.preventDefault();
      setWantsAll(true);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [may]);
  return (
    <Page
      name={talk.data?.author.name ?? name}
      title={name}
      bar={false}
      dense
      shelf={<Views />}
      shelfName={t`Inbox`}
      aside={talk.data && search.c ? <About talk={talk.data} /> : undefined}
      asideName={talk.data ? t`About ${talk.data.author.name}` : undefined}
    >
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] sm:grid-cols-[minmax(14rem,17rem)_minmax(0,1fr)] md:grid-cols-[minmax(15rem,var(--list))_minmax(0,1fr)]">
        {(both || !search.c) && (
          <List
            talks={talks}
            chosen={search.c}
            picking={picking}
            name={name}
            saved={saved}
            onAll={() => setWantsAll(true)}
            onGone={gone}
          />
        )}
        {search.c ? (
          <Thread
            key={search.c}
            id={search.c}
            talk={talk}
            many={picking.ids.size > 0}
            onLeave={leave}
            onBack={small ? () => open(undefined) : undefined}
            onOpen={open}
          />
        ) : (
          both && (
            <div className="grid place-items-center p-6 max-sm:hidden">
              <Empty title={<Trans>No conversation is open.</Trans>}>
                <Trans>Choose one, or press J to begin with the first.</Trans>
              </Empty>
            </div>
          )
        )}
      </div>
    </Page>
  );
}
