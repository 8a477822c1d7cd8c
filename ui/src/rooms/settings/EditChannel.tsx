import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Button, Field, Input, Section, Select, Switch, tell } from "../../kit";
import { sentenceOf } from "../../lib/problem";
import { useMay } from "../../lib/session";
import { Tested } from "./Connect";
import {
  type ChannelFull,
  fault,
  useChannelActs,
  useKinds,
  useProgrammes,
  useTest,
  type Values,
} from "./data";
import { Form, filled, missing, told } from "./Form";

// EditChannel changes a channel. Stored secrets are never shown; empty keeps them.
export function EditChannel({ c }: { c: ChannelFull }) {
  const kind = useKinds().data?.find((k) => k.name === c.kind);
  const form = kind?.form ?? [];
  const stored = c.settings as Record<string, unknown>;
  const secrets = (stored.has_secret ?? {}) as Record<string, boolean>;
  const kept = new Set(Object.keys(secrets).filter((k) => secrets[k]));
  const { change } = useChannelActs();
  const test = useTest();
  const programmes = useProgrammes(useMay("govern.read")).data ?? [];
  const [edited, setEdited] = useState<Values>();
  const [name, setName] = useState(c.name);
  const [keep, setKeep] = useState(c.keep);
  const [programme, setProgramme] = useState(c.programme?.id ?? "");
  const values = edited ?? filled(form, stored);
  const lacks = missing(form, values, kept);
  const why = lacks ? t`${lacks.label} is missing.` : undefined;
  const error = change.error ?? test.error;
  const placed = form.some((f) => fault(error, f.name)) || fault(error, "name");
  const send = (e: FormEvent) => {
    e.preventDefault();
    if (why) return;
    change.mutate(
      { id: c.id, name: name.trim(), keep, programme, ...(edited ? { settings: told(form, values) } : {}) },
      {
        onSuccess: () => {
          setEdited(undefined);
          tell({ text: t`${name} is changed.` });
        },
      },
    );
  };
  return (
    <Section title={<Trans>Settings</Trans>}>
      <form className="touch flex max-w-xl flex-col gap-4 pt-3" onSubmit={send}>
        <Field label={<Trans>Name</Trans>} error={fault(change.error, "name")}>
          <Input
            name="name"
            value={name}
            onChange={(e) => setName(e.target.value)}
            required
            maxLength={200}
            autoComplete="off"
          />
        </Field>
        <Form
          form={form}
          values={values}
          kept={kept}
          error={error}
          onChange={(v) => {
            setEdited(v);
            test.reset();
          }}
        />
        {programmes.length > 0 && (
          <Field
            label={<Trans>Programme</Trans>}
            help={<Trans>Who is in it sees what is heard here, and may answer.</Trans>}
          >
            <Select
              value={programme}
              onChange={setProgramme}
              choices={[
                { value: "", label: t`None` },
                ...programmes.map((p) => ({ value: p.id, label: p.name })),
              ]}
            />
          </Field>
        )}
        <Switch
          label={<Trans>Keep everything that is heard</Trans>}
          help={<Trans>Otherwise only what a monitor finds or is said to us is kept.</Trans>}
          checked={keep}
          onChange={setKeep}
        />
        <Tested of={test.data} />
        {error && !placed && (
          <p role="alert" className="help bad">
            {sentenceOf(error)}
          </p>
        )}
        <div className="flex gap-2">
          <Button type="submit" look="p" busy={change.isPending} {...(why ? { why } : {})} onClick={() => {}}>
            <Trans>Save changes</Trans>
          </Button>
          <Button
            busy={test.isPending}
            {...(why ? { why } : {})}
            onClick={() => test.mutate({ id: c.id, kind: c.kind, settings: told(form, values) })}
          >
            <Trans>Test it</Trans>
          </Button>
        </div>
      </form>
    </Section>
  );
}
