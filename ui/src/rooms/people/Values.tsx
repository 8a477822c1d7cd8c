import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { AsidePart, Button, Dialog, Field, Input, Select, tell } from "../../kit";
import { count, day } from "../../lib/format";
import { sentenceOf } from "../../lib/problem";
import { useMay } from "../../lib/session";
import { fault, useDealActs, useValues, type Value } from "./deals/data";

type Of = "person" | "organization" | "opportunity";

// Values are the fields that a company added, with where each value came from.
export function Values({ of, id }: { of: Of; id: string }) {
  const found = useValues(of, id).data ?? [];
  const may = useMay("people.write");
  const defines = useMay("govern.write");
  const { fill } = useDealActs();
  const [open, setOpen] = useState(false);
  if (found.length === 0)
    return defines ? (
      <AsidePart title={<Trans>Fields</Trans>}>
        <Link to="/settings/fields" className="link">
          <Trans>Add fields of your own</Trans>
        </Link>
      </AsidePart>
    ) : null;
  const write = (values: Record<string, string>, back?: Record<string, string>) =>
    fill.mutate(
      { of, id, values },
      {
        onSuccess: () => {
          setOpen(false);
          if (back) tell({ text: t`Kept.`, undo: () => write(back) });
        },
      },
    );
  const save = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const now: Record<string, string> = {};
    const was: Record<string, string> = {};
    for (const v of found) {
      const text = String(f.get(v.field.key) ?? "").trim();
      if (text === v.value) continue;
      now[v.field.key] = text;
      was[v.field.key] = v.value;
    }
    if (Object.keys(now).length > 0) write(now, was);
    else setOpen(false);
  };
  return (
    <AsidePart
      title={<Trans>Fields</Trans>}
      end={
        may && (
          <Button look="g" size="sm" square touch aria-label={t`Change fields`} onClick={() => setOpen(true)}>
            <Pencil className="i s" aria-hidden />
          </Button>
        )
      }
    >
      <dl className="kv">
        {found.map((v) => (
          <div key={v.field.id} className="contents">
            <dt className="wrap-anywhere">{v.field.name}</dt>
            <dd className="wrap-anywhere" title={origin(v)}>
              {v.value ? said(v) : <span className="text-ink-3">–</span>}
              {v.source && v.source !== "member" && (
                <span className="block text-xs text-ink-3">{origin(v)}</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <Dialog open={open} onOpenChange={setOpen} title={<Trans>Change fields</Trans>}>
        <form key={String(open)} className="touch flex flex-col gap-3" onSubmit={save}>
          {found.map((v) => (
            <One key={v.field.id} v={v} error={fault(fill.error, v.field.key)} />
          ))}
          {fill.error && !found.some((v) => fault(fill.error, v.field.key)) && (
            <p role="alert" className="help bad">
              {sentenceOf(fill.error)}
            </p>
          )}
          <div className="flex justify-end">
            <Button type="submit" look="p" busy={fill.isPending}>
              <Trans>Keep it</Trans>
            </Button>
          </div>
        </form>
      </Dialog>
    </AsidePart>
  );
}

function One({ v, error }: { v: Value; error: string | undefined }) {
  const f = v.field;
  const [chosen, setChosen] = useState(v.value);
  if (f.type === "choice" || f.type === "bool") {
    const of = f.type === "bool" ? ["true", "false"] : (f.choices ?? []);
    return (
      <Field label={f.name} error={error}>
        <Select
          value={chosen}
          onChange={setChosen}
          choices={[
            { value: "", label: "–" },
            ...of.map((c) => ({ value: c, label: f.type === "bool" ? yes(c) : c })),
          ]}
        />
        <input type="hidden" name={f.key} value={chosen} />
      </Field>
    );
  }
  return (
    <Field label={f.name} error={error}>
      <Input
        name={f.key}
        defaultValue={v.value}
        type={f.type === "date" ? "date" : "text"}
        {...(f.type === "number" ? { inputMode: "decimal" as const } : {})}
        autoComplete="off"
      />
    </Field>
  );
}

const yes = (v: string) => (v === "true" ? t`Yes` : t`No`);

function said(v: Value): string {
  switch (v.field.type) {
    case "bool":
      return yes(v.value);
    case "number":
      return count(Number(v.value));
    case "date":
      return day(`${v.value}T12:00:00`);
    default:
      return v.value;
  }
}

function origin(v: Value): string {
  const on = v.at ? day(v.at) : "";
  switch (v.source) {
    case "member":
      return v.by ? t`${v.by.name}, ${on}` : on;
    case "customer":
      return t`said by themselves, ${on}`;
    case "import":
      return t`imported, ${on}`;
    case "enrichment":
      return t`looked up, ${on}`;
    case "api":
      return t`by a program, ${on}`;
    default:
      return "";
  }
}
