import { t } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { CircleHelp, Hand, LayoutGrid, Search } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Count, Mark, Sheet, Tip, tell } from "../kit";
import { api, ok } from "../lib/api";
import { open } from "../lib/commands";
import { listen, useLine } from "../lib/live";
import { useSession } from "../lib/session";
import { Account } from "./Account";
import { Bell, BellRow, useUnread } from "./Bell";
import { type Room, rooms } from "./rooms";

// The palette and the help come after the first screen.
const Commands = lazy(() => import("./Commands").then((m) => ({ default: m.Commands })));

// Shell is the frame around all rooms: rail (or bottom bar), palette, live line.
export function Shell() {
  const cache = useQueryClient();
  useEffect(() => listen(cache), [cache]);
  useAlarm();
  return (
    <div className="app">
      <a href="#stage" className="skip btn p">
        <Trans>Skip to the content</Trans>
      </a>
      <Rail />
      <div className="flex min-h-0 min-w-0 flex-col">
        <LineState />
        <HoldState />
        <div className="grid min-h-0 flex-1">
          <Outlet />
        </div>
      </div>
      <Bottom />
      <Suspense>
        <Commands />
      </Suspense>
    </div>
  );
}

function useWaiting(): number {
  const may = useSession()?.member?.permissions?.includes("inbox.read") ?? false;
  const { data } = useQuery({
    queryKey: ["counts"],
    queryFn: ({ signal }) => ok(api.GET("/api/conversations/counts", { signal })),
    enabled: may,
  });
  return (data?.mine ?? 0) + (data?.unassigned ?? 0);
}

// useAlarms is how many alerts nobody looks after yet.
function useAlarms(): number {
  const may = useSession()?.member?.permissions?.includes("listen.read") ?? false;
  const { data } = useQuery({
    queryKey: ["alerts", "counts"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/alerts/counts", { signal }))).open,
    enabled: may,
  });
  return data ?? -1; // not known yet
}

// useAlarm says so, wherever one is, when an alert is raised.
function useAlarm() {
  const n = useAlarms();
  const had = useRef(n);
  useEffect(() => {
    if (n > had.current && had.current >= 0)
      tell({ text: t`Something is out of the ordinary: look at the alerts under Listen.`, bad: true });
    had.current = n;
  }, [n]);
}

// useAsked is how many questions the hive has for this member.
function useAsked(): number {
  const may = useSession()?.member?.permissions?.includes("inbox.reply") ?? false;
  const { data } = useQuery({
    queryKey: ["hive", "me"],
    queryFn: ({ signal }) => ok(api.GET("/api/hive/me", { signal })),
    enabled: may,
  });
  return data?.offers ?? 0;
}

function RoomLink({ room, waiting }: { room: Room; waiting: number }) {
  const alarms = useAlarms();
  const asked = useAsked();
  const { i18n } = useLingui();
  const Icon = room.icon;
  return (
    <Link
      to={room.to}
      activeOptions={{ exact: room.to === "/", includeSearch: false }}
      activeProps={{ "aria-current": "page" }}
    >
      <Icon className="i l" aria-hidden />
      {i18n._(room.name)}
      {room.to === "/engage" && <Count n={waiting} label={t`yours or nobody’s yet`} />}
      {room.to === "/hive" && <Count n={asked} label={t`questions for you`} />}
      {room.to === "/listen" && <Count n={alarms} label={t`open alerts`} alarm />}
    </Link>
  );
}

function Rail() {
  const waiting = useWaiting();
  return (
    <nav className="rail" aria-label="Parley">
      <Mark />
      {rooms.map((r) => (
        <div key={r.to} className="contents">
          {r.gap && <span className="gap" />}
          <RoomLink room={r} waiting={waiting} />
        </div>
      ))}
      <span className="flex-1" />
      <Bell />
      <Tip text={<Trans>Keys and help</Trans>} side="inline-end">
        <button
          type="button"
          className="item !min-h-10"
          aria-label={t`Keys and help`}
          onClick={() => open("help")}
        >
          <CircleHelp className="i l" aria-hidden />
        </button>
      </Tip>
      <div className="mt-2">
        <Account />
      </div>
    </nav>
  );
}

function Bottom() {
  const waiting = useWaiting();
  const unread = useUnread();
  const [more, setMore] = useState(false);
  const { i18n } = useLingui();
  return (
    <nav className="bottom" aria-label="Parley">
      {rooms
        .filter((r) => r.bottom)
        .slice(0, 4)
        .map((r) => (
          <RoomLink key={r.to} room={r} waiting={waiting} />
        ))}
      <button type="button" onClick={() => setMore(true)}>
        <LayoutGrid className="i l" aria-hidden />
        <Trans>More</Trans>
        <Count n={unread} label={t`new notices`} />
      </button>
      <Sheet open={more} onOpenChange={setMore} title={t`More`}>
        <div className="flex flex-col gap-1 px-3 pb-6">
          <BellRow onGo={() => setMore(false)} />
          {rooms
            .filter((r) => !r.bottom)
            .map((r) => {
              const Icon = r.icon;
              return (
                <Link key={r.to} to={r.to} className="it !min-h-12 text-lg" onClick={() => setMore(false)}>
                  <Icon className="i l" aria-hidden />
                  {i18n._(r.name)}
                </Link>
              );
            })}
          <button
            type="button"
            className="it !min-h-12 text-lg"
            onClick={() => {
              setMore(false);
              open("palette");
            }}
          >
            <Search className="i l" aria-hidden />
            <Trans>Search or do anything</Trans>
          </button>
          <Account list onGo={() => setMore(false)} />
        </div>
      </Sheet>
    </nav>
  );
}

// HoldState says everywhere that publishing is held, so that nobody wonders or works around it.
function HoldState() {
  const may = useSession()?.member?.permissions?.includes("publish.read") ?? false;
  const { data } = useQuery({
    queryKey: ["publish", "counts"],
    queryFn: ({ signal }) => ok(api.GET("/api/publish/counts", { signal })),
    enabled: may,
  });
  const hold = data?.holds?.find((h) => !h.programme) ?? data?.holds?.[0];
  const inside = useLocation().pathname.startsWith("/publish");
  if (!hold || inside) return null;
  const where = hold.programme?.name;
  const why = hold.reason;
  return (
    <Link to="/publish" role="status" className="held-bar">
      <Hand className="i s flex-none" aria-hidden />
      <span className="min-w-0 truncate">
        {where ? (
          <Trans>
            Publishing for {where} is held: {why}
          </Trans>
        ) : (
          <Trans>Publishing is held: {why}</Trans>
        )}
      </span>
    </Link>
  );
}

function LineState() {
  const line = useLine();
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (line !== "late") return setLong(false);
    const timer = setTimeout(() => setLong(true), 2500);
    return () => clearTimeout(timer);
  }, [line]);
  return (
    <div role="status">
      {long && (
        <div className="link-state">
          <Trans>The line to Parley is broken. We connect again; what you see may be old.</Trans>
        </div>
      )}
    </div>
  );
}
