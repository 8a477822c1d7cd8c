import { Trans } from "@lingui/react/macro";
import { Field, Textarea } from "../../kit";
import type { Check } from "./data";
import { painted, still } from "./Query";

interface Props {
  value: string;
  onChange: (v: string) => void;
  checked: string; // the text that check is about
  check: Check | undefined;
  refused?: string | undefined; // what the server said when it was saved
}

// The drawn words lie exactly under the written ones; both keep these measures.
const measure =
  "font-(family-name:--font-mono) text-sm leading-6 tracking-normal whitespace-pre-wrap break-words";

// QueryField is where a query is written: coloured as the server reads it, with a
// mistake marked where it is.
export function QueryField({ value, onChange, checked, check, refused }: Props) {
  const fresh = checked === value;
  const error = fresh ? check?.error : undefined;
  return (
    <Field
      label={<Trans>Query</Trans>}
      error={error ? error.text : refused}
      help={
        <Trans>
          Words, “whole phrases”, OR, NOT, parentheses, NEAR/6 for words near each other, lang:en, from:maria,
          channel:bluesky, kettl* for beginnings.
        </Trans>
      }
    >
      <div className="relative">
        <div
          aria-hidden
          className={`pointer-events-none absolute inset-0 overflow-hidden border border-transparent px-2.5 py-1.5 ${measure}`}
        >
          {painted(value, still(checked, value, check?.tokens ?? []), error?.at)}
        </div>
        <Textarea
          name="query"
          value={value}
          onChange={(e) => onChange(e.target.value)}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          maxLength={10_000}
          className={`relative min-h-24! bg-transparent! text-sm! leading-6! text-transparent! caret-ink ${measure}`}
        />
      </div>
    </Field>
  );
}
