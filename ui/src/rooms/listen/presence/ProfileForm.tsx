import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Select, Textarea } from "../../../kit";
import { Problem, sentenceOf } from "../../../lib/problem";
import { useChannels, useProgrammes } from "../data";
import { type ProfileDetail, useMembers, usePresenceActs } from "./data";
import { kindName, kinds, statuses, statusName } from "./words";

// ProfileForm puts a profile into the register, or changes it.
export function ProfileForm({
  open,
  onOpenChange,
  of: p,
  start = {},
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  of?: ProfileDetail;
  start?: { kind?: string; region?: string };
}) {
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={onOpenChange}
      title={p ? <Trans>Change {p.name}</Trans> : <Trans>Add a profile</Trans>}
    >
      {open && <Form of={p} start={start} onDone={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function Form({
  of: p,
  start,
  onDone,
}: {
  of: ProfileDetail | undefined;
  start: { kind?: string; region?: string };
  onDone: () => void;
}) {
  const acts = usePresenceActs();
  const programmes = useProgrammes(true).data ?? [];
  const members = useMembers().data ?? [];
  const [kind, setKind] = useState<string>(p?.kind ?? start.kind ?? "microblog");
  const [status, setStatus] = useState<string>(p?.status ?? "claimed");
  const [owner, setOwner] = useState(p?.owner?.id ?? "");
  const [programme, setProgramme] = useState(p?.programme?.id ?? "");
  const channels = useChannels().data ?? [];
  const [channel, setChannel] = useState(p?.channel?.id ?? "");
  const act = p ? acts.change : acts.add;
  const named = act.error instanceof Problem ? act.error.field?.replace(/^body\./, "") : undefined;
  const fault = (f: string) => (named === f && act.error ? sentenceOf(act.error) : undefined);
  const shown = ["url", "name", "note", "channel"];
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (k: string) => String(f.get(k) ?? "").trim();
    const body = {
      kind,
      status,
      owner,
      programme,
      channel,
      network: text("network"),
      name: text("name"),
      handle: text("handle"),
      url: text("url"),
      region: text("region"),
      sponsor: text("sponsor"),
      purpose: text("purpose"),
      note: text("note"),
    };
    if (p) acts.change.mutate({ id: p.id, ...body, done: text("done") }, { onSuccess: onDone });
    else acts.add.mutate(body, { onSuccess: onDone });
  };
  const people = [
    { value: "", label: t`Nobody yet` },
    ...members.map((m) => ({ value: m.id, label: m.name })),
    ...(p?.owner && !members.some((m) => m.id === p.owner?.id)
      ? [{ value: p.owner.id, label: p.owner.name }]
      : []),
  ];
  return (
    <form className="touch grid gap-3 sm:grid-cols-2" onSubmit={send}>
      <Field
        label={<Trans>Address</Trans>}
        error={
          fault("url") ?? (act.error && !shown.includes(named ?? "") ? sentenceOf(act.error) : undefined)
        }
        className="sm:col-span-2"
      >
        <Input name="url" type="url" placeholder="https://" autoFocus defaultValue={p?.url ?? ""} />
      </Field>
      <Field label={<Trans>Kind of site</Trans>}>
        <Select
          value={kind}
          onChange={setKind}
          choices={kinds.map((k) => ({ value: k, label: kindName(k) }))}
        />
      </Field>
      <Field label={<Trans>Network</Trans>} help={<Trans>Such as mastodon, youtube, trustpilot.</Trans>}>
        <Input name="network" maxLength={60} defaultValue={p?.network ?? ""} />
      </Field>
      <Field label={<Trans>Name</Trans>} error={fault("name")}>
        <Input name="name" maxLength={200} defaultValue={p?.name ?? ""} />
      </Field>
      <Field label={<Trans>Handle</Trans>}>
        <Input name="handle" maxLength={200} defaultValue={p?.handle ?? ""} />
      </Field>
      <Field label={<Trans>Region</Trans>} help={<Trans>Worldwide if left out.</Trans>}>
        <Input name="region" maxLength={80} defaultValue={p?.region ?? start.region ?? ""} />
      </Field>
      <Field label={<Trans>Status</Trans>}>
        <Select
          value={status}
          onChange={setStatus}
          choices={statuses.map((s) => ({ value: s, label: statusName(s) }))}
        />
      </Field>
      <Field label={<Trans>Who answers for it</Trans>}>
        <Select value={owner} onChange={setOwner} choices={people} />
      </Field>
      <Field label={<Trans>Programme</Trans>}>
        <Select
          value={programme}
          onChange={setProgramme}
          choices={[
            { value: "", label: t`None` },
            ...programmes.map((x) => ({ value: x.id, label: x.name })),
          ]}
        />
      </Field>
      <Field
        label={<Trans>Connected as</Trans>}
        help={<Trans>The channel that hears it and answers there.</Trans>}
        error={fault("channel")}
        className="sm:col-span-2"
      >
        <Select
          value={channel}
          onChange={setChannel}
          choices={[
            { value: "", label: t`The channel of the same address, if there is one` },
            ...channels.map((c) => ({ value: c.id, label: c.name, help: c.title })),
          ]}
        />
      </Field>
      <Field label={<Trans>Sponsor</Trans>}>
        <Input name="sponsor" maxLength={200} defaultValue={p?.sponsor ?? ""} />
      </Field>
      <Field label={<Trans>Purpose</Trans>}>
        <Input name="purpose" maxLength={1000} defaultValue={p?.purpose ?? ""} />
      </Field>
      <Field label={<Trans>Note</Trans>} error={fault("note")} className="sm:col-span-2">
        <Textarea name="note" rows={2} defaultValue={p?.note ?? ""} />
      </Field>
      {p && status === "impostor" && (
        <Field label={<Trans>What was done about it</Trans>} className="sm:col-span-2">
          <Textarea name="done" rows={2} defaultValue={p.done} />
        </Field>
      )}
      <div className="flex justify-end sm:col-span-2">
        <Button type="submit" look="p" busy={act.isPending}>
          {p ? <Trans>Keep it</Trans> : <Trans>Add it</Trans>}
        </Button>
      </div>
    </form>
  );
}
