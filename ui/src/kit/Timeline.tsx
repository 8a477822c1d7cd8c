import { Check, Circle, CircleDot } from "lucide-react";
import type { ReactNode } from "react";

// Timeline is what happened, newest first. Items: ours filled petrol, trouble rust, the rest hollow.
export function Timeline({ children, label }: { children: ReactNode; label: string }) {
  return (
    <ul className="tln" aria-label={label}>
      {children}
    </ul>
  );
}

export function TimelineItem({
  tone = "rest",
  children,
}: {
  tone?: "ours" | "trouble" | "rest";
  children: ReactNode;
}) {
  return <li data-tone={tone}>{children}</li>;
}

// Step is one line of an approval or a way to go: done, now, or later.
export function Step({
  state,
  children,
  end,
}: {
  state: "done" | "now" | "later";
  children: ReactNode;
  end?: ReactNode;
}) {
  const sign =
    state === "done" ? (
      <Check className="i text-good" aria-hidden />
    ) : state === "now" ? (
      <CircleDot className="i text-voice" aria-hidden />
    ) : (
      <Circle className="i text-ink-3" aria-hidden />
    );
  return (
    <li className="flex items-center gap-2">
      {sign}
      <span className="min-w-0 flex-1">{children}</span>
      {end && <span className="text-xs text-ink-3">{end}</span>}
    </li>
  );
}
