import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Columns3, Expand, Pause, Play, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import {
  Avatar,
  Bars,
  Button,
  btn,
  FeelingBar,
  feelingOf,
  Menu,
  MenuItem,
  MenuLabel,
  Sign,
  States,
} from "../../kit";
import { api, ok } from "../../lib/api";
import { count, longDay } from "../../lib/format";
import { highlight } from "../../lib/highlight";
import { useKeys } from "../../lib/keys";
import { useLine } from "../../lib/live";
import { useNow } from "../../lib/tick";
import { type Mention, type Monitor, useMonitors } from "./data";

const route = getRouteApi("/frame/listen/screen");
const most = 4; // columns that can be read from across a room

export interface ScreenSearch {
  m?: string; // monitors, with commas between; one stream of everything if left out
}

// Screen is the wall for a big screen: large words, one stream or a column for each
// monitor, the newest first, by itself. Nobody need touch it; whoever does can pause.
export function Screen() {
  const { m } = route.useSearch();
  const go = route.useNavigate();
  const monitors = useMonitors().data ?? [];
  const ids = (m ?? "").split(",").filter(Boolean).slice(0, most);
  const columns = ids.map((id) => monitors.find((x) => x.id === id)).filter((x): x is Monitor => Boolean(x));
  const [paused, setPaused] = useState(false);
  const idle = useIdle(4000);
  useAwake();
  useEffect(() => {
    document.title = `${t`Live wall`} · Parley`;
  }, []);
  const toggle = (id: string) => {
    const next = ids.includes(id) ? ids.filter((x) => x !== id) : [...ids, id].slice(-most);
    void go({ search: next.length ? { m: next.join(",") } : {}, replace: true });
  };
  const leave = () => void go({ to: "/listen" });
  const pause = () => setPaused((p) => !p);
  useKeys({ " ": pause, Escape: leave });
  return (
    <main
      className="fixed inset-0 z-(--z-pane) flex flex-col overflow-hidden bg-paper"
      data-whole
      style={idle ? { cursor: "none" } : undefined}
    >
      <header className="flex flex-none flex-wrap items-center gap-x-8 gap-y-2 border-b border-line px-8 py-4">
        <h1 className="text-[28px] leading-9 font-strong tracking-tight">
          <Trans>Live wall</Trans>
        </h1>
        <State paused={paused} />
        <Heard />
        <span
          className={`ms-auto flex flex-wrap items-center gap-2 transition-opacity duration-300 focus-within:opacity-100 motion-reduce:transition-none${idle ? " opacity-0" : ""}`}
        >
          <Button look="g" touch onClick={pause}>
            {paused ? <Play className="i" aria-hidden /> : <Pause className="i" aria-hidden />}
            {paused ? <Trans>Go on</Trans> : <Trans>Pause</Trans>}
          </Button>
          <Menu
            align="end"
            trigger={
              <Button look="g" touch>
                <Columns3 className="i" aria-hidden />
                <Trans>Columns</Trans>
              </Button>
            }
          >
            <MenuLabel>
              <Trans>Up to four monitors; none is one stream</Trans>
            </MenuLabel>
            {monitors.map((x) => (
              <MenuItem key={x.id} chosen={ids.includes(x.id)} onSelect={() => toggle(x.id)}>
                {x.name}
              </MenuItem>
            ))}
          </Menu>
          <Button
            look="g"
            touch
            onClick={() => void document.documentElement.requestFullscreen?.().catch(() => {})}
          >
            <Expand className="i" aria-hidden />
            <Trans>Full screen</Trans>
          </Button>
          <Link to="/listen" className={btn("g", "md", "touch")}>
            <X className="i" aria-hidden />
            <Trans>Leave</Trans>
          </Link>
        </span>
        <Clock />
      </header>
      {columns.length > 0 ? (
        <div className="grid min-h-0 flex-1 auto-cols-fr grid-flow-col divide-x divide-line max-lg:grid-flow-row max-lg:overflow-y-auto">
          {columns.map((x) => (
            <Column key={x.id} of={x} paused={paused} tight={columns.length > 2} />
          ))}
        </div>
      ) : (
        <div
          className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_minmax(22rem,30rem)] max-lg:block max-lg:overflow-y-auto"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          tabIndex={0}
        >
          <Stream paused={paused} />
          <Side monitors={monitors} />
        </div>
      )}
    </main>
  );
}

// useIdle tells that nobody has moved for a while.
function useIdle(ms: number): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    let timer = setTimeout(() => setIdle(true), ms);
    const stir = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), ms);
    };
    for (const e of ["pointermove", "pointerdown", "keydown"]) window.addEventListener(e, stir);
    return () => {
      clearTimeout(timer);
      for (const e of ["pointermove", "pointerdown", "keydown"]) window.removeEventListener(e, stir);
    };
  }, [ms]);
  return idle;
}

// useAwake keeps the screen from going dark, where the browser lets us.
function useAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    const ask = () => {
      if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
      navigator.wakeLock.request("screen").then(
        (l) => {
          lock = l;
        },
        () => {}, // refused on battery: then it may go dark
      );
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      document.removeEventListener("visibilitychange", ask);
      void lock?.release();
    };
  }, []);
}

function Clock() {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="text-end">
      <time
        className="block text-[40px] leading-none font-strong tracking-tight tabular-nums"
        dateTime={now.toISOString()}
      >
        {now.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })}
      </time>
      <span className="text-md text-ink-2">{longDay(now)}</span>
    </div>
  );
}

function State({ paused }: { paused: boolean }) {
  const line = useLine();
  return (
    <span role="status" className="inline-flex items-center gap-2 text-lg text-ink-2">
      <span
        aria-hidden
        className={`size-3 rounded-full ${paused ? "bg-wait" : line === "live" ? "bg-good motion-safe:animate-pulse" : "bg-alarm"}`}
      />
      {paused ? (
        <Trans>paused</Trans>
      ) : line === "live" ? (
        <Trans>live</Trans>
      ) : (
        <Trans>connecting again</Trans>
      )}
    </span>
  );
}

function useDay() {
  return useQuery({
    queryKey: ["series", "wall", "24h"],
    queryFn: ({ signal }) => ok(api.GET("/api/wall/series", { params: { query: { range: "24h" } }, signal })),
    refetchInterval: 60_000,
  });
}

// Heard is the day in numbers: how much, hour by hour.
function Heard() {
  const s = useDay().data;
  if (!s) return null;
  const points = s.points ?? [];
  const n = count(s.total);
  return (
    <span className="flex items-end gap-4">
      <Bars
        values={points.map((p) => p.count)}
        label={t`Posts in each of the last 24 hours, ${n} in all`}
        width={180}
        height={44}
      />
      <span>
        <b className="block text-[28px] leading-8 font-strong tabular-nums">{n}</b>
        <span className="text-md text-ink-2">
          <Trans>posts in 24 hours</Trans>
        </span>
      </span>
    </span>
  );
}

// useFresh holds the newest posts of a monitor, or of everything; while paused
// nothing moves, and what came since is counted.
function useFresh(monitor: string | undefined, paused: boolean, limit: number) {
  const q = useQuery({
    queryKey: ["mentions", "screen", monitor, limit],
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/api/mentions", { params: { query: { limit, ...(monitor ? { monitor } : {}) } }, signal }),
        )
      ).items ?? [],
    refetchInterval: 60_000,
  });
  const held = useRef<Mention[] | undefined>(undefined);
  if (!paused || !held.current) held.current = q.data;
  const shown = held.current;
  const known = new Set((shown ?? []).map((m) => m.id));
  return {
    shown,
    waiting: (q.data ?? []).filter((m) => !known.has(m.id)).length,
    error: q.error,
    refetch: q.refetch,
  };
}

function Column({ of: m, paused, tight }: { of: Monitor; paused: boolean; tight: boolean }) {
  const fresh = useFresh(m.id, paused, 20);
  return (
    <section aria-label={m.name} className="flex min-h-0 min-w-0 flex-col">
      <div className="flex flex-none items-end gap-4 border-b border-line bg-sunken px-6 py-4">
        <span className="min-w-0">
          <h2 className="truncate text-[22px] leading-7 font-strong">{m.name}</h2>
          <span className="text-md text-ink-2">
            <Plural value={m.count_24h} one="# post in 24 hours" other="# posts in 24 hours" />
          </span>
        </span>
        <span className="ms-auto">
          <Bars
            values={m.spark ?? []}
            label={t`The last 24 hours of ${m.name}`}
            width={tight ? 96 : 168}
            height={44}
          />
        </span>
      </div>
      <Posts fresh={fresh} size={tight ? "md" : "lg"} />
    </section>
  );
}

function Stream({ paused }: { paused: boolean }) {
  return (
    <section aria-label={t`Posts`} className="flex min-h-0 min-w-0 flex-col">
      <Posts fresh={useFresh(undefined, paused, 20)} size="xl" />
    </section>
  );
}

function Posts({ fresh, size }: { fresh: ReturnType<typeof useFresh>; size: "md" | "lg" | "xl" }) {
  const said =
    size === "xl"
      ? "text-[32px] leading-[42px]"
      : size === "lg"
        ? "text-[24px] leading-[33px]"
        : "text-[20px] leading-[28px]";
  return (
    <div className="min-h-0 flex-1 overflow-hidden max-lg:overflow-visible" aria-live="off">
      {fresh.waiting > 0 && (
        <p role="status" className="bg-voice-wash px-6 py-2 text-md font-strong text-voice">
          <Plural value={fresh.waiting} one="# new since the pause" other="# new since the pause" />
        </p>
      )}
      <States
        of={{ data: fresh.shown, error: fresh.error, refetch: fresh.refetch }}
        pad
        empty={
          <p className="p-6 text-lg text-ink-2">
            <Trans>Nothing yet. What people say appears here as it is said.</Trans>
          </p>
        }
      >
        {(rows) => (
          <ul>
            {rows.map((m) => (
              <li key={m.id} className="fresh border-b border-line px-6 py-5">
                <header className="flex items-center gap-3">
                  <Avatar name={m.author.name} src={m.author.avatar} channel={m.channel} size="lg" />
                  <span className="min-w-0">
                    <b className="block truncate text-lg font-strong">{m.author.name}</b>
                    <span className="block truncate text-md text-ink-3">@{m.author.handle}</span>
                  </span>
                  <span className="ms-auto flex flex-none items-center gap-3 text-md text-ink-3">
                    <Feeling of={m} />
                    <Ago at={m.published_at} />
                  </span>
                </header>
                <p
                  dir="auto"
                  lang={m.lang === "und" ? undefined : m.lang}
                  className={`said mt-2.5 line-clamp-4 [overflow-wrap:anywhere] [&_mark]:rounded-[3px] [&_mark]:bg-wait-wash [&_mark]:text-inherit ${said}`}
                >
                  {m.title ? `${m.title}. ` : ""}
                  {highlight(m.text, m.hits ?? [])}
                </p>
              </li>
            ))}
          </ul>
        )}
      </States>
    </div>
  );
}

function Feeling({ of: m }: { of: Mention }) {
  const f = feelingOf(m.sentiment);
  return f ? (
    <span role="img" aria-label={f}>
      <Sign of={f} />
    </span>
  ) : null;
}

function Ago({ at }: { at: string }) {
  const now = useNow();
  const min = Math.max(0, Math.round((now.getTime() - Date.parse(at)) / 60_000));
  if (min < 1) return <Trans>now</Trans>;
  if (min < 60) return <Plural value={min} one="# min" other="# min" />;
  const h = Math.round(min / 60);
  if (h < 48) return <Plural value={h} one="# h" other="# h" />;
  const d = Math.round(h / 24);
  return <Plural value={d} one="# day" other="# days" />;
}

// Side is what stands beside the one stream: how they feel today, and the monitors.
function Side({ monitors }: { monitors: readonly Monitor[] }) {
  const s = useDay().data;
  const sum = { negative: 0, neutral: 0, positive: 0 };
  for (const p of s?.points ?? []) {
    sum.negative += p.negative;
    sum.neutral += p.neutral;
    sum.positive += p.positive;
  }
  const top = [...monitors].sort((a, b) => b.count_24h - a.count_24h).slice(0, 8);
  return (
    <aside
      className="min-h-0 overflow-hidden border-s border-line bg-sunken px-7 py-6 max-lg:border-s-0 max-lg:border-t"
      aria-label={t`Today`}
    >
      <h2 className="mb-3 text-lg font-strong">
        <Trans>How they feel, 24 hours</Trans>
      </h2>
      <FeelingBar of={sum} />
      <h2 className="mt-8 mb-1 text-lg font-strong">
        <Trans>What they speak of</Trans>
      </h2>
      <ul>
        {top.map((m) => (
          <li key={m.id} className="flex items-center gap-4 border-b border-line py-3">
            <span className="min-w-0 truncate text-lg">{m.name}</span>
            <span className="ms-auto flex-none">
              <Bars values={m.spark ?? []} label={t`The last 24 hours of ${m.name}`} width={96} height={32} />
            </span>
            <b className="w-16 flex-none text-end text-[22px] font-strong tabular-nums">
              {count(m.count_24h)}
            </b>
          </li>
        ))}
      </ul>
    </aside>
  );
}
