import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Globe, LockKeyhole, StickyNote } from "lucide-react";
import { type DragEvent, type KeyboardEvent, type ReactNode, type Ref, useRef, useState } from "react";
import { count } from "../lib/format";
import { Button, type Look } from "./Button";
import { Kbd } from "./Kbd";

export type Door = "public" | "direct" | "note";

interface Props {
  door: Door;
  onDoor: (door: Door) => void;
  shut?: Partial<Record<Door, string>>; // doors that are closed, and why
  text: string;
  onText: (text: string) => void;
  onSend: () => void;
  busy?: boolean;
  why?: string; // why nothing can be sent through this door
  to: string; // the person's first name or handle
  audience: ReactNode; // who will see it, through this door
  room?: { left: number; max: number; fits: boolean; network: string; parts?: number } | undefined;
  saved?: ReactNode; // "Draft kept"
  tools?: ReactNode;
  notice?: ReactNode; // above the words: what the gate misses
  field?: Ref<HTMLTextAreaElement>;
  onKey?: (e: KeyboardEvent<HTMLTextAreaElement>) => boolean; // true when the key is used up
  more?: ReactNode; // beside the button that sends
  below?: ReactNode; // the files that go along
  onFiles?: (files: File[]) => void; // dropped or pasted
  lang?: string | undefined; // in which one writes, for the browser's spell check
}

const looks: Record<Door, Look> = { public: "p", direct: "k", note: "nt" };
const order: Door[] = ["public", "direct", "note"];

// Composer has three doors: into the open, to one person, to ourselves. Sign, word,
// colour, rim and the button change together; the words stay when the door changes.
export function Composer(p: Props) {
  const doors = useRef<HTMLDivElement>(null);
  const open = order.filter((d) => !p.shut?.[d]);
  const words: Record<Door, [ReactNode, string, string]> = {
    public: [<Globe key="i" className="i s" aria-hidden />, t`Public reply`, t`Reply in public`],
    direct: [<LockKeyhole key="i" className="i s" aria-hidden />, t`Direct`, t`Send to ${p.to}`],
    note: [<StickyNote key="i" className="i s" aria-hidden />, t`Internal note`, t`Keep note`],
  };
  const move = (e: KeyboardEvent) => {
    const step =
      e.key === "ArrowRight" || e.key === "ArrowDown"
        ? 1
        : e.key === "ArrowLeft" || e.key === "ArrowUp"
          ? -1
          : 0;
    const next = open[(open.indexOf(p.door) + step + open.length) % open.length];
    if (!step || !next) return;
    e.preventDefault();
    p.onDoor(next);
    doors.current?.querySelector<HTMLElement>(`[data-door="${next}"]`)?.focus();
  };
  const empty = p.text.trim() === "";
  const over = p.room !== undefined && !p.room.fits && p.door !== "note";
  const why = p.why ?? (over ? t`Too long for this network.` : undefined);
  const [hovers, setHovers] = useState(false);
  const dropped = (e: DragEvent) => {
    setHovers(false);
    const files = [...e.dataTransfer.files];
    if (!p.onFiles || files.length === 0) return;
    e.preventDefault();
    p.onFiles(files);
  };
  const send = () => !empty && !why && !p.busy && p.onSend();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped here; the button does the same by keyboard
    <div
      className="cmp"
      data-door={p.door}
      data-over={hovers || undefined}
      onDragOver={(e) => {
        if (!p.onFiles || !e.dataTransfer.types.includes("Files")) return;
        e.preventDefault();
        setHovers(true);
      }}
      onDragLeave={() => setHovers(false)}
      onDrop={dropped}
    >
      <div className="modes" role="radiogroup" aria-label={t`Who will read it`} ref={doors} onKeyDown={move}>
        {order.map((d) => (
          <button
            key={d}
            type="button"
            role="radio"
            aria-checked={p.door === d}
            data-door={d}
            tabIndex={p.door === d ? 0 : -1}
            disabled={Boolean(p.shut?.[d])}
            title={p.shut?.[d]}
            onClick={() => p.onDoor(d)}
            className="disabled:text-ink-3 disabled:line-through"
          >
            {words[d][0]}
            <span className="max-sm:hidden">{words[d][1]}</span>
            <span className="sm:hidden">
              {d === "public" ? t`Public` : d === "direct" ? t`Direct` : t`Note`}
            </span>
          </button>
        ))}
        <span
          className="ms-auto hidden min-w-0 self-center truncate px-3 text-xs text-ink-2 sm:block"
          aria-live="polite"
        >
          {p.audience}
        </span>
      </div>
      {p.notice}
      <textarea
        ref={p.field}
        value={p.text}
        dir="auto"
        spellCheck
        lang={p.lang}
        onPaste={(e) => {
          const files = [...e.clipboardData.files];
          if (!p.onFiles || files.length === 0) return;
          e.preventDefault();
          p.onFiles(files);
        }}
        aria-label={words[p.door][1]}
        placeholder={p.door === "note" ? t`A note for colleagues` : t`Write to ${p.to}`}
        onChange={(e) => p.onText(e.target.value)}
        onKeyDown={(e) => {
          if (p.onKey?.(e)) return;
          if (e.key === "Enter" && (e.metaKey || e.ctrlKey)) {
            e.preventDefault();
            send();
          }
          if (e.key === "Escape") e.currentTarget.blur();
        }}
      />
      {p.below}
      <div className="ft touch">
        {p.tools}
        <span className="order-first w-full px-1.5 pb-1 text-xs text-ink-3 sm:hidden">{p.audience}</span>
        {!p.saved && (
          <span className="flex items-center gap-1.5 px-1.5 text-xs text-ink-3 max-sm:hidden pointer-coarse:hidden">
            <Kbd k="mod+Enter" />
            <Trans>sends</Trans>
          </span>
        )}
        {p.saved && <span className="text-xs text-ink-3 max-sm:px-1.5">{p.saved}</span>}
        <span className="ms-auto me-3 text-xs whitespace-nowrap text-ink-3">
          {p.room && p.door !== "note" && <Left {...p.room} />}
        </span>
        <Button
          look={looks[p.door]}
          busy={p.busy ?? false}
          disabled={empty}
          {...(why ? { why } : {})}
          onClick={send}
        >
          {words[p.door][2]}
        </Button>
        {!empty && !why && p.more}
      </div>
    </div>
  );
}

function Left({ left, max, fits, network, parts }: NonNullable<Props["room"]>) {
  if (parts)
    return (
      <span>
        {network} · <Trans>{parts} parts</Trans>
      </span>
    );
  const tone = !fits || left < 0 ? "text-alarm" : left <= 20 ? "text-wait" : "text-ink-2";
  const shown = count(Math.abs(left));
  const most = count(max);
  return (
    <span className={fits ? "" : "text-alarm"}>
      {network} · <b className={`font-strong ${tone}`}>{shown}</b>{" "}
      {left < 0 ? <Trans>too many</Trans> : <Trans>of {most} left</Trans>}
    </span>
  );
}
