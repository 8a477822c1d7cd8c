import { Trans } from "@lingui/react/macro";
import { type FormEvent, type ReactElement, type ReactNode, useState } from "react";
import { Button, Checkbox, Dialog, Field, Input, Switch } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { fault } from "../data";
import { factName } from "./words";

export interface Draft {
  name: string;
  url: string;
  facts: string[]; // empty: all
}

// HookForm asks for a webhook's name, address and what it is told.
export function HookForm({
  open,
  onOpenChange,
  trigger,
  title,
  act,
  types,
  had,
  busy,
  error,
  onSend,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  trigger: ReactElement;
  title: ReactNode;
  act: ReactNode;
  types: readonly string[];
  had?: Draft;
  busy: boolean;
  error: unknown;
  onSend: (d: Draft) => void;
}) {
  const [name, setName] = useState(had?.name ?? "");
  const [url, setURL] = useState(had?.url ?? "");
  const [all, setAll] = useState((had?.facts.length ?? 0) === 0);
  const [facts, setFacts] = useState<string[]>(had?.facts ?? []);
  const placed = { name: fault(error, "name"), url: fault(error, "url") };
  const send = (e: FormEvent) => {
    e.preventDefault();
    onSend({ name: name.trim(), url: url.trim(), facts: all ? [] : facts });
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} trigger={trigger}>
      <form className="touch flex flex-col gap-3" onSubmit={send}>
        <Field
          label={<Trans>Name</Trans>}
          help={<Trans>What it is, such as “warehouse”.</Trans>}
          error={placed.name}
        >
          <Input
            name="name"
            required
            maxLength={100}
            value={name}
            onChange={(e) => setName(e.target.value)}
            autoComplete="off"
            autoFocus
          />
        </Field>
        <Field label={<Trans>Address</Trans>} error={placed.url}>
          <Input
            name="url"
            required
            inputMode="url"
            maxLength={2000}
            placeholder="https://crm.example/parley"
            value={url}
            onChange={(e) => setURL(e.target.value)}
            autoComplete="off"
          />
        </Field>
        <Switch label={<Trans>Tell it everything</Trans>} checked={all} onChange={setAll} />
        {!all && (
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-2 font-medium">
              <Trans>What it is told</Trans>
            </legend>
            {types.map((f) => (
              <Checkbox
                key={f}
                label={factName(f)}
                checked={facts.includes(f)}
                onChange={(on) => setFacts(on ? [...facts, f] : facts.filter((x) => x !== f))}
              />
            ))}
          </fieldset>
        )}
        {error != null && !placed.name && !placed.url && (
          <p role="alert" className="help bad">
            {sentenceOf(error)}
          </p>
        )}
        <div className="flex justify-end">
          <Button type="submit" look="p" busy={busy} onClick={() => {}}>
            {act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
