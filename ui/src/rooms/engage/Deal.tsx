import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Handshake } from "lucide-react";
import { type FormEvent, useState } from "react";
import { AsidePart, Button, Dialog, Field, Input, Select, tell } from "../../kit";
import { api, ok } from "../../lib/api";
import { digits, minor } from "../../lib/format";
import { sentenceOf } from "../../lib/problem";
import { useMay } from "../../lib/session";
import type { TalkFull } from "./data";

// Deal is what they may order, as far as this conversation says; two presses
// begin one. Where they seem to want to buy, it is offered.
export function Deal({ talk: c }: { talk: TalkFull }) {
  const may = useMay("people.write");
  const reads = useMay("people.read");
  const [open, setOpen] = useState(false);
  const held = useQuery({
    queryKey: ["deals", "list", { conversation: c.id }],
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/api/opportunities", { params: { query: { conversation: c.id } }, signal })))
        .items ?? [],
    enabled: reads,
  }).data;
  const wants = (c.intents ?? []).some((i) => i.label === "purchase");
  if (!held || (held.length === 0 && !may)) return null;
  return (
    <AsidePart title={<Trans>Opportunity</Trans>}>
      {held.length > 0 && (
        <ul className="flex flex-col gap-1 pb-2">
          {held.map((d) => (
            <li key={d.id} className="flex items-baseline gap-2">
              <Link
                to="/people/opportunities/$id"
                params={{ id: d.id }}
                className="min-w-0 flex-1 truncate hover:underline"
              >
                {d.name}
              </Link>
              {d.currency && <b className="font-strong">{minor(d.amount, d.currency)}</b>}
            </li>
          ))}
        </ul>
      )}
      {held.length === 0 && wants && (
        <p className="pb-2 text-ink-2">
          <Trans>It sounds as if they want to buy.</Trans>
        </p>
      )}
      {may && (
        <Button size="sm" touch look={held.length === 0 && wants ? "o" : "g"} onClick={() => setOpen(true)}>
          <Handshake className="i s" aria-hidden />
          <Trans>New opportunity</Trans>
        </Button>
      )}
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={<Trans>New opportunity</Trans>}
        text={
          <Trans>With whom, for which programme and where it came up are taken from the conversation.</Trans>
        }
      >
        <Begin key={String(open)} talk={c} onDone={() => setOpen(false)} />
      </Dialog>
    </AsidePart>
  );
}

function Begin({ talk: c, onDone }: { talk: TalkFull; onDone: () => void }) {
  const cache = useQueryClient();
  const [currency, setCurrency] = useState("EUR");
  const [into, setInto] = useState("");
  const person = c.author.person;
  const open = useQuery({
    queryKey: ["deals", "list", { person, state: "open" }],
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/api/opportunities", {
            params: { query: { person: person ?? "", state: "open" } },
            signal,
          }),
        )
      ).items ?? [],
    enabled: Boolean(person),
  }).data;
  const add = useMutation({
    mutationFn: async (w: { name: string; amount: number }) => {
      if (into) {
        const where = { params: { path: { id: into, conversation: c.id } } };
        return ok(api.PUT("/api/opportunities/{id}/conversations/{conversation}", where));
      }
      return ok(api.POST("/api/opportunities", { body: { ...w, currency, conversation: c.id } }));
    },
    meta: { quiet: true },
    onSuccess: (d) => {
      void cache.invalidateQueries({ queryKey: ["deals"] });
      onDone();
      tell({ text: into ? t`The conversation belongs to ${d.name} now.` : t`${d.name} is in the pipeline.` });
    },
  });
  const keep = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const n = Number(String(f.get("amount") ?? "").replace(",", "."));
    add.mutate({
      name: String(f.get("name") ?? "").trim(),
      amount: Number.isFinite(n) && n > 0 ? Math.round(n * 10 ** digits(currency)) : 0,
    });
  };
  return (
    <form className="touch flex flex-col gap-3" onSubmit={keep}>
      {(open ?? []).length > 0 && (
        <Field label={<Trans>Which</Trans>}>
          <Select
            value={into}
            onChange={setInto}
            choices={[
              { value: "", label: t`A new one` },
              ...(open ?? []).map((d) => ({ value: d.id, label: d.name })),
            ]}
          />
        </Field>
      )}
      {!into && (
        <>
          <Field label={<Trans>What they may order</Trans>}>
            <Input
              name="name"
              defaultValue={c.subject.slice(0, 120)}
              required
              maxLength={200}
              autoComplete="off"
            />
          </Field>
          <div className="grid grid-cols-[1fr_6rem] gap-3">
            <Field label={<Trans>Amount</Trans>} help={<Trans>Leave it empty if nobody knows.</Trans>}>
              <Input name="amount" type="number" min={0} step="any" />
            </Field>
            <Field label={<Trans>Currency</Trans>}>
              <Input
                value={currency}
                maxLength={3}
                onChange={(e) => setCurrency(e.target.value.toUpperCase())}
              />
            </Field>
          </div>
        </>
      )}
      {add.error && (
        <p role="alert" className="help bad">
          {sentenceOf(add.error)}
        </p>
      )}
      <div className="flex justify-end">
        <Button type="submit" look="p" busy={add.isPending}>
          {into ? <Trans>It belongs to it</Trans> : <Trans>Begin it</Trans>}
        </Button>
      </div>
    </form>
  );
}
