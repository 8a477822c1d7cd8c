import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Wrench } from "lucide-react";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { Button, Field, Textarea } from "../../kit";
import { useSettled } from "../../lib/debounce";
import { language } from "../../lib/format";
import { completed, placeAsked, type Sources, type Suggestion, suggest } from "./complete";
import { type Check, useChannels, useHandles, usePlaceNames } from "./data";
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
// mistake marked where it is and mended on request, and with what may come next.
export function QueryField({ value, onChange, checked, check, refused }: Props) {
  const fresh = checked === value;
  const error = fresh ? check?.error : undefined;
  const mend = fresh ? check?.mend : undefined;
  const box = useRef<HTMLDivElement>(null);
  const list = useId();
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(0);
  const sources = useSources(value, caret);
  const found = caret === undefined ? [] : suggest(value, caret, sources);
  const shown = found.length > 0;
  const at = Math.min(active, found.length - 1);

  const area = () => box.current?.querySelector("textarea") ?? undefined;
  // At once, not with the next frame: a fast typist is already at the next letter.
  const put = (text: string, to: number) => {
    flushSync(() => {
      onChange(text);
      setCaret(to);
      setActive(0);
    });
    area()?.focus();
    area()?.setSelectionRange(to, to);
  };
  const choose = (s: Suggestion | undefined) => {
    if (!s || caret === undefined) return;
    const next = completed(value, caret, s);
    put(next.text, next.caret);
  };
  const keys = (e: KeyboardEvent<HTMLTextAreaElement>) => {
    if (!shown || e.nativeEvent.isComposing) return;
    if (e.key === "ArrowDown") setActive((at + 1) % found.length);
    else if (e.key === "ArrowUp") setActive((at - 1 + found.length) % found.length);
    else if (e.key === "Enter" && !e.shiftKey) choose(found[at]);
    else if (e.key === "Escape") setCaret(undefined);
    else return;
    e.preventDefault();
  };
  return (
    <div className="flex flex-col gap-1.5">
      <Field
        label={<Trans>Query</Trans>}
        error={error ? error.text : refused}
        help={
          <Trans>
            Words, “whole phrases”, OR, NOT, parentheses, NEAR/6 for words near each other, kettl* for
            beginnings, ~leak for all forms of a word, lang:en, from:maria, channel:bluesky, place:Lisbon.
          </Trans>
        }
      >
        <div className="relative" ref={box}>
          <div
            aria-hidden
            className={`pointer-events-none absolute inset-0 overflow-hidden border border-transparent px-2.5 py-1.5 ${measure}`}
          >
            {painted(value, still(checked, value, check?.tokens ?? []), error?.at)}
          </div>
          <Textarea
            name="query"
            value={value}
            onChange={(e) => {
              onChange(e.target.value);
              setCaret(e.target.selectionStart);
              setActive(0);
            }}
            onKeyDown={keys}
            onClick={() => setCaret(undefined)}
            onBlur={() => setCaret(undefined)}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            maxLength={10_000}
            aria-autocomplete="list"
            {...(shown ? { "aria-controls": list, "aria-activedescendant": `${list}-${at}` } : {})}
            className={`relative min-h-24! bg-transparent! text-sm! leading-6! text-transparent! caret-ink ${measure}`}
          />
          {shown && (
            <div
              id={list}
              role="listbox"
              aria-label={t`What may come next`}
              tabIndex={-1}
              className="pop absolute inset-x-0 top-full z-(--z-tip) mt-1 max-w-full!"
            >
              {found.map((s, i) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text field's
                <div
                  key={s.put}
                  id={`${list}-${i}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={i === at}
                  data-selected={i === at}
                  className="it"
                  onPointerDown={(e) => e.preventDefault()}
                  onPointerMove={() => setActive(i)}
                  onClick={() => choose(s)}
                >
                  <span className="min-w-0 truncate font-(family-name:--font-mono) text-sm">{s.label}</span>
                  {s.note && <span className="ml-auto truncate pl-3 text-xs text-ink-3">{s.note}</span>}
                </div>
              ))}
            </div>
          )}
        </div>
      </Field>
      {mend && (
        <div className="flex min-w-0 flex-wrap items-center gap-2">
          <Button size="sm" onClick={() => put(mend, mend.length)}>
            <Wrench className="i s" aria-hidden />
            <Trans>Mend it</Trans>
          </Button>
          <code className="min-w-0 break-words text-xs text-ink-2">{mend}</code>
        </div>
      )}
    </div>
  );
}

// useSources is what there is to complete with. Handles and places are asked for
// once they are wanted.
function useSources(value: string, caret: number | undefined): Sources {
  const channels = useChannels().data ?? [];
  const handles = useHandles(/from:/i.test(value)).data ?? [];
  const places = usePlaceNames(useSettled(placeAsked(value, caret), 120));
  return {
    places,
    channels: channels.map((c) => ({ kind: c.kind, name: c.name })),
    handles,
    language,
    notes: {
      AND: t`both must be there`,
      OR: t`one of them is enough`,
      NOT: t`the next must not be there`,
      NEAR: t`at most five words between`,
      "lang:": t`written in a language`,
      "from:": t`said by this handle`,
      "channel:": t`heard on a network or channel`,
      "place:": t`about a branch, city or country`,
      kind: t`every channel of this kind`,
    },
  };
}
