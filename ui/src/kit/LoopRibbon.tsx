import { t } from "@lingui/core/macro";
import { Ear, Hexagon, Inbox, type LucideIcon, ScanSearch, Sprout } from "lucide-react";
import type { ReactNode } from "react";
import { count } from "../lib/format";
import { draw, type Loop } from "./ribbon";
import { Joint } from "./Turn";
import { useWidth } from "./useWidth";

interface Beat {
  value: string | undefined;
  word: string;
}

interface Props {
  loop: Loop;
  words: { heard: string; matched: string; answered: string; learned: string }; // beside each number
  joints: readonly [Beat, Beat, Beat]; // what stands at each turn: a median time, or a number
  back?: ReactNode; // what was decided, on the way back
}

const tones = { off: "var(--rb-off)", hot: "var(--rb-hot)", voice: "var(--color-voice)" };

// LoopRibbon is our signature: one line is a fixed number of posts, lines end in a
// dot, the joints are the turn with a median time, the dotted way leads back.
export function LoopRibbon({ loop, words, joints, back }: Props) {
  const [box, width] = useWidth<HTMLDivElement>(1264);
  const small = width < 720;
  const height = small ? 196 : 226;
  const mid = small ? 84 : 130;
  const d = draw(loop, width, height, mid);
  const stops: [LucideIcon, string, number, string][] = [
    [Ear, t`Listen`, loop.heard, words.heard],
    [ScanSearch, t`Analyze`, loop.matched, words.matched],
    [Inbox, t`Engage`, loop.answered, words.answered],
    [Sprout, t`Evolve`, loop.learned, words.learned],
  ];
  const timed = joints
    .filter((j) => j.value !== undefined)
    .map((j) => `${j.value} ${j.word}`)
    .join(", ");
  const sentence = t`The loop: ${stops.map(([, , n, w]) => `${count(n)} ${w}`).join(", ")}. ${timed}`;
  return (
    <>
      {small && <Stops stops={stops} />}
      <div ref={box} className="ribbon" style={{ height }} role="img" aria-label={sentence}>
        <svg viewBox={`0 0 ${width} ${height}`} aria-hidden>
          {d.lines.map((l) => (
            <g key={l.d}>
              <path d={l.d} className={`ln${l.half ? " half" : ""}`} stroke={tones[l.tone]} />
              {l.end && (
                <circle
                  cx={l.end[0]}
                  cy={l.end[1]}
                  r="1.75"
                  fill={tones[l.tone]}
                  className={l.half ? "half" : ""}
                />
              )}
            </g>
          ))}
          {loop.heard === 0 && (
            <path
              d={`M0 ${mid}H${width * 0.75}`}
              className="ln"
              stroke="var(--color-line-2)"
              strokeDasharray="1 5"
              strokeLinecap="round"
            />
          )}
          {d.fan.map((f) => (
            <g key={f.d}>
              <path d={f.d} className="ln" stroke={tones[f.tone]} />
              <circle
                cx={f.end[0]}
                cy={f.end[1]}
                r="3"
                fill="var(--color-paper)"
                stroke={tones[f.tone]}
                strokeWidth="1.25"
              />
            </g>
          ))}
          <path d={d.back} fill="none" stroke="var(--color-voice)" strokeWidth="1.25" strokeDasharray="2 4" />
          <path d={d.tip} fill="none" stroke="var(--color-voice)" strokeWidth="1.25" />
          {d.joints.map(([x, y]) => (
            <Joint key={x} x={x} y={y} />
          ))}
        </svg>
        {!small &&
          stops.map(([Icon, name, n, word], i) => (
            <div
              key={name}
              className="stop"
              style={{ insetInlineStart: i === 0 ? 24 : (d.joints[i - 1]?.[0] ?? 0) + 28 }}
            >
              <span className="flex items-center gap-1.5 font-medium text-ink-2">
                <Icon className="i s" aria-hidden />
                {name}
              </span>
              <span className="flex items-baseline gap-1.5">
                <b>{count(n)}</b>
                <span className="text-ink-3">{word}</span>
              </span>
            </div>
          ))}
        {joints.map(({ value, word }, i) => (
          <div
            key={word}
            className="joint"
            style={{ insetInlineStart: d.joints[i]?.[0] ?? 0, top: mid + 24 }}
          >
            <b>{value ?? "–"}</b>
            <span className={small ? "sr-only" : ""}>{word}</span>
          </div>
        ))}
        {back && <div className="back max-sm:text-center max-sm:whitespace-normal">{back}</div>}
      </div>
    </>
  );
}

function Stops({ stops }: { stops: [LucideIcon, string, number, string][] }) {
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-3 px-4 sm:grid-cols-4">
      {stops.map(([Icon, name, n, word]) => (
        <div key={name}>
          <span className="flex items-center gap-1.5 font-medium text-ink-2">
            <Icon className="i s" aria-hidden />
            {name}
          </span>
          <b className="block text-xl font-strong tracking-tight">{count(n)}</b>
          <span className="block text-xs text-ink-3">{word}</span>
        </div>
      ))}
    </div>
  );
}

// Govern is the frame around the loop: the facts that stand beneath it are links.
export function GovernFrame({
  label,
  children,
  facts,
}: {
  label: string;
  children: ReactNode;
  facts: ReactNode;
}) {
  return (
    <section className="govern" aria-label={label}>
      <div className="lg">
        <Hexagon className="i s" aria-hidden />
        {label}
      </div>
      {children}
      <div className="facts">{facts}</div>
    </section>
  );
}
