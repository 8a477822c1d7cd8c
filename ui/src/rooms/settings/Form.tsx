import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Copy } from "lucide-react";
import { Button, Field, Input, Select, Textarea } from "../../kit";
import { type FormField, fault, type Values } from "./data";
import { copy } from "./Once";
import { choiceName } from "./words";

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

// make makes a secret in the browser, as the field wants it.
export function make(how: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes));
  return how === "whsec"
    ? `whsec_${text}`
    : text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
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
  const asked = (form ?? []).filter((f) => !f.hidden);
  const wide = widths(asked);
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-6">
      {asked.map((f, i) => {
        const stored = kept?.has(f.name) ?? false;
        const help = stored ? t`A value is stored. Leave it empty to keep it.` : f.help;
        return (
          <Field
            key={f.name}
            className={wide[i]}
            label={
              f.required || f.default || f.type === "choice" ? (
                f.label
              ) : (
                <>
                  {f.label}{" "}
                  <span className="font-normal text-ink-3">
                    <Trans>optional</Trans>
                  </span>
                </>
              )
            }
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
    </div>
  );
}

// widths let what is chosen stand beside what it belongs to, or beside other choices.
function widths(form: readonly FormField[]): string[] {
  const brief = (f: FormField | undefined) => f?.type === "choice" || f?.type === "number";
  const line = (f: FormField | undefined) => f?.type === "text" || f?.type === "url";
  const out = form.map(() => "sm:col-span-6");
  for (let i = 0; i < form.length; i++) {
    if (!brief(form[i])) continue;
    let end = i;
    while (brief(form[end])) end++;
    const n = end - i;
    if (n === 1 && line(form[i - 1]) && (form[i]?.help ?? "").length < 40) {
      out[i - 1] = "sm:col-span-4";
      out[i] = "sm:col-span-2";
    } else if (n > 1)
      for (let j = i; j < end; j++)
        out[j] = n === 3 ? "sm:col-span-2" : n % 2 && j === end - 1 ? "sm:col-span-6" : "sm:col-span-3";
    i = end - 1;
  }
  return out;
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
        choices={(f.choices ?? []).map((c) => ({ value: c, label: choiceName(f.name, c) }))}
        placeholder={t`Choose`}
      />
    );
  if (f.make && !stored)
    return (
      <div className="flex gap-2">
        <Input
          name={`channel-${f.name}`}
          value={value}
          autoComplete="off"
          spellCheck={false}
          className="mono min-w-0 flex-1"
          onChange={(e) => onChange(e.target.value)}
        />
        {value ? (
          <Button touch onClick={() => copy(value)}>
            <Copy className="i s" aria-hidden />
            <Trans>Copy</Trans>
          </Button>
        ) : (
          <Button touch onClick={() => onChange(make(f.make ?? ""))}>
            <Trans>Make one</Trans>
          </Button>
        )}
      </div>
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
