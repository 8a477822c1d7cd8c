import { Popover } from "@base-ui/react/popover";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { score } from "../lib/format";
import { intentName } from "../lib/intent";
import {
  emotionName,
  emotions,
  intents,
  type Part,
  type Scores,
  topicName,
  useCorrect,
  useScores,
} from "../lib/scores";
import { useMay } from "../lib/session";
import { asFeeling, type Felt, feelingOf, feelingWord, Sign } from "./Sentiment";
import { States } from "./States";
import { tell } from "./Toast";

interface Props {
  activity: string;
  felt?: Felt | undefined; // as far as the list knows it already
  corrected?: boolean | undefined; // a person said so
  children?: ReactNode; // more that can be done from here
}

// Reading is how a text was understood: a sign and a word. It opens to all that
// is said of the text and why, where one press corrects it.
export function Reading({ activity, felt, corrected, children }: Props) {
  const [open, setOpen] = useState(false);
  const feeling = feelingOf(felt);
  const tone = feeling === "negative" ? " neg" : feeling === "positive" ? " pos" : " text-ink-3";
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={`sent${tone}`} title={t`How this was understood`}>
        {feeling ? <Sign of={feeling} /> : <span aria-hidden>?</span>}
        {feeling ? feelingWord(feeling) : felt ? t`Unsure` : t`Not read`}{" "}
        {felt && (
          <span className="conf">
            {corrected ? <Trans>by hand</Trans> : score(felt.confidence ?? felt.score)}
          </span>
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={4} align="end" className="z-(--z-tip)">
          <Popover.Popup className="pop w-84 p-3!" aria-label={t`How this was understood`}>
            {open && <Inside activity={activity}>{children}</Inside>}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Inside({ activity, children }: { activity: string; children?: ReactNode }) {
  const scores = useScores(activity, true);
  return (
    <States of={scores}>
      {(s) => (
        <All activity={activity} of={s}>
          {children}
        </All>
      )}
    </States>
  );
}

function All({ activity, of: s, children }: { activity: string; of: Scores; children?: ReactNode }) {
  const may = useMay("score.correct");
  const act = useCorrect(activity);
  const busy = act.say.isPending || act.undo.isPending;
  const undo = (part: Part) => act.undo.mutate(part);
  const say = (part: Part, labels: string[]) =>
    act.say.mutate(
      { part, labels },
      { onSuccess: () => tell({ text: t`Corrected. It stays so.`, undo: () => undo(part) }) },
    );
  const byHand = (part: Part) => (s.corrected ?? []).includes(part);
  const wants = (s.intents ?? []).map((i) => i.label);
  const common = { may: may && !busy, undo, byHand };
  const feeling = asFeeling(s.sentiment?.label);
  return (
    <div className="flex flex-col gap-3">
      <Block title={<Trans>Feeling</Trans>} part="sentiment" why={s.sentiment?.why} {...common}>
        {(["negative", "neutral", "positive"] as const).map((f) => (
          <Choice key={f} on={feeling === f} may={common.may} onPress={() => say("sentiment", [f])}>
            <Sign of={f} />
            {feelingWord(f)}
          </Choice>
        ))}
      </Block>
      <Block title={<Trans>Emotion</Trans>} part="emotions" why={s.emotion?.why} {...common}>
        {emotions.map((e) => (
          <Choice
            key={e}
            on={s.emotion?.label === e}
            may={common.may}
            onPress={() => say("emotions", s.emotion?.label === e ? [] : [e])}
          >
            {emotionName(e)}
          </Choice>
        ))}
      </Block>
      <Block
        title={<Trans>What they want</Trans>}
        part="intents"
        why={(s.intents ?? []).flatMap((i) => i.why ?? []).slice(0, 4)}
        {...common}
      >
        {intents.map((i) => (
          <Choice
            key={i}
            on={wants.includes(i)}
            may={common.may}
            onPress={() => say("intents", wants.includes(i) ? wants.filter((w) => w !== i) : [...wants, i])}
          >
            {intentName(i)}
          </Choice>
        ))}
      </Block>
      <Block title={<Trans>Tone</Trans>} part="toxicity" why={s.toxicity?.why} {...common}>
        {(["not-offensive", "offensive"] as const).map((x) => (
          <Choice key={x} on={s.toxicity?.label === x} may={common.may} onPress={() => say("toxicity", [x])}>
            {x === "offensive" ? <Trans>offensive</Trans> : <Trans>not offensive</Trans>}
          </Choice>
        ))}
      </Block>
      {(s.topics ?? []).length > 0 && (
        <p className="text-xs text-ink-2">
          <span className="text-ink-3">
            <Trans>About</Trans>{" "}
          </span>
          {(s.topics ?? []).map((x) => topicName(x.label)).join(", ")}
          <Because of={(s.topics ?? []).flatMap((x) => x.why ?? []).slice(0, 4)} />
        </p>
      )}
      {(s.entities ?? []).length > 0 && (
        <p className="text-xs wrap-anywhere text-ink-2">
          <span className="text-ink-3">
            <Trans>Names</Trans>{" "}
          </span>
          {[...new Set((s.entities ?? []).map((e) => e.name || e.text))].slice(0, 8).join(", ")}
        </p>
      )}
      {children}
      <p className="border-t border-line pt-2 text-[11px] leading-4 wrap-anywhere text-ink-3">
        {!s.sentiment && <Trans>There is no model of feelings for this language. </Trans>}
        {may && <Trans>What you press stays, and teaches the next model. </Trans>}
        {s.model}
      </p>
    </div>
  );
}

interface BlockProps {
  title: ReactNode;
  part: Part;
  why?: readonly string[] | null | undefined;
  may: boolean;
  undo: (part: Part) => void;
  byHand: (part: Part) => boolean;
  children: ReactNode;
}

function Block({ title, part, why, may, undo, byHand, children }: BlockProps) {
  return (
    <fieldset className="min-w-0">
      <legend className="flex w-full items-baseline gap-2 pb-1 text-[11px] leading-4 font-medium text-ink-3">
        {title}
      </legend>
      <div className="flex flex-wrap gap-1">{children}</div>
      {byHand(part) ? (
        <p className="pt-1 text-[11px] leading-4 text-ink-3">
          <Trans>Said by a person.</Trans>{" "}
          {may && (
            <button type="button" className="link" onClick={() => undo(part)}>
              <Trans>Take back</Trans>
            </button>
          )}
        </p>
      ) : (
        <Because of={why} line />
      )}
    </fieldset>
  );
}

function Because({ of, line }: { of?: readonly string[] | null | undefined; line?: boolean }) {
  if (!of?.length) return null;
  const words = [...new Set(of)].map((w) => `“${w}”`).join(", ");
  const inside = <Trans>because of {words}</Trans>;
  return line ? (
    <p className="pt-1 text-[11px] leading-4 text-ink-3">{inside}</p>
  ) : (
    <span className="text-ink-3"> · {inside}</span>
  );
}

function Choice({
  on,
  may,
  onPress,
  children,
}: {
  on: boolean;
  may: boolean;
  onPress: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={on}
      aria-disabled={!may}
      onClick={may ? onPress : undefined}
      className={`chip min-h-6 ${on ? "vo" : "ol"} ${may ? "hover:bg-hover" : "cursor-default"}`}
    >
      {children}
    </button>
  );
}
