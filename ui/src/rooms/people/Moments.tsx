import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Fragment } from "react";
import { Def, Time } from "../../kit";
import { intentName } from "../../lib/intent";
import { topicName } from "../../lib/scores";
import type { Full, Moment } from "./data";

// aboutName says a label such as topic:delivery in this language.
export function aboutName(label: string): string {
  const [sort, name = ""] = label.split(":");
  return sort === "intent" ? intentName(name) : topicName(name);
}

const folded = (s: string) =>
  s
    .normalize("NFKD")
    .replaceAll(/\p{Mn}/gu, "")
    .toLowerCase();

// Marked is a text with the words that were looked for marked in it.
export function Marked({ text, words }: { text: string; words: string | undefined }) {
  const asked = folded(words ?? "").match(/[\p{L}\p{N}]+/gu) ?? [];
  if (asked.length === 0) return <>{text}</>;
  return (
    <>
      {text.split(/([\p{L}\p{N}\p{Mn}]+)/u).map((part, i) =>
        i % 2 === 1 && asked.some((a) => folded(part).startsWith(a)) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
          <mark key={i} className="rounded-xs bg-voice-wash font-strong text-ink">
            {part}
          </mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
          <Fragment key={i}>{part}</Fragment>
        ),
      )}
    </>
  );
}

// WhyHere opens to the reason for which a moment stands on this timeline.
export function WhyHere({ of: m, person }: { of: Moment; person: Full }) {
  const account = (person.identities ?? []).find((i) => i.id === m.why.identity);
  const handle = account && (account.handle || account.value);
  const merge = m.why.merge;
  return (
    <Def
      text={
        <>
          <span className="block">
            {handle ? (
              m.kind === "click" || m.kind === "conversion" ? (
                <Trans>We gave the link to {handle}, an account of this person.</Trans>
              ) : (
                <Trans>It was said by {handle}, an account of this person.</Trans>
              )
            ) : m.kind === "answered" || m.kind === "note" ? (
              <Trans>It stands in a conversation that this person began.</Trans>
            ) : m.kind === "merge" ? (
              <Trans>Two records were found to be one person.</Trans>
            ) : m.kind === "order" ? (
              <Trans>The order is this person's.</Trans>
            ) : (
              <Trans>A colleague kept it with this person.</Trans>
            )}
          </span>
          {merge && (
            <span className="mt-1 block">
              <Trans>
                It came with {merge.name}, joined <Time at={merge.at} />. Taking that apart takes it away
                again.
              </Trans>
            </span>
          )}
        </>
      }
    >
      <span className="text-xs text-ink-3" title={t`Why is this here?`}>
        <Trans>why</Trans>
      </span>
    </Def>
  );
}
