import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Checkbox, Confirm, Field, Input, Select, Textarea } from "../../../kit";
import { Problem, sentenceOf } from "../../../lib/problem";
import { useProgrammes } from "./data";
import { draftOf, type EventDraft, type EventOf, useEventActs } from "./events";
import { fromInput, toInput } from "./moment";
import { here } from "./zone";

// EventDialog makes an event, or changes one.
export function EventDialog({
  of,
  open,
  onOpenChange,
  onDone,
}: {
  of?: EventOf;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: (id: string) => void;
}) {
  return open ? <Form of={of} onOpenChange={onOpenChange} onDone={onDone} /> : null;
}

function begin(): EventDraft {
  const start = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 7 * 86_400_000);
  return {
    title: "",
    start: start.toISOString(),
    end: new Date(start.getTime() + 2 * 3_600_000).toISOString(),
    zone: here(),
    capacity: 0,
    no_reminder: false,
  };
}

function Form({
  of,
  onOpenChange,
  onDone,
}: {
  of: EventOf | undefined;
  onOpenChange: (open: boolean) => void;
  onDone: (id: string) => void;
}) {
  const acts = useEventActs();
  const programmes = useProgrammes().data ?? [];
  const [d, setDraft] = useState<EventDraft>(() => (of ? draftOf(of) : begin()));
  const set = (next: Partial<EventDraft>) => setDraft((was) => ({ ...was, ...next }));
  const [from, setFrom] = useState(() => toInput(d.start, d.zone));
  const [to, setTo] = useState(() => toInput(d.end, d.zone));
  const busy = acts.add.isPending || acts.write.isPending;
  const error = acts.add.error ?? acts.write.error;
  const bad = (field: string) =>
    error instanceof Problem && error.field?.endsWith(field) ? sentenceOf(error) : undefined;
  const text = (e: { target: unknown }) => (e.target as HTMLInputElement).value;
  const save = () => {
    const body = {
      ...d,
      start: (fromInput(from, d.zone) ?? new Date(d.start)).toISOString(),
      end: (fromInput(to, d.zone) ?? new Date(d.end)).toISOString(),
    };
    const done = {
      onSuccess: (e: EventOf) => {
        onOpenChange(false);
        onDone(e.id);
      },
    };
    if (of) acts.write.mutate({ ...body, id: of.id, standing: of.standing, seen: of.version }, done);
    else acts.add.mutate(body, done);
  };
  const zones = [
    ...new Set([
      d.zone,
      here(),
      "UTC",
      "Europe/Vienna",
      "Europe/London",
      "America/New_York",
      "America/Los_Angeles",
      "Asia/Tokyo",
    ]),
  ];
  return (
    <Confirm
      open
      wide
      onOpenChange={onOpenChange}
      title={of ? <Trans>Change the event</Trans> : <Trans>New event</Trans>}
      act={of ? <Trans>Save</Trans> : <Trans>Make it</Trans>}
      busy={busy}
      onAct={save}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={<Trans>Name</Trans>} className="sm:col-span-2" error={bad("title")}>
          <Input maxLength={200} value={d.title} onChange={(e) => set({ title: text(e) })} />
        </Field>
        <Field label={<Trans>Begins</Trans>}>
          <Input type="datetime-local" value={from} onChange={(e) => setFrom(text(e))} />
        </Field>
        <Field label={<Trans>Ends</Trans>} error={bad("end")}>
          <Input type="datetime-local" value={to} onChange={(e) => setTo(text(e))} />
        </Field>
        <Field label={<Trans>Time zone</Trans>}>
          <Select
            value={d.zone}
            onChange={(zone) => set({ zone })}
            choices={zones.map((z) => ({ value: z, label: z.replaceAll("_", " ") }))}
          />
        </Field>
        <Field
          label={<Trans>Room for</Trans>}
          help={<Trans>0 is for any number.</Trans>}
          error={bad("capacity")}
        >
          <Input
            type="number"
            min={0}
            max={100000}
            value={String(d.capacity ?? 0)}
            onChange={(e) => set({ capacity: Math.max(0, Number(text(e)) || 0) })}
          />
        </Field>
        <Field label={<Trans>Where</Trans>} error={bad("place")}>
          <Input maxLength={300} value={d.place ?? ""} onChange={(e) => set({ place: text(e) })} />
        </Field>
        <Field label={<Trans>Link</Trans>} error={bad("link")}>
          <Input
            type="url"
            placeholder={t`https://…`}
            value={d.link ?? ""}
            onChange={(e) => set({ link: text(e) })}
          />
        </Field>
        {programmes.length > 0 && (
          <Field label={<Trans>Programme</Trans>} error={bad("programme")}>
            <Select
              value={(d.programme as string) ?? ""}
              onChange={(p) => set({ programme: p })}
              choices={[
                { value: "", label: t`None` },
                ...programmes.map((p) => ({ value: p.id as string, label: p.name })),
              ]}
            />
          </Field>
        )}
        <Field label={<Trans>What it is about</Trans>} className="sm:col-span-2" error={bad("about")}>
          <Textarea
            rows={4}
            maxLength={5000}
            value={d.about ?? ""}
            onChange={(e) => set({ about: text(e) })}
          />
        </Field>
        <div className="sm:col-span-2">
          <Checkbox
            label={t`Remind who comes the day before`}
            help={t`By mail, where a mailbox is connected.`}
            checked={!d.no_reminder}
            onChange={(on) => set({ no_reminder: !on })}
          />
        </div>
        {error && !(error instanceof Problem && error.field) && (
          <p role="alert" className="text-alarm sm:col-span-2">
            {sentenceOf(error)}
          </p>
        )}
      </div>
    </Confirm>
  );
}
