import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, MoreHorizontal, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import {
  Button,
  Chip,
  Dialog,
  Empty,
  Field,
  Input,
  Menu,
  MenuItem,
  Section,
  Select,
  States,
  Switch,
  Textarea,
  tell,
} from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { fault } from "../data";
import { Frame } from "../Frame";
import { lines } from "../words";
import { type CustomField, type FieldType, type Of, useBusinessActs, useFields } from "./data";

const subjects: readonly Of[] = ["person", "organization", "opportunity"];

const subjectName = (of: Of) =>
  of === "person" ? t`People` : of === "organization" ? t`Organizations` : t`Opportunities`;

const typeName = (type: string) =>
  ({ text: t`Text`, number: t`Number`, date: t`Day`, bool: t`Yes or no`, choice: t`Choice` })[type] ?? type;

// Fields are those that a company adds to people, organizations and opportunities.
export function Fields() {
  const may = useMay("govern.write");
  const fields = useFields();
  const [adds, setAdds] = useState<Of>();
  return (
    <Frame name={t`Fields`}>
      <p className="max-w-(--measure) pb-4 text-ink-2">
        <Trans>
          What you want to know beyond what Parley keeps by itself. What a colleague writes into one is never
          written over by a program.
        </Trans>
      </p>
      <States of={fields}>
        {(all) => (
          <div className="flex max-w-2xl flex-col gap-8">
            {subjects.map((of) => {
              const rows = all.filter((f) => f.of === of);
              return (
                <Section
                  key={of}
                  title={subjectName(of)}
                  n={rows.filter((f) => !f.archived).length || undefined}
                  end={
                    may && (
                      <Button
                        look="g"
                        size="sm"
                        touch
                        aria-label={t`Add a field: ${subjectName(of)}`}
                        onClick={() => setAdds(of)}
                      >
                        <Plus className="i s" aria-hidden />
                        <Trans>Add a field</Trans>
                      </Button>
                    )
                  }
                >
                  {rows.length === 0 ? (
                    <div className="pt-3">
                      <Empty title={<Trans>No field was added.</Trans>} />
                    </div>
                  ) : (
                    <ul>
                      {rows.map((f, i) => (
                        <Row key={f.id} f={f} at={i} of={rows.length} may={may} />
                      ))}
                    </ul>
                  )}
                </Section>
              );
            })}
          </div>
        )}
      </States>
      <Write open={Boolean(adds)} of={adds ?? "person"} onClose={() => setAdds(undefined)} />
    </Frame>
  );
}

function Row({ f, at, of, may }: { f: CustomField; at: number; of: number; may: boolean }) {
  const { editField } = useBusinessActs();
  const [edits, setEdits] = useState(false);
  const put = (archived: boolean) =>
    editField.mutate(
      { id: f.id, archived },
      {
        onSuccess: () =>
          tell({
            text: archived ? t`${f.name} was put away; what it holds stays.` : t`${f.name} is back.`,
            undo: () => editField.mutate({ id: f.id, archived: !archived }),
          }),
      },
    );
  return (
    <li className="flex min-h-12 items-center gap-2 border-b border-line">
      <span className={`min-w-0 flex-1 ${f.archived ? "text-ink-3" : ""}`}>
        <span className="block truncate font-strong">{f.name}</span>
        <span className="block truncate text-xs text-ink-3">
          {typeName(f.type)} · <span className="mono">{f.key}</span>
          {f.type === "choice" && ` · ${(f.choices ?? []).join(", ")}`}
        </span>
      </span>
      {f.customers_correct && !f.archived && (
        <Chip>
          <Trans>customers correct it</Trans>
        </Chip>
      )}
      {f.archived && (
        <Chip>
          <Trans>put away</Trans>
        </Chip>
      )}
      {may && (
        <>
          <Button
            look="g"
            size="sm"
            square
            touch
            disabled={at === 0}
            aria-label={t`${f.name} further up`}
            onClick={() => editField.mutate({ id: f.id, position: at - 1 })}
          >
            <ArrowUp className="i s" aria-hidden />
          </Button>
          <Button
            look="g"
            size="sm"
            square
            touch
            disabled={at === of - 1}
            aria-label={t`${f.name} further down`}
            onClick={() => editField.mutate({ id: f.id, position: at + 1 })}
          >
            <ArrowDown className="i s" aria-hidden />
          </Button>
          <Menu
            align="end"
            trigger={
              <Button look="g" size="sm" square touch aria-label={t`More about ${f.name}`}>
                <MoreHorizontal className="i s" aria-hidden />
              </Button>
            }
          >
            <MenuItem onSelect={() => setEdits(true)}>
              <Trans>Change</Trans>
            </MenuItem>
            <MenuItem onSelect={() => put(!f.archived)}>
              {f.archived ? <Trans>Bring it back</Trans> : <Trans>Put it away</Trans>}
            </MenuItem>
          </Menu>
        </>
      )}
      <Write open={edits} field={f} of={f.of as Of} onClose={() => setEdits(false)} />
    </li>
  );
}

function Write({
  open,
  of,
  field,
  onClose,
}: {
  open: boolean;
  of: Of;
  field?: CustomField;
  onClose: () => void;
}) {
  return (
    <Dialog
      open={open}
      onOpenChange={(o) => !o && onClose()}
      title={field ? <Trans>Change the field</Trans> : <Trans>Add a field</Trans>}
      text={subjectName(of)}
    >
      <Sheet key={String(open)} of={of} field={field} onDone={onClose} />
    </Dialog>
  );
}

function Sheet({ of, field, onDone }: { of: Of; field?: CustomField | undefined; onDone: () => void }) {
  const { addField, editField } = useBusinessActs();
  const [type, setType] = useState<FieldType>((field?.type as FieldType) ?? "text");
  const [correct, setCorrect] = useState(field?.customers_correct ?? false);
  const error = addField.error ?? editField.error;
  const keep = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const name = String(f.get("name") ?? "").trim();
    const choices = type === "choice" ? { choices: lines(String(f.get("choices") ?? "")) } : {};
    const theirs = of === "person" ? { customers_correct: correct } : {};
    if (field) editField.mutate({ id: field.id, name, ...choices, ...theirs }, { onSuccess: onDone });
    else addField.mutate({ of, name, type, ...choices, ...theirs }, { onSuccess: onDone });
  };
  const placed = ["name", "choices", "type"].some((n) => fault(error, n));
  return (
    <form className="touch flex flex-col gap-3" onSubmit={keep}>
      <Field label={<Trans>Name</Trans>} error={fault(error, "name")}>
        <Input name="name" defaultValue={field?.name ?? ""} required maxLength={60} autoComplete="off" />
      </Field>
      {!field && (
        <Field label={<Trans>What it holds</Trans>} error={fault(error, "type")}>
          <Select
            value={type}
            onChange={setType}
            choices={(["text", "number", "date", "bool", "choice"] as const).map((x) => ({
              value: x,
              label: typeName(x),
            }))}
          />
        </Field>
      )}
      {type === "choice" && (
        <Field
          label={<Trans>Choices</Trans>}
          help={<Trans>One on a line.</Trans>}
          error={fault(error, "choices")}
        >
          <Textarea name="choices" defaultValue={(field?.choices ?? []).join("\n")} required />
        </Field>
      )}
      {of === "person" && (
        <Switch
          label={<Trans>Customers may correct it</Trans>}
          help={<Trans>On the page about themselves. A colleague accepts it or not.</Trans>}
          checked={correct}
          onChange={setCorrect}
        />
      )}
      {error && !placed && (
        <p role="alert" className="help bad">
          {sentenceOf(error)}
        </p>
      )}
      <div className="flex justify-end">
        <Button type="submit" look="p" busy={addField.isPending || editField.isPending}>
          <Trans>Keep it</Trans>
        </Button>
      </div>
    </form>
  );
}
