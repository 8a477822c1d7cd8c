import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { AlarmClock, AlarmClockOff } from "lucide-react";
import { Chip } from "../../kit";
import { full, span, when } from "../../lib/format";
import { useNow } from "../../lib/tick";
import type { Talk } from "./data";

export function goalName(goal: "first" | "next" | "resolve"): string {
  switch (goal) {
    case "first":
      return t`First answer`;
    case "next":
      return t`Next answer`;
    default:
      return t`End`;
  }
}

const soon = 3600;
const day = 24 * 3600;

// Due says what we promised and by when: plain while there is time, in the colour of
// waiting within the hour, of alarm once it is late.
export function Due({ of: d }: { of: NonNullable<Talk["due"]> }) {
  const left = (Date.parse(d.at) - useNow().getTime()) / 1000;
  const title = t`${goalName(d.goal)} due ${full(d.at)}`;
  if (left <= 0 || d.broken)
    return (
      <Chip tone="alarm" icon={<AlarmClockOff aria-hidden />} title={title}>
        <Trans>late by {span(Math.max(60, -left))}</Trans>
      </Chip>
    );
  return (
    <Chip tone={left < soon ? "wait" : "plain"} icon={<AlarmClock aria-hidden />} title={title}>
      {left < day ? <Trans>due in {span(Math.max(60, left))}</Trans> : <Trans>due {when(d.at)}</Trans>}
    </Chip>
  );
}
