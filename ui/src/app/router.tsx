import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { sessionQuery } from "../lib/session";
import { analyzeSearch, networkSearch } from "../rooms/analyze/search";
import { hiveSearch, leadSearch, programmeSearch } from "../rooms/engage/hive/search";
import { knowSearch } from "../rooms/engage/know/search";
import { paceSearch } from "../rooms/engage/pace/search";
import { calendarSearch, listSearch, newSearch, resultSearch } from "../rooms/engage/publish/search";
import { satisfactionSearch } from "../rooms/engage/satisfaction/search";
import { inboxSearch } from "../rooms/engage/search";
import { compareSearch, placeSearch, placesSearch } from "../rooms/listen/places/search";
import { presenceSearch } from "../rooms/listen/presence/search";
import { monitorSearch, wallSearch } from "../rooms/listen/search";
import { part } from "./part";
import { Lost, Root, Stuck, Waiting } from "./Root";

const root = createRootRouteWithContext<{ cache: QueryClient }>()({
  component: Root,
  notFoundComponent: Lost,
  errorComponent: Stuck,
});

// Everything inside the frame needs a session.
const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  component: lazyRouteComponent(() => import("./Shell"), "Shell"),
  beforeLoad: async ({ context, location }) => {
    const session = await context.cache.ensureQueryData(sessionQuery);
    if (!session.signed_in)
      throw redirect({ to: "/signin", search: location.href === "/" ? {} : { next: location.href } });
  },
});

const text = (v: unknown) => (typeof v === "string" && v !== "" ? v : undefined);

// editSearch names what of a page's list is being changed, or "new".
const editSearch = (s: Record<string, unknown>): { edit?: string } =>
  text(s.edit) ? { edit: text(s.edit) as string } : {};

const outside = [
  createRoute({
    getParentRoute: () => root,
    path: "/signin",
    component: lazyRouteComponent(() => import("./entry/SignIn"), "SignIn"),
    validateSearch: (s: Record<string, unknown>): { next?: string } =>
      text(s.next)?.startsWith("/") ? { next: text(s.next) as string } : {},
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/forgot",
    component: lazyRouteComponent(() => import("./entry/Forgot"), "Forgot"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/welcome/$token",
    component: lazyRouteComponent(() => import("./entry/Welcome"), "Welcome"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/join/$token",
    component: lazyRouteComponent(() => import("./entry/ByLink"), "Join"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/reset/$token",
    component: lazyRouteComponent(() => import("./entry/ByLink"), "Reset"),
  }),
] as const;

const home = [
  createRoute({
    getParentRoute: () => frame,
    path: "/",
    component: lazyRouteComponent(() => import("../rooms/home/Home"), "Home"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/notices",
    component: lazyRouteComponent(() => import("../rooms/home/Notices"), "Notices"),
  }),
] as const;

const listen = [
  createRoute({
    getParentRoute: () => frame,
    path: "/listen",
    component: part("listen", () => import("../rooms/listen/Wall"), "Wall"),
    validateSearch: wallSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/screen",
    component: part("listen", () => import("../rooms/listen/Screen"), "Screen"),
    validateSearch: (s: Record<string, unknown>): { m?: string } =>
      text(s.m) ? { m: text(s.m) as string } : {},
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/monitors/new",
    component: part("listen", () => import("../rooms/listen/Editor"), "NewMonitor"),
    validateSearch: (s: Record<string, unknown>): { q?: string } =>
      text(s.q) ? { q: text(s.q) as string } : {},
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/monitors/$id",
    component: part("listen", () => import("../rooms/listen/Monitor"), "Monitor"),
    validateSearch: monitorSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/monitors/$id/edit",
    component: part("listen", () => import("../rooms/listen/Editor"), "EditMonitor"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/alerts",
    component: part("listen", () => import("../rooms/listen/Alerts"), "Alerts"),
    validateSearch: (
      s: Record<string, unknown>,
    ): { show?: "settled" | "all" | undefined; monitor?: string } => ({
      ...(s.show === "settled" || s.show === "all" ? { show: s.show } : {}),
      ...(text(s.monitor) ? { monitor: text(s.monitor) as string } : {}),
    }),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/alerts/$id",
    component: part("listen", () => import("../rooms/listen/Alert"), "AlertPage"),
  }),
] as const;

const presence = [
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/presence",
    component: part("listen", () => import("../rooms/listen/presence/Presence"), "Presence"),
    validateSearch: presenceSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/presence/find",
    component: part("listen", () => import("../rooms/listen/presence/Find"), "Find"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/presence/audits",
    component: part("listen", () => import("../rooms/listen/presence/Audits"), "Audits"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/presence/$id",
    component: part("listen", () => import("../rooms/listen/presence/ProfilePage"), "ProfilePage"),
  }),
] as const;

const places = [
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/places",
    component: part("listen", () => import("../rooms/listen/places/Places"), "Places"),
    validateSearch: placesSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/places/compare",
    component: part("listen", () => import("../rooms/listen/places/Compare"), "Compare"),
    validateSearch: compareSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/listen/places/$id",
    component: part("listen", () => import("../rooms/listen/places/PlacePage"), "PlacePage"),
    validateSearch: placeSearch,
  }),
] as const;

const analyze = [
  createRoute({
    getParentRoute: () => frame,
    path: "/analyze",
    component: part("analyze", () => import("../rooms/analyze/Analyze"), "Analyze"),
    validateSearch: analyzeSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/analyze/network",
    component: part("analyze", () => import("../rooms/analyze/network/Network"), "Network"),
    validateSearch: networkSearch,
  }),
] as const;

const settings = [
  createRoute({
    getParentRoute: () => frame,
    path: "/settings",
    beforeLoad: () => {
      throw redirect({ to: "/settings/profile" });
    },
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/channels",
    component: part("settings", () => import("../rooms/settings/Channels"), "Channels"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/channels/new",
    component: part("settings", () => import("../rooms/settings/Connect"), "Connect"),
    validateSearch: (s: Record<string, unknown>): { kind?: string; step?: "enter" | "test"; q?: string } => ({
      ...(text(s.kind) ? { kind: text(s.kind) as string } : {}),
      ...(s.step === "enter" || s.step === "test" ? { step: s.step } : {}),
      ...(text(s.q) ? { q: text(s.q) as string } : {}),
    }),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/channels/$id",
    component: part("settings", () => import("../rooms/settings/ChannelPage"), "ChannelPage"),
    validateSearch: (s: Record<string, unknown>): { fresh?: true } => (s.fresh ? { fresh: true } : {}),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/history",
    component: part("settings", () => import("../rooms/settings/History"), "History"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/history/$id",
    component: part("settings", () => import("../rooms/settings/HistoryPage"), "HistoryPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/practice",
    component: part("settings", () => import("../rooms/settings/Practice"), "Practice"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/members",
    component: part("settings", () => import("../rooms/settings/Members"), "Members"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/privacy",
    component: part("settings", () => import("../rooms/settings/privacy/Privacy"), "Privacy"),
    validateSearch: (s: Record<string, unknown>): { request?: string; closed?: true } => ({
      ...(text(s.request) ? { request: text(s.request) as string } : {}),
      ...(s.closed === true ? { closed: true as const } : {}),
    }),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/privacy/retention",
    component: part("settings", () => import("../rooms/settings/privacy/Retention"), "Retention"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/tags",
    component: part("settings", () => import("../rooms/settings/Tags"), "Tags"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/macros",
    component: part("settings", () => import("../rooms/settings/Macros"), "Macros"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/teams",
    component: part("settings", () => import("../rooms/settings/Teams"), "Teams"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/tokens",
    component: part("settings", () => import("../rooms/settings/Tokens"), "Tokens"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/exports",
    component: part("settings", () => import("../rooms/settings/exports/Exports"), "Exports"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/webhooks",
    component: part("settings", () => import("../rooms/settings/webhooks/Webhooks"), "Webhooks"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/webhooks/$id",
    component: part("settings", () => import("../rooms/settings/webhooks/WebhookPage"), "WebhookPage"),
    validateSearch: (
      s: Record<string, unknown>,
    ): { state?: "open" | "done" | "failed"; delivery?: string } => ({
      ...(s.state === "open" || s.state === "done" || s.state === "failed" ? { state: s.state } : {}),
      ...(text(s.delivery) ? { delivery: text(s.delivery) as string } : {}),
    }),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/hours",
    component: part("settings", () => import("../rooms/settings/pace/Hours"), "Hours"),
    validateSearch: editSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/pledges",
    component: part("settings", () => import("../rooms/settings/pace/Pledges"), "Pledges"),
    validateSearch: editSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/satisfaction",
    component: part("settings", () => import("../rooms/settings/satisfaction/Surveys"), "Surveys"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/rules",
    component: part("settings", () => import("../rooms/settings/rules/Rules"), "Rules"),
    validateSearch: (s: Record<string, unknown>): { edit?: string; from?: "away" } => ({
      ...editSearch(s),
      ...(s.from === "away" ? { from: "away" as const } : {}),
    }),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/brand",
    component: part("settings", () => import("../rooms/settings/Brand"), "Brand"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/profile",
    component: part("settings", () => import("../rooms/settings/Profile"), "Profile"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/models",
    component: part("settings", () => import("../rooms/settings/Models"), "Models"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/fields",
    component: part("settings", () => import("../rooms/settings/business/Fields"), "Fields"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/pipelines",
    component: part("settings", () => import("../rooms/settings/business/Pipelines"), "Pipelines"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/system",
    component: part("settings", () => import("../rooms/settings/System"), "System"),
  }),
] as const;

const engage = [
  createRoute({
    getParentRoute: () => frame,
    path: "/engage",
    component: part("engage", () => import("../rooms/engage/Inbox"), "Inbox"),
    validateSearch: inboxSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/hive",
    component: part("engage", () => import("../rooms/engage/hive/Hive"), "Hive"),
    validateSearch: hiveSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/hive/me",
    component: part("engage", () => import("../rooms/engage/hive/Me"), "Me"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/hive/lead",
    component: part("engage", () => import("../rooms/engage/hive/Lead"), "Lead"),
    validateSearch: leadSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/hive/rules",
    component: part("engage", () => import("../rooms/engage/hive/Rules"), "Rules"),
    validateSearch: programmeSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/engage/pace",
    component: part("engage", () => import("../rooms/engage/pace/OnTime"), "OnTime"),
    validateSearch: paceSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/engage/satisfaction",
    component: part("engage", () => import("../rooms/engage/satisfaction/Satisfaction"), "Satisfaction"),
    validateSearch: satisfactionSearch,
  }),
] as const;

const know = [
  createRoute({
    getParentRoute: () => frame,
    path: "/engage/know",
    component: part("engage", () => import("../rooms/engage/know/Articles"), "Articles"),
    validateSearch: knowSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/engage/know/answers",
    component: part("engage", () => import("../rooms/engage/know/Answers"), "Answers"),
    validateSearch: (s: Record<string, unknown>): { q?: string } =>
      text(s.q) ? { q: text(s.q) as string } : {},
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/engage/know/report",
    component: part("engage", () => import("../rooms/engage/know/Report"), "Report"),
    validateSearch: (s: Record<string, unknown>): { days?: "7" | "90" } =>
      String(s.days) === "7" || String(s.days) === "90" ? { days: String(s.days) as "7" | "90" } : {},
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/engage/know/settings",
    component: part("engage", () => import("../rooms/engage/know/Settings"), "Settings"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/engage/know/$id",
    component: part("engage", () => import("../rooms/engage/know/ArticlePage"), "ArticlePage"),
    validateSearch: (s: Record<string, unknown>): { write?: true; show?: "versions" } => ({
      ...(s.write ? { write: true } : {}),
      ...(s.show === "versions" ? { show: "versions" } : {}),
    }),
  }),
] as const;

const deals = [
  createRoute({
    getParentRoute: () => frame,
    path: "/people/organizations",
    component: part("people", () => import("../rooms/people/orgs/Orgs"), "Orgs"),
    validateSearch: (s: Record<string, unknown>): { q?: string } =>
      text(s.q) ? { q: text(s.q) as string } : {},
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/people/organizations/$id",
    component: part("people", () => import("../rooms/people/orgs/OrgPage"), "OrgPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/people/opportunities",
    component: part("people", () => import("../rooms/people/deals/Deals"), "Deals"),
    validateSearch: (
      s: Record<string, unknown>,
    ): { q?: string; show?: "list"; pipeline?: string; mine?: true } => ({
      ...(text(s.q) ? { q: text(s.q) as string } : {}),
      ...(s.show === "list" ? { show: "list" } : {}),
      ...(text(s.pipeline) ? { pipeline: text(s.pipeline) as string } : {}),
      ...(s.mine ? { mine: true } : {}),
    }),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/people/opportunities/$id",
    component: part("people", () => import("../rooms/people/deals/DealPage"), "DealPage"),
  }),
] as const;

const publish = [
  createRoute({
    getParentRoute: () => frame,
    path: "/publish",
    component: part("engage", () => import("../rooms/engage/publish/Calendar"), "Calendar"),
    validateSearch: calendarSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/publish/list",
    component: part("engage", () => import("../rooms/engage/publish/Contents"), "Contents"),
    validateSearch: listSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/publish/new",
    component: part("engage", () => import("../rooms/engage/publish/ContentPage"), "NewContent"),
    validateSearch: newSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/publish/results",
    component: part("engage", () => import("../rooms/engage/publish/Results"), "Results"),
    validateSearch: resultSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/publish/queues",
    component: part("engage", () => import("../rooms/engage/publish/Queues"), "Queues"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/publish/events",
    component: part("engage", () => import("../rooms/engage/publish/Events"), "Events"),
    validateSearch: (s: Record<string, unknown>): { past?: true } => (s.past === true ? { past: true } : {}),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/publish/events/$id",
    component: part("engage", () => import("../rooms/engage/publish/EventPage"), "EventPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/publish/$id",
    component: part("engage", () => import("../rooms/engage/publish/ContentPage"), "ContentPage"),
  }),
] as const;

const imports = [
  createRoute({
    getParentRoute: () => frame,
    path: "/people/imports",
    component: part("people", () => import("../rooms/people/import/Imports"), "Imports"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/people/imports/$id",
    component: part("people", () => import("../rooms/people/import/ImportPage"), "ImportPage"),
  }),
] as const;

const segmentSearch = (
  s: Record<string, unknown>,
): { edit?: true; show?: "voice" | "changes"; back?: 7 | 90; beside?: string } => ({
  ...(s.edit === true ? { edit: true } : {}),
  ...(s.show === "changes" || s.show === "voice" ? { show: s.show } : {}),
  ...(s.back === 7 || s.back === 90 ? { back: s.back } : {}),
  ...(text(s.beside) ? { beside: text(s.beside) as string } : {}),
});

const statuses = ["placed", "paid", "sent", "done", "cancelled", "refunded"] as const;

// Which orders are listed; amounts in whole units.
const ordersSearch = (
  s: Record<string, unknown>,
): {
  q?: string;
  status?: (typeof statuses)[number];
  back?: "30d" | "90d" | "1y";
  source?: string;
  programme?: string;
  person?: string;
  least?: number;
  most?: number;
} => {
  const status = statuses.find((x) => x === s.status);
  return {
    ...(text(s.q) ? { q: text(s.q) as string } : {}),
    ...(status ? { status } : {}),
    ...(s.back === "30d" || s.back === "90d" || s.back === "1y" ? { back: s.back } : {}),
    ...(text(s.source) ? { source: text(s.source) as string } : {}),
    ...(text(s.programme) ? { programme: text(s.programme) as string } : {}),
    ...(text(s.person) ? { person: text(s.person) as string } : {}),
    ...(typeof s.least === "number" && s.least >= 0 ? { least: s.least } : {}),
    ...(typeof s.most === "number" && s.most >= 0 ? { most: s.most } : {}),
  };
};

// What of a person's timeline is shown.
const shownSearch = (
  s: Record<string, unknown>,
): {
  q?: string;
  show?: "said" | "bought" | "known";
  on?: string;
  back?: "30d" | "90d" | "1y";
  about?: string;
} => ({
  ...(text(s.q) ? { q: text(s.q) as string } : {}),
  ...(s.show === "said" || s.show === "bought" || s.show === "known" ? { show: s.show } : {}),
  ...(text(s.on) ? { on: text(s.on) as string } : {}),
  ...(s.back === "30d" || s.back === "90d" || s.back === "1y" ? { back: s.back } : {}),
  ...(text(s.about) ? { about: text(s.about) as string } : {}),
});

const people = [
  createRoute({
    getParentRoute: () => frame,
    path: "/people",
    component: part("people", () => import("../rooms/people/People"), "People"),
    validateSearch: (s: Record<string, unknown>): { q?: string; segment?: string } => ({
      ...(text(s.q) ? { q: text(s.q) as string } : {}),
      ...(text(s.segment) ? { segment: text(s.segment) as string } : {}),
    }),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/people/orders",
    component: part("people", () => import("../rooms/people/orders/Orders"), "Orders"),
    validateSearch: ordersSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/people/orders/$id",
    component: part("people", () => import("../rooms/people/orders/OrderPage"), "OrderPage"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/people/segments",
    component: part("people", () => import("../rooms/people/segments/Segments"), "SegmentList"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/people/segments/new",
    component: part("people", () => import("../rooms/people/segments/SegmentPage"), "NewSegment"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/people/segments/$id",
    component: part("people", () => import("../rooms/people/segments/SegmentPage"), "SegmentPage"),
    validateSearch: segmentSearch,
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/people/suggestions",
    component: part("people", () => import("../rooms/people/Suggestions"), "Suggestions"),
    validateSearch: (s: Record<string, unknown>): { s?: string; state?: "accepted" | "declined" } => ({
      ...(text(s.s) ? { s: text(s.s) as string } : {}),
      ...(s.state === "accepted" || s.state === "declined" ? { state: s.state } : {}),
    }),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/people/$id",
    component: part("people", () => import("../rooms/people/Person"), "Person"),
    validateSearch: shownSearch,
  }),
] as const;

const evolve = [
  createRoute({
    getParentRoute: () => frame,
    path: "/evolve",
    component: part("evolve", () => import("../rooms/evolve/Numbers"), "Numbers"),
    validateSearch: (s: Record<string, unknown>): { range?: "7d" | "30d" | "90d" } =>
      s.range === "7d" || s.range === "30d" || s.range === "90d" ? { range: s.range } : {},
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/evolve/links",
    component: part("evolve", () => import("../rooms/evolve/Links"), "Links"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/evolve/outcomes",
    component: part("evolve", () => import("../rooms/evolve/Outcomes"), "Outcomes"),
  }),
] as const;

const govern = [
  createRoute({
    getParentRoute: () => frame,
    path: "/govern",
    component: part("govern", () => import("../rooms/govern/Hive"), "Hive"),
    validateSearch: (s: Record<string, unknown>): { show?: "hive" | "table"; p?: string } => ({
      ...(s.show === "table" ? { show: "table" } : {}),
      ...(text(s.p) ? { p: text(s.p) as string } : {}),
    }),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/govern/programmes/$id",
    component: part("govern", () => import("../rooms/govern/Programme"), "Programme"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/govern/policies",
    component: part("govern", () => import("../rooms/govern/Policies"), "Policies"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/govern/policies/$id",
    component: part("govern", () => import("../rooms/govern/Policy"), "Policy"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/govern/record",
    component: part("govern", () => import("../rooms/govern/Record"), "Record"),
    validateSearch: (s: Record<string, unknown>): { object?: string; actor?: string; id?: string } => ({
      ...(text(s.object) ? { object: text(s.object) as string } : {}),
      ...(text(s.actor) ? { actor: text(s.actor) as string } : {}),
      ...(text(s.id) ? { id: text(s.id) as string } : {}),
    }),
  }),
] as const;

const inside = frame.addChildren([
  ...home,
  ...listen,
  ...places,
  ...presence,
  ...analyze,
  ...engage,
  ...know,
  ...publish,
  ...evolve,
  ...deals,
  ...imports,
  ...people,
  ...govern,
  ...settings,
]);

// The gallery of the kit is for us; it is not in what we ship.
const ours = import.meta.env.DEV
  ? [
      createRoute({
        getParentRoute: () => root,
        path: "/kit",
        component: lazyRouteComponent(() => import("../kit/gallery/Gallery"), "Gallery"),
      }),
    ]
  : [];

const tree = root.addChildren([inside, ...outside, ...ours]);

export function makeRouter(cache: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { cache },
    defaultPreload: "intent",
    defaultPendingComponent: Waiting,
    defaultPendingMs: 200,
    defaultErrorComponent: Stuck,
    scrollRestoration: false,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
