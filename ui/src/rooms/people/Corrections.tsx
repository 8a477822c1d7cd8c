import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button, ChannelMark, Field, Input, Section, Time, tell } from "../../kit";
import { api, type Got, ok } from "../../lib/api";
import { count, day } from "../../lib/format";
import { useMay } from "../../lib/session";

type Correction = NonNullable<Got<"/api/people/{id}/corrections">["items"]>[number];

const at = (id: string) => ({ params: { path: { id } } });

function useCorrections(id: string) {
  return useQuery({
    queryKey: ["corrections", id],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/people/{id}/corrections", { ...at(id), signal }))).items ?? [],
  });
}

function useDecide() {
  const cache = useQueryClient();
  const onSettled = () => {
    for (const noun of ["corrections", "person", "people", "deals", "record"])
      void cache.invalidateQueries({ queryKey: [noun] });
  };
  return {
    decide: useMutation({
      mutationFn: ({ id, accept, words }: { id: string; accept: boolean; words: string }) => {
        const body = words ? { words } : {};
        return accept
          ? ok(api.POST("/api/person-corrections/{id}/accept", { ...at(id), body }))
          : ok(api.POST("/api/person-corrections/{id}/decline", { ...at(id), body }));
      },
      onSettled,
    }),
    undo: useMutation({
      mutationFn: (id: string) => ok(api.POST("/api/person-corrections/{id}/undo", at(id))),
      onSettled,
    }),
  };
}

// Corrections are what somebody says is right about them, beside what we hold, until a colleague decides.
export function Corrections({ id }: { id: string }) {
  const may = useMay("people.write");
  const open = (useCorrections(id).data ?? []).filter((c) => c.state === "open");
  const { decide, undo } = useDecide();
  if (open.length === 0) return null;
  const press = (c: Correction, accept: boolean, words: string) =>
    decide.mutate(
      { id: c.id, accept, words },
      {
        onSuccess: () =>
          tell({
            text: accept ? t`Taken over: ${label(c)}.` : t`Left as it is: ${label(c)}.`,
            undo: () => undo.mutate(c.id),
          }),
      },
    );
  return (
    <Section title={<Trans>They say it is otherwise</Trans>} n={open.length} className="pb-6">
      <ul aria-label={t`What they say is right`}>
        {open.map((c) => (
          <One key={c.id} of={c} may={may} busy={decide.isPending || undo.isPending} press={press} />
        ))}
      </ul>
    </Section>
  );
}

function One({
  of: c,
  may,
  busy,
  press,
}: {
  of: Correction;
  may: boolean;
  busy: boolean;
  press: (c: Correction, accept: boolean, words: string) => void;
}) {
  const [words, setWords] = useState("");
  const name = label(c);
  return (
    <li className="border-b border-line py-3">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <b className="font-strong wrap-anywhere">{name}</b>
        <span className="flex min-w-0 items-center gap-1.5 text-xs text-ink-3">
          <ChannelMark kind={c.account.scheme ?? ""} inline />
          <span className="truncate">{c.account.label}</span>
          <Time at={c.asked_at} />
        </span>
      </p>
      <dl className="mt-2 grid grid-cols-2 overflow-hidden rounded-md border border-line">
        <div className="min-w-0 p-3">
          <dt className="text-xs text-ink-3">
            <Trans>We hold</Trans>
          </dt>
          <dd className="whitespace-pre-line wrap-anywhere text-ink-2" dir="auto">
            {c.old ? said(c.type, c.old) : "–"}
          </dd>
        </div>
        <div className="min-w-0 border-s border-line p-3">
          <dt className="text-xs text-ink-3">
            <Trans>They say</Trans>
          </dt>
          <dd className="whitespace-pre-line wrap-anywhere font-strong" dir="auto">
            {said(c.type, c.value)}
          </dd>
        </div>
      </dl>
      {may && (
        <form
          className="touch mt-3 flex flex-wrap items-center gap-2"
          onSubmit={(e) => {
            e.preventDefault();
            press(c, true, words.trim());
          }}
        >
          <div className="min-w-48 flex-1">
            <Field label={t`Words to them about ${name}`} hidden>
              <Input
                value={words}
                placeholder={t`Words to them, if you like`}
                onChange={(e) => setWords(e.target.value)}
                maxLength={1000}
                autoComplete="off"
              />
            </Field>
          </div>
          <Button type="submit" look="p" size="sm" disabled={busy} aria-label={t`Accept: ${name}`}>
            <Trans>Accept</Trans>
          </Button>
          <Button
            type="button"
            size="sm"
            disabled={busy}
            aria-label={t`Decline: ${name}`}
            onClick={() => press(c, false, words.trim())}
          >
            <Trans>Decline</Trans>
          </Button>
        </form>
      )}
    </li>
  );
}

const label = (c: Correction) => (c.field ? c.name : t`Name`);

function said(type: string, value: string): string {
  switch (type) {
    case "bool":
      return value === "true" ? t`Yes` : t`No`;
    case "number":
      return count(Number(value));
    case "date":
      return day(`${value}T12:00:00`);
    default:
      return value;
  }
}
