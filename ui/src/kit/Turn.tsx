import { t } from "@lingui/core/macro";

export type Whose = "ours" | "theirs" | "settled";

const them = "M6.4.7A4.9 4.9 0 0 0 6.4 10.5Z";
const us = "M7.6 3.5A4.9 4.9 0 0 1 7.6 13.3Z";

// Turn says who has the floor. It stands in four places only: the mark, the rows of
// conversations, the joints of a path, the button that takes a turn.
export function Turn({ of }: { of: Whose }) {
  const name = of === "ours" ? t`Our turn` : of === "theirs" ? t`Their turn` : t`Settled`;
  return (
    <svg className={`turn ${of}`} viewBox="0 0 14 14" role="img" aria-label={name}>
      <path className="them" d={them} />
      <path className="us" d={us} />
    </svg>
  );
}

export function Mark({ className = "mark" }: { className?: string }) {
  return (
    <svg className={className} viewBox="0 0 28 28" role="img" aria-label="Parley">
      <path d="M13 2A9.5 9.5 0 0 0 13 21Z" fill="var(--color-ink)" />
      <path d="M15 7A9.5 9.5 0 0 1 15 26Z" fill="var(--color-voice)" />
    </svg>
  );
}

// Joint is the turn inside another drawing, with its middle at x, y.
export function Joint({ x, y }: { x: number; y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <path d="M-1-14.5A11 11 0 0 0-1 7.5Z" fill="var(--color-ink)" />
      <path d="M1-7.5A11 11 0 0 1 1 14.5Z" fill="var(--color-voice)" />
    </g>
  );
}
