import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../lib/api";
import { count, share } from "../../lib/format";
import { usePages } from "../../lib/pages";

export type Alert = Item<"/api/alerts">;
export type AlertFull = Got<"/api/alerts/{id}">;
export type AlertState = Alert["state"];
export type Warning = Got<"/api/warnings/{id}">;

// What a list of alerts shows; in the address.
export const shown = ["open", "settled", "all"] as const;
export type Shown = (typeof shown)[number];
const states: Record<Shown, AlertState[]> = {
  open: ["open", "acknowledged", "snoozed"],
  settled: ["resolved", "false"],
  all: [],
};

export function useAlerts(show: Shown, monitor?: string) {
  return usePages<Alert>(["alerts", "list", show, monitor], (cursor, signal) =>
    ok(
      api.GET("/api/alerts", {
        params: {
          query: {
            state: states[show],
            ...(monitor ? { monitor } : {}),
            ...(cursor ? { cursor } : {}),
          },
        },
        signal,
      }),
    ),
  );
}

export function useOpenAlerts(on = true) {
  return useQuery({
    queryKey: ["alerts", "counts"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/alerts/counts", { signal }))).open,
    enabled: on,
  });
}

export function useAlert(id: string) {
  return useQuery({
    queryKey: ["alert", id],
    queryFn: ({ signal }) => ok(api.GET("/api/alerts/{id}", { params: { path: { id } }, signal })),
    refetchInterval: (q) => (q.state.data?.over === false ? 60_000 : false), // it goes on by itself
  });
}

export type Act = "acknowledge" | "resolve" | "false-alarm" | "reopen";

export function useAlertActs(id: string) {
  const cache = useQueryClient();
  const path = { params: { path: { id } } };
  const fresh = () => {
    for (const noun of ["alerts", "alert", "home", "warning"])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  const act = useMutation({
    mutationFn: ({ act, note }: { act: Act; note?: string }) =>
      ok(api.POST(`/api/alerts/{id}/${act}`, { ...path, body: note ? { note } : {} })),
    onSuccess: fresh,
  });
  const snooze = useMutation({
    mutationFn: (until: Date) =>
      ok(api.POST("/api/alerts/{id}/snooze", { ...path, body: { until: until.toISOString() } })),
    onSuccess: fresh,
  });
  return { act, snooze };
}

export function useWarning(subject: string) {
  return useQuery({
    queryKey: ["warning", subject],
    queryFn: ({ signal }) => ok(api.GET("/api/warnings/{id}", { params: { path: { id: subject } }, signal })),
  });
}

export function useWarningChange(subject: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { level?: Warning["level"]; minimum?: number; taught?: number; silence?: boolean }) =>
      ok(api.PATCH("/api/warnings/{id}", { params: { path: { id: subject } }, body })),
    onSuccess: (w) => cache.setQueryData(["warning", subject], w),
  });
}

// subjectOf names what an alert is about.
export function subjectOf(a: Alert): string {
  if (a.monitor) return a.monitor.name || t`A monitor that was removed`;
  return a.programme ? t`All of ${a.programme.name}` : t`All that is heard`;
}

// lead is why there is an alert, in the reader's own time of day.
export function lead(a: Alert, locale?: string): string {
  const at = new Date(a.raised_at);
  if (a.hush) {
    const hours = Math.round(a.minutes / 60);
    return a.count === 0
      ? t`Silent for ${hours} hours`
      : plural(a.count, {
          one: `Only # post in ${hours} hours`,
          other: `Only # posts in ${hours} hours`,
        });
  }
  const weekday = at.toLocaleDateString(locale, { weekday: "long" });
  if (a.surge && a.times > 0) {
    const times = a.times >= 10 ? count(Math.round(a.times)) : a.times.toFixed(1);
    switch (part(at)) {
      case "night":
        return t`${times} times the usual for a ${weekday} night`;
      case "morning":
        return t`${times} times the usual for a ${weekday} morning`;
      case "afternoon":
        return t`${times} times the usual for a ${weekday} afternoon`;
      default:
        return t`${times} times the usual for a ${weekday} evening`;
    }
  }
  if (a.surge) return t`${count(a.count)} posts where next to nothing is usual`;
  return t`${share(a.negative_share)} negative, where ${share(a.usual_share)} is usual`;
}

// proof are the figures behind it.
export function proof(a: Alert): string[] {
  const out: string[] = [];
  const minutes = a.minutes === 60 ? t`an hour` : plural(a.minutes, { one: "# minute", other: "# minutes" });
  const usual = a.usual >= 10 ? count(Math.round(a.usual)) : a.usual.toFixed(1);
  if (a.hush)
    return [t`about ${usual} are usual in such a time`, ...(a.because ? a.because.split("; ") : [])];
  out.push(
    a.surge && a.times > 0
      ? t`${count(a.count)} posts in ${minutes}, about ${usual} are usual`
      : t`${count(a.count)} posts in ${minutes}`,
  );
  if (a.surge && a.negative > 0)
    out.push(
      a.mood
        ? t`${share(a.negative_share)} negative, usually ${share(a.usual_share)}`
        : t`${share(a.negative_share)} negative`,
    );
  return out;
}

function part(at: Date): "night" | "morning" | "afternoon" | "evening" {
  const h = at.getHours();
  return h < 6 ? "night" : h < 12 ? "morning" : h < 18 ? "afternoon" : "evening";
}
