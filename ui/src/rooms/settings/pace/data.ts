import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Cond, CondField } from "../../../kit";
import { api, type Item, ok } from "../../../lib/api";
import { intentName } from "../../../lib/intent";
import { useChannels, useMembers, useProgrammes } from "../data";

export type Calendar = Item<"/api/calendars">;
export type Pledge = Item<"/api/pledges">;
export type Span = NonNullable<NonNullable<Calendar["week"]>[number]>[number];
export type Holiday = NonNullable<Calendar["holidays"]>[number];
export type CalendarIn = Pick<Calendar, "name" | "zone" | "week" | "holidays">;
export type PledgeIn = Omit<Pledge, "id">;
export type Step = NonNullable<Pledge["steps"]>[number];

const at = (id: string) => ({ params: { path: { id } } });

export function useCalendars() {
  return useQuery({
    queryKey: ["calendars"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/calendars", { signal }))).items ?? [],
  });
}

export function usePledges() {
  return useQuery({
    queryKey: ["pledges"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/pledges", { signal }))).items ?? [],
  });
}

// usePaceActs change calendars and pledges; what is due changes with them.
export function usePaceActs() {
  const cache = useQueryClient();
  const onSuccess = () => {
    for (const noun of ["calendars", "pledges", "conversations", "conversation"])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  const quiet = { meta: { quiet: true }, onSuccess };
  return {
    saveCalendar: useMutation({
      mutationFn: ({ id, ...body }: CalendarIn & { id: string | undefined }) =>
        id
          ? ok(api.PUT("/api/calendars/{id}", { ...at(id), body }))
          : ok(api.POST("/api/calendars", { body })),
      ...quiet,
    }),
    dropCalendar: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/calendars/{id}", at(id))),
      onSuccess,
    }),
    readHolidays: useMutation({
      mutationFn: (text: string) => ok(api.POST("/api/calendars/holidays", { body: { text } })),
      meta: { quiet: true },
    }),
    savePledge: useMutation({
      mutationFn: ({ id, ...body }: PledgeIn & { id: string | undefined }) =>
        id ? ok(api.PUT("/api/pledges/{id}", { ...at(id), body })) : ok(api.POST("/api/pledges", { body })),
      ...quiet,
    }),
    dropPledge: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/pledges/{id}", at(id))),
      onSuccess,
    }),
    order: useMutation({
      mutationFn: (ids: string[]) => ok(api.POST("/api/pledges/order", { body: { ids } })),
      onSuccess,
    }),
  };
}

const intents = [
  "question",
  "complaint",
  "praise",
  "idea",
  "request",
  "purchase",
  "churn_risk",
  "event",
  "job",
  "spam",
];

export const priorities = () =>
  [
    { value: "low", label: t`low` },
    { value: "normal", label: t`normal` },
    { value: "high", label: t`high` },
    { value: "urgent", label: t`urgent` },
  ] as const;

// useTalkFields is what conditions can ask of a conversation, in words.
export function useTalkFields(): CondField[] {
  const channels = useChannels().data ?? [];
  const programmes = useProgrammes().data ?? [];
  const members = useMembers(true).data ?? [];
  const named = (all: readonly { id: string; name: string }[]) =>
    all.map((x) => ({ value: x.id, label: x.name }));
  return [
    { name: "programme", label: t`Programme`, type: "choice", choices: named(programmes) },
    { name: "channel", label: t`Channel`, type: "choice", choices: named(channels) },
    {
      name: "visibility",
      label: t`Visibility`,
      type: "choice",
      choices: [
        { value: "public", label: t`public` },
        { value: "direct", label: t`direct` },
      ],
    },
    {
      name: "sentiment",
      label: t`Feeling`,
      type: "choice",
      choices: [
        { value: "negative", label: t`negative` },
        { value: "neutral", label: t`neutral` },
        { value: "positive", label: t`positive` },
      ],
    },
    {
      name: "intent",
      label: t`Kind`,
      type: "many",
      choices: intents.map((i) => ({ value: i, label: intentName(i) })),
    },
    {
      name: "started_by",
      label: t`Started by`,
      type: "choice",
      choices: [
        { value: "them", label: t`them` },
        { value: "us", label: t`us` },
      ],
    },
    { name: "assignee", label: t`Looked after by`, type: "choice", choices: named(members) },
    { name: "priority", label: t`Priority`, type: "choice", choices: priorities() },
    { name: "words", label: t`Words`, type: "text" },
    { name: "author", label: t`Author`, type: "text" },
    { name: "followers", label: t`Followers`, type: "number" },
    { name: "messages", label: t`Messages`, type: "number" },
  ];
}

export const asCond = (c: Pledge["conditions"]): Cond => c as Cond;
