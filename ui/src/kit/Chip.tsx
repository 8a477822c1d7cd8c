import { t } from "@lingui/core/macro";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { count } from "../lib/format";

// alarm over or refused, wait due soon, good kept, voice ours to decide, note inside, outline a plain fact.
export type Tone = "alarm" | "wait" | "good" | "voice" | "note" | "outline" | "plain";
const tones: Record<Tone, string> = {
  alarm: " al",
  wait: " wt",
  good: " gd",
  voice: " vo",
  note: " nt",
  outline: " ol",
  plain: "",
};

interface Props {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
  onRemove?: () => void;
  remove?: string; // what the cross does, where "Remove" says too little
  title?: string;
}

// Chip is a sign and a word; colour never stands alone.
export function Chip({ tone = "plain", icon, children, onRemove, remove, title }: Props) {
  return (
    <span className={`chip${tones[tone]}`} title={title}>
      {icon}
      {children}
      {onRemove && (
        <button type="button" onClick={onRemove} aria-label={remove ?? t`Remove`}>
          <X aria-hidden />
        </button>
      )}
    </span>
  );
}

export function Badge({ children }: { children: ReactNode }) {
  return <span className="badge">{children}</span>;
}

// Count is the number of things that wait; label says of what, for those who hear it.
export function Count({ n, label, alarm }: { n: number; label: string; alarm?: boolean }) {
  if (n <= 0) return null;
  return (
    <span className={`cnt${alarm ? " al" : ""}`}>
      <span aria-hidden>{n > 99 ? "99+" : n}</span>
      <span className="sr-only">
        {count(n)} {label}
      </span>
    </span>
  );
}
