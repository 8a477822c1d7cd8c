import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import {
  Button,
  Chip,
  Dialog,
  DialogClose,
  Empty,
  Field,
  Input,
  Select,
  SelectMany,
  States,
  Table,
  Textarea,
} from "../../kit";
import { api, type Item, ok } from "../../lib/api";
import { sentenceOf } from "../../lib/problem";
import { useMay, useSession } from "../../lib/session";
import { useTags } from "../../lib/tags";
import { fault } from "./data";
import { Frame } from "./Frame";

type Macro = Item<"/api/macros">;
type Deed = NonNullable<Macro["deeds"]>[number];

function useMacroList(on: boolean) {
  return useQuery({
    queryKey: ["macros"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/macros", { signal }))).items ?? [],
    enabled: on,
  });
}

interface Body {
  name: string;
  text: string;
  note: string;
  deeds: Deed[];
  shared: boolean;
  programme?: string;
}

function useMacroActs() {
  const cache = useQueryClient();
  const onSuccess = () => void cache.invalidateQueries({ queryKey: ["macros"] });
  return {
    keep: useMutation({
      mutationFn: ({ id, ...body }: Body & { id?: string | undefined }) =>
        id
          ? ok(api.PUT("/api/macros/{id}", { params: { path: { id } }, body }))
          : ok(api.POST("/api/macros", { body })),
      meta: { quiet: true },
      onSuccess,
    }),
    drop: useMutation({
      mutationFn: (id: string) => ok(api.DELETE("/api/macros/{id}", { params: { path: { id } } })),
      onSuccess,
    }),
  };
}

// Macros are several acts under one name, one's own and shared.
export function Macros() {
  const may = useMay("inbox.work");
  const macros = useMacroList(may);
  const [editing, setEditing] = useState<Macro | "new">();
  const add = (
    <Button look="p" size="md" touch onClick={() => setEditing("new")}>
      <Plus className="i s" aria-hidden />
      <Trans>New macro</Trans>
    </Button>
  );
  return (
    <Frame name={t`Macros`} may={may} acts={add}>
      <p className="max-w-(--measure) pb-4 text-ink-2">
        <Trans>
          A macro does several things at once: words for the reply, a note, tags, whose it is. In a
          conversation M finds it, or / in an empty reply. It shows what it would do first, and never sends by
          itself.
        </Trans>
      </p>
      <States
        of={macros}
        empty={
          <Empty title={<Trans>There are no macros yet.</Trans>} acts={add}>
            <Trans>What you do again and again, such as asking for the serial number.</Trans>
          </Empty>
        }
      >
        {(rows) => (
          <Table
            label={t`Macros`}
            head={
              <>
                <th>
                  <Trans>Name</Trans>
                </th>
                <th className="max-sm:hidden">
                  <Trans>Words</Trans>
                </th>
                <th>
                  <Trans>Who uses it</Trans>
                </th>
              </>
            }
          >
            {rows.map((m) => (
              <tr key={m.id}>
                <td>
                  {m.editable ? (
                    <button type="button" className="link py-2 font-medium" onClick={() => setEditing(m)}>
                      {m.name}
                    </button>
                  ) : (
                    <span className="font-medium">{m.name}</span>
                  )}
                </td>
                <td className="max-w-80 truncate text-ink-2 max-sm:hidden">{m.text || m.note}</td>
                <td>
                  {m.shared ? (
                    (m.programme?.name ?? <Trans>Everybody</Trans>)
                  ) : (
                    <Chip tone="outline">
                      <Trans>only you</Trans>
                    </Chip>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </States>
      <Dialog
        open={editing !== undefined}
        onOpenChange={(o) => !o && setEditing(undefined)}
        wide
        title={editing === "new" ? <Trans>New macro</Trans> : <Trans>Change the macro</Trans>}
      >
        {editing && (
          <Form macro={editing === "new" ? undefined : editing} done={() => setEditing(undefined)} />
        )}
      </Dialog>
    </Frame>
  );
}

const of = (m: Macro | undefined, act: Deed["act"]) => m?.deeds?.find((d) => d.act === act);
const variables = [
  "{{person.first_name}}",
  "{{person.name}}",
  "{{member.first_name}}",
  "{{conversation.subject}}",
  "{{conversation.url}}",
];

function Form({ macro: m, done }: { macro: Macro | undefined; done: () => void }) {
  const acts = useMacroActs();
  const tags = useTags().data ?? [];
  const programmes = useSession()?.member?.programmes ?? [];
  const [who, setWho] = useState(m?.shared ? (m.programme?.id ?? "all") : "me");
  const [on, setOn] = useState<readonly string[]>(of(m, "tag")?.tags ?? []);
  const [off, setOff] = useState<readonly string[]>(of(m, "untag")?.tags ?? []);
  const assign = of(m, "assign");
  const [member, setMember] = useState(assign ? (assign.member ?? "-") : "");
  const [team, setTeam] = useState(of(m, "team")?.team ?? "");
  const [priority, setPriority] = useState<string>(of(m, "priority")?.priority ?? "");
  const snooze = of(m, "snooze");
  const [state, setState] = useState<string>(
    of(m, "resolve") ? "resolve" : of(m, "reopen") ? "reopen" : snooze ? "snooze" : "",
  );
  const [hours, setHours] = useState(String(snooze?.after ?? 24));
  const mates = useQuery({
    queryKey: ["mates"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/mates", { signal }))).items ?? [],
  });
  const teams = useQuery({
    queryKey: ["counts", "teams"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/teams", { signal }))).items ?? [],
  });
  const error = acts.keep.error;
  const save = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const moved = of(m, "move");
    const deeds: Deed[] = [
      ...(on.length ? [{ act: "tag" as const, tags: [...on] }] : []),
      ...(off.length ? [{ act: "untag" as const, tags: [...off] }] : []),
      ...(team ? [{ act: "team" as const, team }] : []),
      ...(member ? [{ act: "assign" as const, ...(member === "-" ? {} : { member }) }] : []),
      ...(priority
        ? [{ act: "priority" as const, priority: priority as NonNullable<Deed["priority"]> }]
        : []),
      ...(moved ? [moved] : []),
      ...(state === "resolve" || state === "reopen" ? [{ act: state } as Deed] : []),
      ...(state === "snooze" ? [{ act: "snooze" as const, after: Number(hours) || 0 }] : []),
    ];
    acts.keep.mutate(
      {
        id: m?.id,
        name: String(form.get("name") ?? ""),
        text: String(form.get("text") ?? ""),
        note: String(form.get("note") ?? ""),
        deeds,
        shared: who !== "me",
        ...(who !== "me" && who !== "all" ? { programme: who } : {}),
      },
      { onSuccess: done },
    );
  };
  const nothing = { value: "", label: t`leave it` };
  const named = (xs: readonly { id: string; name: string }[]) =>
    xs.map((x) => ({ value: x.id, label: x.name }));
  return (
    <form onSubmit={save} className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={<Trans>Name</Trans>} error={fault(error, "name")}>
          <Input name="name" required maxLength={60} defaultValue={m?.name} />
        </Field>
        <Field label={<Trans>Who uses it</Trans>}>
          <Select
            value={who}
            onChange={setWho}
            choices={[
              { value: "me", label: t`Only me` },
              ...programmes.map((p) => ({ value: p.id, label: t`Everybody in ${p.name}` })),
              { value: "all", label: t`The whole company` },
            ]}
          />
        </Field>
      </div>
      <Field
        label={<Trans>Words for the reply</Trans>}
        help={<Trans>Variables: {variables.join(" ")}</Trans>}
        error={fault(error, "text")}
      >
        <Textarea name="text" rows={4} defaultValue={m?.text} />
      </Field>
      <Field label={<Trans>Note among us</Trans>} error={fault(error, "note")}>
        <Textarea name="note" rows={2} defaultValue={m?.note} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={<Trans>Put on</Trans>}>
          <SelectMany value={[...on]} onChange={setOn} placeholder={t`no tags`} choices={named(tags)} />
        </Field>
        <Field label={<Trans>Take off</Trans>}>
          <SelectMany value={[...off]} onChange={setOff} placeholder={t`no tags`} choices={named(tags)} />
        </Field>
        <Field label={<Trans>Give to</Trans>}>
          <Select
            value={member}
            onChange={setMember}
            choices={[nothing, { value: "-", label: t`Nobody` }, ...named(mates.data ?? [])]}
          />
        </Field>
        <Field label={<Trans>Team</Trans>}>
          <Select value={team} onChange={setTeam} choices={[nothing, ...named(teams.data ?? [])]} />
        </Field>
        <Field label={<Trans>Priority</Trans>}>
          <Select
            value={priority}
            onChange={setPriority}
            choices={[
              nothing,
              { value: "urgent", label: t`Urgent` },
              { value: "high", label: t`High` },
              { value: "normal", label: t`Normal` },
              { value: "low", label: t`Low` },
            ]}
          />
        </Field>
        <Field label={<Trans>State</Trans>}>
          <Select
            value={state}
            onChange={setState}
            choices={[
              nothing,
              { value: "resolve", label: t`Resolve` },
              { value: "reopen", label: t`Open again` },
              { value: "snooze", label: t`Snooze` },
            ]}
          />
        </Field>
        {state === "snooze" && (
          <Field label={<Trans>Snooze for how many hours</Trans>}>
            <Input
              type="number"
              min={1}
              max={8760}
              value={hours}
              onChange={(e) => setHours(e.currentTarget.value)}
            />
          </Field>
        )}
      </div>
      {Boolean(error) && !fault(error, "name") && !fault(error, "text") && !fault(error, "note") && (
        <p className="text-alarm" role="alert">
          {sentenceOf(error)}
        </p>
      )}
      <div className="touch flex flex-wrap justify-end gap-2">
        {m && (
          <Button
            look="g"
            type="button"
            className="me-auto"
            busy={acts.drop.isPending}
            onClick={() => acts.drop.mutate(m.id, { onSuccess: done })}
          >
            <Trans>Remove</Trans>
          </Button>
        )}
        <DialogClose
          render={
            <Button look="g" type="button">
              <Trans>Not now</Trans>
            </Button>
          }
        />
        <Button look="p" type="submit" busy={acts.keep.isPending}>
          <Trans>Save</Trans>
        </Button>
      </div>
    </form>
  );
}
