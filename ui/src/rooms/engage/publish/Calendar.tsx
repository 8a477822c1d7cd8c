import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Plus } from "lucide-react";
import { Button, btn, Empty, Page, Segments, Select, States, tell } from "../../../kit";
import { region } from "../../../lib/locale";
import { narrow, useMedia } from "../../../lib/media";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { useNow } from "../../../lib/tick";
import { Agenda } from "./Agenda";
import { useAct, useBest, useOutlets, usePosts, useProgrammes } from "./data";
import { HeldBar } from "./Holds";
import { Hours } from "./Hours";
import { type Item, items } from "./item";
import { Month } from "./Month";
import { PublishShelf, shelfName } from "./Shelf";
import { type CalendarSearch, type State, stateNames, type View } from "./search";
import { stateName } from "./words";
import {
  addDays,
  addMonths,
  dayOf,
  here,
  known,
  monthWeeks,
  parseDay,
  startOf,
  wall,
  weekStart,
} from "./zone";

const route = getRouteApi("/frame/publish");

// Calendar is what leaves when: by month, week, day or as a list.
export function Calendar() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const phone = useMedia(narrow);
  const zone = search.zone && known(search.zone) ? search.zone : here();
  const today = dayOf(wall(useNow(), zone));
  const day = search.on ?? today;
  const view: View = search.cal ?? (phone ? "list" : "month");
  const days = shown(view, day);
  const posts = usePosts({
    from: startOf(days[0] ?? day, zone).toISOString(),
    to: startOf(addDays(days[days.length - 1] ?? day, 1), zone).toISOString(),
    state: search.stands,
    channel: search.channel,
    programme: search.programme,
  });
  const best = useBest(view === "week" || view === "day" ? search.channel : undefined, zone).data;
  const may = useMay("publish.write");
  const move = useMoves(zone);
  const set = (next: { [K in keyof CalendarSearch]?: CalendarSearch[K] | undefined }) =>
    void go({
      search: (s) =>
        Object.fromEntries(
          Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined),
        ) as CalendarSearch,
      replace: true,
    });
  const step = (n: number) =>
    set({ on: view === "month" ? addMonths(day, n) : addDays(day, n * days.length) });
  const create = (at: Date) => void go({ to: "/publish/new", search: { at: at.toISOString() } });
  const title = name(view, day, days);
  const acts = may && (
    <Link to="/publish/new" className={btn("p", "md", "touch")}>
      <Plus className="i s" aria-hidden />
      <Trans>Write a post</Trans>
    </Link>
  );
  return (
    <Page
      name={t`Calendar`}
      title={title}
      shelf={<PublishShelf here="calendar" />}
      shelfName={shelfName()}
      acts={acts}
    >
      <HeldBar />
      <div className="touch flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <Button square look="g" aria-label={t`Earlier`} onClick={() => step(-1)}>
          <ChevronLeft className="i rtl:-scale-x-100" aria-hidden />
        </Button>
        <Button square look="g" aria-label={t`Later`} onClick={() => step(1)}>
          <ChevronRight className="i rtl:-scale-x-100" aria-hidden />
        </Button>
        <Button size="sm" onClick={() => set({ on: undefined })}>
          <Trans>Today</Trans>
        </Button>
        <Segments<View>
          label={t`View`}
          value={view}
          onChange={(v) => set({ cal: v })}
          parts={[
            { value: "list", label: t`List` },
            { value: "day", label: t`Day` },
            { value: "week", label: t`Week` },
            { value: "month", label: t`Month` },
          ]}
        />
        <Filters search={search} zone={zone} set={set} />
      </div>
      <div className="scroll">
        <States of={posts} none={() => false}>
          {(rows) => {
            const all = items(rows);
            const part = { items: all, days, zone, today, onMove: may ? move : undefined };
            if (view === "list")
              return all.length === 0 ? (
                <div className="p-4 sm:p-6">
                  <Empty
                    title={<Trans>Nothing is planned in these days.</Trans>}
                    acts={
                      may && (
                        <Link to="/publish/new" className={btn("p", "sm")}>
                          <Trans>Write a post</Trans>
                        </Link>
                      )
                    }
                  >
                    <Trans>What you schedule stands here, and what has left stays.</Trans>
                  </Empty>
                </div>
              ) : (
                <Agenda {...part} />
              );
            if (view === "month") return <Month {...part} month={day} onCreate={may ? create : undefined} />;
            return <Hours {...part} onCreate={may ? create : undefined} best={best?.times ?? []} />;
          }}
        </States>
      </div>
    </Page>
  );
}

function Filters({
  search,
  zone,
  set,
}: {
  search: CalendarSearch;
  zone: string;
  set: (next: { [K in keyof CalendarSearch]?: CalendarSearch[K] | undefined }) => void;
}) {
  const outlets = useOutlets().data ?? [];
  const programmes = useProgrammes().data ?? [];
  const zones = [
    ...new Set([here(), zone, "UTC", "Europe/Vienna", "Europe/London", "America/New_York", "Asia/Tokyo"]),
  ];
  return (
    <>
      <Select
        className="!w-36"
        label={t`State`}
        value={search.stands ?? ""}
        onChange={(v) => set({ stands: (v || undefined) as State | undefined })}
        choices={[
          { value: "", label: t`Every state` },
          ...stateNames.map((s) => ({ value: s as string, label: stateName(s) })),
        ]}
      />
      <Select
        className="!w-40"
        label={t`Channel`}
        value={search.channel ?? ""}
        onChange={(v) => set({ channel: v || undefined })}
        choices={[
          { value: "", label: t`Every channel` },
          ...outlets.map((o) => ({ value: o.id as string, label: o.name })),
        ]}
      />
      {programmes.length > 0 && (
        <Select
          className="!w-40"
          label={t`Programme`}
          value={search.programme ?? ""}
          onChange={(v) => set({ programme: v || undefined })}
          choices={[
            { value: "", label: t`Every programme` },
            ...programmes.map((p) => ({ value: p.id as string, label: p.name })),
          ]}
        />
      )}
      <Select
        className="!w-44 max-sm:!hidden"
        label={t`Time zone`}
        value={zone}
        onChange={(v) => set({ zone: v === here() ? undefined : v })}
        choices={zones.map((z) => ({ value: z, label: z.replaceAll("_", " ") }))}
      />
    </>
  );
}

function shown(view: View, day: string): string[] {
  switch (view) {
    case "day":
      return [day];
    case "week":
      return Array.from({ length: 7 }, (_, i) => addDays(weekStart(day), i));
    case "list":
      return Array.from({ length: 14 }, (_, i) => addDays(day, i));
    default:
      return monthWeeks(day).flat();
  }
}

const asDate = (day: string) => {
  const { y, m, d } = parseDay(day);
  return new Date(y, m - 1, d);
};

function name(view: View, day: string, days: string[]): string {
  const f = (d: string, o: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(region(), o).format(asDate(d));
  if (view === "month") return f(day, { month: "long", year: "numeric" });
  if (view === "day") return f(day, { weekday: "long", day: "numeric", month: "long" });
  const a = f(days[0] ?? day, { day: "numeric", month: "short" });
  const b = f(days[days.length - 1] ?? day, { day: "numeric", month: "short", year: "numeric" });
  return `${a} – ${b}`;
}

// useMoves gives an item another time; it can be taken back.
function useMoves(zone: string) {
  const go = useAct();
  return (item: Item, to: Date) => {
    const was = item.at;
    const schedule = (at: string, undo?: () => void) =>
      go.mutate(
        { do: "schedule", id: item.content, at, posts: item.posts.map((p) => p.id) },
        {
          onSuccess: () => {
            const when = new Intl.DateTimeFormat(region(), {
              weekday: "short",
              day: "numeric",
              month: "short",
              hour: "2-digit",
              minute: "2-digit",
              timeZone: zone,
            }).format(new Date(at));
            tell({ text: t`“${item.name}” leaves ${when}.`, ...(undo ? { undo } : {}) });
          },
          onError: (e) => tell({ text: sentenceOf(e), bad: true }),
        },
      );
    if (new Date(was).getTime() === to.getTime()) return;
    schedule(to.toISOString(), () => schedule(was));
  };
}
