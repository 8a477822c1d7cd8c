import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Plus, ReplyAll, TriangleAlert, UserRound } from "lucide-react";
import { type ReactNode, useId, useRef, useState } from "react";
import { Button, Chip, type Door } from "../../kit";
import { api, ok } from "../../lib/api";
import type { Message, TalkFull } from "./data";
import type { Draft } from "./draft";
import { firstName } from "./words";

// What looks like an address; whether it is one says the server when it is sent.
const looks = /^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;]+$/;

// addresses takes what was typed or pasted apart; bad is the first that is no address.
export function addresses(text: string): { good: string[]; bad?: string } {
  const good: string[] = [];
  for (const part of text.split(/[\s,;]+/)) {
    const a = part.replace(/^<|>$/g, "").toLowerCase();
    if (a === "") continue;
    if (!looks.test(a)) return { good, bad: part };
    if (!good.includes(a)) good.push(a);
  }
  return { good };
}

// useCopying is who gets an answer besides the customer: at first those who got their last mail too, until somebody chooses.
export function useCopying(
  c: TalkFull,
  via: string | undefined,
  door: Door,
  draft: Draft,
): { head: ReactNode; cc: readonly string[]; why: string | undefined } {
  const most = c.abilities.copies ?? 0;
  const on = door === "direct" && most > 0;
  const likely = useQuery({
    queryKey: ["recipients", c.id, via, c.version],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/conversations/{id}/recipients", {
          params: { path: { id: c.id }, query: via ? { via } : {} },
          signal,
        }),
      ),
    enabled: on,
    placeholderData: (old) => old,
  });
  const others = likely.data?.others ?? [];
  const cc = on ? (draft.cc ?? others) : [];
  const pending = on && draft.cc === undefined && likely.isPending;
  const why = pending
    ? t`It is being looked up who else got their mail.`
    : cc.length > most && on
      ? t`At most ${most} others get one answer.`
      : undefined;
  return {
    cc,
    why,
    head: <Heading talk={c} cc={cc} others={others} most={most} onCopy={draft.copy} />,
  };
}

// Heading says where a direct reply goes: the address, the subject of a mail, and who gets it too.
function Heading({
  talk: c,
  cc,
  others,
  most,
  onCopy,
}: {
  talk: TalkFull;
  cc: readonly string[];
  others: readonly string[];
  most: number;
  onCopy: (cc: readonly string[]) => void;
}) {
  const { to, title } = c.reply;
  const [adding, setAdding] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  if (!title && to === c.author.name && most === 0) return null;
  const missing = others.filter((a) => !cc.includes(a));
  const name = firstName(c.author.name);
  const copying = most > 0 && (cc.length > 0 || missing.length > 0 || adding);
  const close = () => {
    setAdding(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  const add = most > 0 && !adding && cc.length < most && (
    <Button
      look="g"
      size="sm"
      touch
      ref={opener}
      aria-label={t`Add somebody to Cc`}
      onClick={() => setAdding(true)}
    >
      <Plus className="i s" aria-hidden />
      <Trans>Cc</Trans>
    </Button>
  );
  return (
    <div className="border-b border-line px-3.5 py-1.5 text-xs text-ink-2">
      <div className="flex min-w-0 items-center gap-x-3" dir="auto">
        <span className="min-w-0 truncate">
          <Trans>To {to}</Trans>
        </span>
        {c.author.unverified && (
          <span className="whitespace-nowrap text-wait">
            <Trans>unverified sender</Trans>
          </span>
        )}
        <span className="min-w-0 flex-1 truncate text-ink-3">{title}</span>
        {!copying && add}
      </div>
      {copying && (
        <div className="mt-1 flex flex-wrap items-center gap-1.5">
          <ul className="contents" aria-label={t`Who gets it too`}>
            {cc.length > 0 && (
              <li className="flex-none" aria-hidden>
                <Trans>Cc</Trans>
              </li>
            )}
            {cc.map((a) => (
              <li key={a} className="flex max-w-full min-w-0">
                <Chip
                  tone="outline"
                  title={a}
                  remove={t`Leave out ${a}`}
                  onRemove={() => onCopy(cc.filter((x) => x !== a))}
                >
                  <span className="truncate">{a}</span>
                </Chip>
              </li>
            ))}
          </ul>
          {adding ? (
            <Adding
              onDone={close}
              onAdd={(fresh) =>
                onCopy([...cc, ...fresh.filter((a) => !cc.includes(a) && a !== to.toLowerCase())])
              }
            />
          ) : (
            add
          )}
          {missing.length > 0 && (
            <Button look="g" size="sm" touch onClick={() => onCopy([...cc, ...missing])}>
              <ReplyAll className="i s" aria-hidden />
              <Trans>Reply to all</Trans>
            </Button>
          )}
          {missing.length === 0 && others.length > 0 && (
            <Button look="g" size="sm" touch onClick={() => onCopy([])}>
              <UserRound className="i s" aria-hidden />
              <Trans>Reply to {name} alone</Trans>
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function Adding({ onAdd, onDone }: { onAdd: (fresh: string[]) => void; onDone: () => void }) {
  const [text, setText] = useState("");
  const [bad, setBad] = useState<string>();
  const help = useId();
  const take = () => {
    const { good, bad: no } = addresses(text);
    if (good.length > 0) onAdd(good);
    if (no === undefined) return onDone();
    setBad(no);
    setText(no);
  };
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-1.5">
      <input
        className="input h-7 w-56 max-w-full text-xs"
        // biome-ignore lint/a11y/noAutofocus: a press has just opened it
        autoFocus
        type="text"
        inputMode="email"
        autoComplete="off"
        spellCheck={false}
        aria-label={t`Address for Cc`}
        aria-invalid={bad !== undefined}
        aria-describedby={bad === undefined ? undefined : help}
        placeholder="name@example.org"
        value={text}
        onChange={(e) => {
          setText(e.target.value);
          setBad(undefined);
        }}
        onKeyDown={(e) => {
          if (e.key === "Enter" || e.key === ",") {
            e.preventDefault();
            take();
          }
          if (e.key === "Escape") {
            e.stopPropagation();
            onDone();
          }
        }}
        onBlur={() => (text.trim() === "" ? onDone() : take())}
      />
      {bad !== undefined && (
        <span id={help} className="text-alarm" role="alert">
          <Trans>“{bad}” is no address.</Trans>
        </span>
      )}
    </span>
  );
}

// Copied names who got an answer too, and to whom it did not get.
export function Copied({ cc }: { cc: NonNullable<NonNullable<Message["delivery"]>["cc"]> }) {
  const all = cc.filter((x) => !x.problem).map((x) => x.address);
  const list = all.join(", ");
  return (
    <div className="mt-1 text-xs opacity-90">
      {all.length > 0 && (
        <p className="wrap-anywhere">
          <Trans>Cc {list}</Trans>
        </p>
      )}
      {cc
        .filter((x) => x.problem)
        .map((x) => (
          <p key={x.address} className="flex items-start gap-1 wrap-anywhere">
            <TriangleAlert className="i s mt-0.5 flex-none" aria-hidden />
            <span>
              <Trans>
                Cc {x.address} did not get it. {x.problem}
              </Trans>
            </span>
          </p>
        ))}
    </div>
  );
}
