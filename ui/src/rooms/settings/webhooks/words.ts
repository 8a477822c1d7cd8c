import { t } from "@lingui/core/macro";
import type { Tone } from "../../../kit";

export function factName(f: string): string {
  const names: Record<string, string> = {
    "conversation.opened": t`A conversation began`,
    "conversation.answered": t`We answered`,
    "conversation.resolved": t`A conversation was closed`,
    "conversation.changed": t`A conversation looks different`,
    "message.delivery": t`A message took a step on its way`,
    "person.changed": t`What is known of a person changed`,
    "organization.changed": t`An organization changed`,
    "opportunity.changed": t`An opportunity changed`,
    "order.paid": t`An order was paid`,
    "order.returned": t`A paid order was cancelled or refunded`,
    "outcome.credited": t`An outcome was credited`,
    "alert.changed": t`An alert was raised or changed`,
    "post.changed": t`A post of ours changed`,
    "link.clicked": t`A link of ours was followed`,
    "parley.ping": t`A ping`,
  };
  return names[f] ?? f;
}

export function hookState(state: string): { word: string; tone: Tone } {
  if (state === "on") return { word: t`on`, tone: "good" };
  if (state === "off") return { word: t`off`, tone: "outline" };
  return { word: t`broken`, tone: "alarm" };
}

export function deliveryState(state: string, attempts: number): { word: string; tone: Tone } {
  if (state === "done") return { word: t`taken`, tone: "good" };
  if (state === "failed") return { word: t`given up`, tone: "alarm" };
  return attempts > 0 ? { word: t`tries again`, tone: "wait" } : { word: t`waits`, tone: "outline" };
}
