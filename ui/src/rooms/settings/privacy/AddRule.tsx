import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Button, Dialog, DialogClose, Field, Select, Switch } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { useChannels } from "../data";
import { type Kind, kindMeans, kindName, kinds, narrow, terms, useRetentionActs } from "./retention";

// AddRule says how long a kind of data is kept. The rule is off.
export function AddRule({ open, onOpenChange }: { open: boolean; onOpenChange: (o: boolean) => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={<Trans>How long is it kept?</Trans>}
      text={<Trans>The rule is off at first; see what would go, then turn it on.</Trans>}
    >
      {open && <Form done={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function Form({ done }: { done: () => void }) {
  const { add } = useRetentionActs();
  const channels = useChannels().data ?? [];
  const [kind, setKind] = useState<Kind>("conversations");
  const [months, setMonths] = useState(24);
  const [channel, setChannel] = useState("");
  const [even, setEven] = useState(false);
  const term = terms(kind).includes(months) ? months : (terms(kind).at(-1) ?? 1);
  const send = (e: FormEvent) => {
    e.preventDefault();
    add.mutate(
      {
        kind,
        months: term,
        ...(narrow(kind) && channel ? { channel } : {}),
        ...(kind === "persons" && even ? { even } : {}),
      },
      { onSuccess: done },
    );
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={send}>
      <Field label={<Trans>What</Trans>} help={kindMeans(kind, even)}>
        <Select
          value={kind}
          onChange={setKind}
          choices={kinds.map((k) => ({ value: k, label: kindName(k) }))}
        />
      </Field>
      <Field label={<Trans>Goes after</Trans>}>
        <Select
          value={String(term)}
          onChange={(v) => setMonths(Number(v))}
          choices={terms(kind).map((m) => ({
            value: String(m),
            label:
              m % 12 ? (m === 1 ? t`1 month` : t`${m} months`) : m === 12 ? t`1 year` : t`${m / 12} years`,
          }))}
        />
      </Field>
      {narrow(kind) && channels.length > 0 && (
        <Field label={<Trans>Where</Trans>}>
          <Select
            value={channel}
            onChange={setChannel}
            choices={[
              { value: "", label: t`On all channels` },
              ...channels.map((c) => ({ value: c.id, label: c.name })),
            ]}
          />
        </Field>
      )}
      {kind === "persons" && (
        <Switch
          label={<Trans>Also with orders, opportunities, goals or promises</Trans>}
          checked={even}
          onChange={setEven}
        />
      )}
      {add.error && <p className="text-alarm">{sentenceOf(add.error)}</p>}
      <div className="touch flex justify-end gap-2">
        <DialogClose
          render={
            <Button look="g" type="button">
              <Trans>Not now</Trans>
            </Button>
          }
        />
        <Button look="p" type="submit" busy={add.isPending}>
          <Trans>Add the rule</Trans>
        </Button>
      </div>
    </form>
  );
}
