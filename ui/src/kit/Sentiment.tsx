import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { score } from "../lib/format";
import { Button } from "./Button";
import { Menu, MenuItem, MenuNote } from "./Menu";

export type Feeling = "negative" | "neutral" | "positive";

// Felt is a reading of a text, as the server tells it.
export interface Felt {
  label: string;
  score: number;
  confidence?: number | undefined;
  why?: readonly string[] | undefined; // the words that made the model think so
}

// asFeeling is the feeling of that name, where there is one.
export function asFeeling(label: string | undefined): Feeling | undefined {
  return label === "negative" || label === "neutral" || label === "positive" ? label : undefined;
}

// feelingOf is the feeling of a reading that is sure enough, and nothing else.
export function feelingOf(felt: Felt | undefined): Feeling | undefined {
  return felt && (felt.confidence ?? felt.score) >= 0.5 ? asFeeling(felt.label) : undefined;
}

const signs: Record<Feeling, { path: string; fill: string; tone: string }> = {
  negative: { path: "M1 2h8L5 9Z", fill: "var(--color-sent-n2)", tone: " neg" },
  neutral: { path: "M1 4h8v2H1Z", fill: "var(--color-ink-3)", tone: "" },
  positive: { path: "M1 8h8L5 1Z", fill: "var(--color-sent-p2)", tone: " pos" },
};

export function feelingWord(f: Feeling): string {
  return f === "negative" ? t`Negative` : f === "positive" ? t`Positive` : t`Neutral`;
}

export function Sign({ of }: { of: Feeling }) {
  return (
    <svg viewBox="0 0 10 10" className="size-2.5 flex-none" fill={signs[of].fill} aria-hidden>
      <path d={signs[of].path} />
    </svg>
  );
}

interface Props extends Felt {
  model?: string | undefined;
  onCorrect?: ((label: Feeling) => void) | undefined;
}

// Sentiment is a sign, a word and how sure the model is; colour comes last. Under
// 0.5 it only says "Unsure". Where it can be corrected it opens a menu.
export function Sentiment({ model, onCorrect, ...felt }: Props) {
  const feeling = feelingOf(felt);
  const why = felt.why?.length ? felt.why.map((w) => `“${w}”`).join(", ") : undefined;
  const inside = (
    <>
      {feeling ? <Sign of={feeling} /> : <span aria-hidden>?</span>}
      {feeling ? feelingWord(feeling) : <Trans>Unsure</Trans>}{" "}
      <span className="conf">{score(felt.confidence ?? felt.score)}</span>
    </>
  );
  const look = `sent${feeling ? signs[feeling].tone : " text-ink-3"}`;
  if (!onCorrect)
    return (
      <span className={look} title={why}>
        {inside}
      </span>
    );
  return (
    <Menu
      trigger={
        <button type="button" className={look}>
          {inside}
        </button>
      }
      align="end"
    >
      {(["negative", "neutral", "positive"] as const).map((f, i) => (
        <MenuItem
          key={f}
          icon={<Sign of={f} />}
          keys={String(i + 1)}
          end={f === felt.label ? t`the model’s guess` : undefined}
          onSelect={() => onCorrect(f)}
        >
          {feelingWord(f)}
        </MenuItem>
      ))}
      <MenuNote>
        {why && <Trans>Because of {why}. </Trans>}
        {model && <Trans>Model {model}. </Trans>}
        <Trans>Your correction teaches the next one.</Trans>
      </MenuNote>
    </Menu>
  );
}

// Suggestion is an answer that was given before. Use fills the composer and never sends.
export function Suggestion({ source, text, onUse }: { source: string; text: string; onUse: () => void }) {
  return (
    <div className="sug">
      <div className="flex items-center gap-1.5 text-xs">
        <b className="font-strong text-voice">
          <Trans>Suggested answer</Trans>
        </b>
        <span className="truncate text-ink-3">{source}</span>
        <Button look="g" size="sm" className="ms-auto" onClick={onUse}>
          <Trans>Use</Trans>
        </Button>
      </div>
      <p className="line-clamp-2">{text}</p>
    </div>
  );
}
