import { t } from "@lingui/core/macro";
import { Field, Input, Select, Textarea } from "../../kit";
import { type FormField, fault, type Values } from "./data";

// filled are the values a form begins with: what is stored, otherwise the default.
export function filled(form: readonly FormField[] | null, stored: Record<string, unknown> = {}): Values {
  return Object.fromEntries(
    (form ?? []).map((f) => {
      const had = stored[f.name];
      return [f.name, f.type === "secret" ? "" : typeof had === "string" ? had : (f.default ?? "")];
    }),
  );
}

// missing is the first field that must be filled and is not; a stored secret counts as filled.
export function missing(
  form: readonly FormField[] | null,
  values: Values,
  kept: ReadonlySet<string> = new Set(),
): FormField | undefined {
  return (form ?? []).find((f) => f.required && !values[f.name]?.trim() && !kept.has(f.name));
}

// told are the values to send: an empty secret keeps the stored one, so it stays home.
export function told(form: readonly FormField[] | null, values: Values): Values {
  const secret = new Set((form ?? []).filter((f) => f.type === "secret").map((f) => f.name));
  return Object.fromEntries(
    Object.entries(values)
      .map(([k, v]) => [k, v.trim()] as const)
      .filter(([k, v]) => v !== "" || !secret.has(k)),
  );
}

interface Props {
  form: readonly FormField[] | null;
  values: Values;
  kept?: ReadonlySet<string>; // secrets that are stored; they are never shown
  error?: unknown;
  onChange: (values: Values) => void;
}

// Form asks what a network needs to know.
export function Form({ form, values, kept, error, onChange }: Props) {
  return (
    <>
      {(form ?? []).map((f) => {
        const stored = kept?.has(f.name) ?? false;
        const help = stored ? t`A value is stored. Leave it empty to keep it.` : f.help;
        return (
          <Field
            key={f.name}
            label={f.required && !stored ? f.label : t`${f.label} (may stay empty)`}
            help={help}
            error={fault(error, f.name)}
          >
            <Control
              f={f}
              value={values[f.name] ?? ""}
              stored={stored}
              onChange={(v) => onChange({ ...values, [f.name]: v })}
            />
          </Field>
        );
      })}
    </>
  );
}

function Control({
  f,
  value,
  stored,
  onChange,
}: {
  f: FormField;
  value: string;
  stored: boolean;
  onChange: (v: string) => void;
}) {
  if (f.type === "choice")
    return (
      <Select
        value={value || null}
        onChange={onChange}
        choices={(f.choices ?? []).map((c) => ({ value: c, label: c }))}
        placeholder={t`Choose`}
      />
    );
  const common = {
    name: `channel-${f.name}`,
    value,
    autoComplete: "off",
    spellCheck: false,
    placeholder: stored ? "••••••••" : undefined,
  } as const;
  if (f.type === "lines") return <Textarea {...common} onChange={(e) => onChange(e.target.value)} />;
  return (
    <Input
      {...common}
      type={f.type === "secret" ? "password" : "text"}
      {...(f.type === "secret" ? { autoComplete: "new-password" } : {})}
      {...(f.type === "number" ? { inputMode: "numeric" } : f.type === "url" ? { inputMode: "url" } : {})}
      onChange={(e) => onChange(e.target.value)}
    />
  );
}
