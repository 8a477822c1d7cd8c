import { plural, t } from "@lingui/core/macro";
import { Plus, Trash2, X } from "lucide-react";
import { type ReactNode, useId } from "react";
import { Button } from "./Button";
import { Select } from "./Select";
import { SelectMany } from "./SelectMany";

export type CondType = "text" | "number" | "date" | "bool" | "choice" | "many";

// Cond is a group (join and nodes) or a test (field, op and values), as the server takes it.
export interface Cond {
  join?: "all" | "any" | "none";
  nodes?: Cond[];
  field?: string;
  op?: string;
  values?: string[];
}

export interface CondField {
  name: string;
  label: string;
  type: CondType;
  group?: string; // under which heading it is offered
  choices?: readonly { value: string; label: string }[];
}

interface Props {
  fields: readonly CondField[];
  value: Cond;
  onChange: (c: Cond) => void;
  error?: { field?: string | undefined; text: string } | undefined; // what the server refused, and where
  depth?: number;
}

const opsOf: Record<CondType, readonly string[]> = {
  text: ["contains", "lacks", "is", "is_not", "begins", "set", "unset"],
  number: ["more", "less", "between", "is", "is_not", "set", "unset"],
  date: ["within", "older", "after", "before", "set", "unset"],
  bool: ["is"],
  choice: ["is", "is_not", "set", "unset"],
  many: ["has", "has_all", "has_none", "set", "unset"],
};

// opWord says a test as it stands in a sentence.
function opWord(op: string, type: CondType): string {
  switch (op) {
    case "is":
      return type === "choice" ? t`is any of` : t`is`;
    case "is_not":
      return type === "choice" ? t`is none of` : t`is not`;
    case "contains":
      return t`contains`;
    case "lacks":
      return t`does not contain`;
    case "begins":
      return t`begins with`;
    case "less":
      return t`is less than`;
    case "more":
      return t`is more than`;
    case "between":
      return t`is between`;
    case "before":
      return t`is before`;
    case "after":
      return t`is on or after`;
    case "within":
      return t`is in the last`;
    case "older":
      return t`is longer ago than`;
    case "has":
      return t`has any of`;
    case "has_all":
      return t`has all of`;
    case "has_none":
      return t`has none of`;
    case "set":
      return t`is there`;
    default:
      return t`is empty`;
  }
}

// firstTest is a test of a field before anything was chosen.
function firstTest(f: CondField): Cond {
  const op = opsOf[f.type][0] as string;
  return { field: f.name, op, values: f.type === "bool" ? ["true"] : f.type === "date" ? ["7d"] : [] };
}

// asGroup makes sure that the top of a tree is a group.
export function asGroup(c: Cond): Cond {
  return c.field ? { join: "all", nodes: [c] } : { ...c, join: c.join ?? "all", nodes: c.nodes ?? [] };
}

// tests counts the tests of a tree.
export function tests(c: Cond): number {
  return c.field ? 1 : (c.nodes ?? []).reduce((n, x) => n + tests(x), 0);
}

// Conditions is where a tree of conditions is put together: groups of tests, as
// deep as three here. Every control is a native field or a list of the kit, so
// that it goes by keyboard; on a phone a test's parts stand under each other.
export function Conditions({ fields, value, onChange, error, depth = 1 }: Props) {
  return (
    <Group
      fields={fields}
      value={asGroup(value)}
      onChange={onChange}
      error={error}
      depth={depth}
      path="conditions"
    />
  );
}

function Group({
  fields,
  value,
  onChange,
  onRemove,
  error,
  depth,
  path,
}: Props & { depth: number; path: string; onRemove?: () => void }) {
  const nodes = value.nodes ?? [];
  const put = (i: number, c: Cond) => onChange({ ...value, nodes: nodes.map((n, at) => (at === i ? c : n)) });
  const drop = (i: number) => onChange({ ...value, nodes: nodes.filter((_, at) => at !== i) });
  const add = (c: Cond) => onChange({ ...value, nodes: [...nodes, c] });
  const first = fields[0];
  return (
    <fieldset
      className={
        depth > 1 ? "flex flex-col gap-2 rounded-md border border-line-2 bg-desk p-3" : "flex flex-col gap-2"
      }
    >
      <legend className="sr-only">{t`Conditions`}</legend>
      <div className="flex items-center gap-2">
        <Select
          className="w-auto!"
          label={t`How these go together`}
          value={value.join ?? "all"}
          onChange={(join) => onChange({ ...value, join })}
          choices={[
            { value: "all", label: t`All of these hold` },
            { value: "any", label: t`Any of these holds` },
            { value: "none", label: t`None of these holds` },
          ]}
        />
        {onRemove && (
          <Button
            look="g"
            square
            touch
            className="ms-auto"
            aria-label={t`Remove this group`}
            onClick={onRemove}
          >
            <Trash2 className="i" aria-hidden />
          </Button>
        )}
      </div>
      {nodes.map((n, i) => {
        const at = `${path}.nodes[${i}]`;
        const key = `${at}-${n.field ?? "group"}`;
        return n.field ? (
          <Test
            key={key}
            fields={fields}
            value={n}
            onChange={(c) => put(i, c)}
            onRemove={() => drop(i)}
            error={inside(error, at)}
          />
        ) : (
          <Group
            key={key}
            fields={fields}
            value={asGroup(n)}
            onChange={(c) => put(i, c)}
            onRemove={() => drop(i)}
            error={error}
            depth={depth + 1}
            path={at}
          />
        );
      })}
      <div className="touch flex flex-wrap gap-2">
        <Button size="sm" onClick={() => first && add(firstTest(first))} disabled={!first}>
          <Plus className="i s" aria-hidden />
          {t`Add a condition`}
        </Button>
        {depth < 3 && (
          <Button
            size="sm"
            look="g"
            onClick={() => first && add({ join: "any", nodes: [firstTest(first)] })}
            disabled={!first}
          >
            {t`Add a group`}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

function inside(error: Props["error"], at: string): string | undefined {
  const where = error?.field?.slice(error.field.indexOf("conditions"));
  return where && (where === at || where.startsWith(`${at}.`)) && !where.startsWith(`${at}.nodes`)
    ? error?.text
    : undefined;
}

function Test({
  fields,
  value,
  onChange,
  onRemove,
  error,
}: {
  fields: readonly CondField[];
  value: Cond;
  onChange: (c: Cond) => void;
  onRemove: () => void;
  error?: string | undefined;
}) {
  const field = fields.find((f) => f.name === value.field);
  const help = useId();
  const type = field?.type ?? "text";
  const op = value.op ?? opsOf[type][0] ?? "is";
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-start gap-2 rounded-md border border-line bg-paper p-2 sm:flex-nowrap">
        <Select
          className="sm:w-44! sm:flex-none"
          label={t`Field`}
          value={value.field ?? null}
          placeholder={t`a field that is gone`}
          onChange={(name) => {
            const next = fields.find((f) => f.name === name);
            if (next) onChange(firstTest(next));
          }}
          choices={fields.map((f) => ({
            value: f.name,
            label: f.label,
            ...(f.group ? { help: f.group } : {}),
          }))}
        />
        <Select
          className="sm:w-44! sm:flex-none"
          label={t`Test`}
          value={op}
          onChange={(next) => onChange({ ...value, op: next, values: kept(value.values ?? [], op, next) })}
          choices={opsOf[type].map((o) => ({ value: o, label: opWord(o, type) }))}
        />
        <div className="min-w-0 flex-1 basis-40">
          <Values
            field={field}
            op={op}
            values={value.values ?? []}
            onChange={(values) => onChange({ ...value, values })}
            described={error ? help : undefined}
          />
        </div>
        <Button look="g" square touch aria-label={t`Remove this condition`} onClick={onRemove}>
          <X className="i" aria-hidden />
        </Button>
      </div>
      {error && (
        <p id={help} className="px-2 text-sm text-alarm">
          {error}
        </p>
      )}
    </div>
  );
}

// kept are the values that make sense for another test as well.
function kept(values: string[], was: string, next: string): string[] {
  if (next === "set" || next === "unset") return [];
  const span = (o: string) => o === "within" || o === "older";
  if (span(was) !== span(next)) return span(next) ? ["7d"] : [];
  return next === "between" ? values.slice(0, 2) : values;
}

function Values({
  field,
  op,
  values,
  onChange,
  described,
}: {
  field: CondField | undefined;
  op: string;
  values: string[];
  onChange: (v: string[]) => void;
  described: string | undefined;
}) {
  const wrong = described ? { "aria-invalid": true, "aria-describedby": described } : {};
  if (!field || op === "set" || op === "unset") return null;
  if (field.type === "bool")
    return (
      <Select
        label={t`Value`}
        value={values[0] ?? "true"}
        onChange={(v) => onChange([v])}
        choices={[
          { value: "true", label: t`yes` },
          { value: "false", label: t`no` },
        ]}
      />
    );
  if (field.choices)
    return (
      <SelectMany
        label={t`Values of ${field.label}`}
        choices={field.choices}
        value={values}
        onChange={onChange}
      />
    );
  if (op === "within" || op === "older")
    return <Span value={values[0] ?? "7d"} onChange={(v) => onChange([v])} />;
  const input = (i: number, label: string): ReactNode => (
    <input
      className="input"
      aria-label={label}
      type={field.type === "number" ? "number" : field.type === "date" ? "date" : "text"}
      step="any"
      value={field.type === "date" ? (values[i] ?? "").slice(0, 10) : (values[i] ?? "")}
      onChange={(e) => {
        const next = [...values];
        next[i] = e.target.value;
        onChange(next);
      }}
      {...wrong}
    />
  );
  if (op !== "between") return input(0, t`Value`);
  return (
    <div className="flex items-center gap-2">
      {input(0, t`From`)}
      <span className="text-ink-3">–</span>
      {input(1, t`To`)}
    </div>
  );
}

function Span({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  const n = value.slice(0, -1);
  const unit = value.slice(-1);
  return (
    <div className="flex gap-2">
      <input
        className="input w-20! flex-none"
        aria-label={t`How many`}
        type="number"
        min={1}
        value={n}
        onChange={(e) => onChange(`${e.target.value}${unit}`)}
      />
      <Select
        label={t`Unit`}
        value={unit}
        onChange={(u) => onChange(`${n}${u}`)}
        choices={[
          { value: "h", label: t`hours` },
          { value: "d", label: t`days` },
          { value: "w", label: t`weeks` },
        ]}
      />
    </div>
  );
}

// spanText says 30d as thirty days.
function spanText(v: string): string {
  const n = Number(v.slice(0, -1));
  if (!n) return v;
  switch (v.slice(-1)) {
    case "h":
      return plural(n, { one: "# hour", other: "# hours" });
    case "d":
      return plural(n, { one: "# day", other: "# days" });
    default:
      return plural(n, { one: "# week", other: "# weeks" });
  }
}

// condText says a tree in words, for lists and summaries.
export function condText(c: Cond, fields: readonly CondField[]): string {
  if (c.field) {
    const f = fields.find((x) => x.name === c.field);
    const type = f?.type ?? "text";
    const span = c.op === "within" || c.op === "older";
    const values = (c.values ?? []).map((v) =>
      type === "bool"
        ? v === "true"
          ? t`yes`
          : t`no`
        : span
          ? spanText(v)
          : (f?.choices?.find((x) => x.value === v)?.label ?? v),
    );
    return `${f?.label ?? c.field} ${opWord(c.op ?? "", type)} ${values.join(", ")}`.trim();
  }
  const parts = (c.nodes ?? []).map((n) => (n.field ? condText(n, fields) : `(${condText(n, fields)})`));
  if (parts.length === 0) return t`everything`;
  const joined = parts.join(c.join === "any" || c.join === "none" ? ` ${t`or`} ` : ` ${t`and`} `);
  return c.join === "none" ? t`none of: ${joined}` : joined;
}
