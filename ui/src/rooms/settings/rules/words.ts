import { t } from "@lingui/core/macro";
import { span } from "../../../lib/format";
import type { Act, Rule } from "./data";

// marks are what stands in the words of a reply for what is put there.
export const marks = { name: "{{name}}", opens: "{{opens}}" };

export const events = [
  "opened",
  "heard",
  "answered",
  "assigned",
  "resolved",
  "reopened",
  "due_soon",
  "overdue",
  "tagged",
  "waits_us",
  "waits_them",
] as const;
export type Event = (typeof events)[number];

export const timed = (e: Event) => e === "waits_us" || e === "waits_them";

export function eventName(e: Event): string {
  switch (e) {
    case "opened":
      return t`a conversation begins`;
    case "heard":
      return t`they write`;
    case "answered":
      return t`we have answered`;
    case "assigned":
      return t`it is given to somebody, or to nobody`;
    case "resolved":
      return t`it is resolved`;
    case "reopened":
      return t`it is opened again`;
    case "due_soon":
      return t`a pledge is due soon`;
    case "overdue":
      return t`a pledge was missed`;
    case "tagged":
      return t`a tag is put on`;
    case "waits_us":
      return t`they have waited for us for`;
    default:
      return t`we have waited for them for`;
  }
}

export const dos = [
  "assign",
  "release",
  "team",
  "priority",
  "raise",
  "tag",
  "untag",
  "resolve",
  "snooze",
  "note",
  "tell",
  "tell_leads",
  "reply",
] as const;

export function doName(d: Act["do"]): string {
  switch (d) {
    case "assign":
      return t`give it to`;
    case "release":
      return t`give it to nobody`;
    case "team":
      return t`give it to the team`;
    case "raise":
      return t`raise its priority by a step`;
    case "tag":
      return t`put on the tags`;
    case "untag":
      return t`take off the tags`;
    case "priority":
      return t`make its priority`;
    case "resolve":
      return t`resolve it`;
    case "snooze":
      return t`snooze it for`;
    case "note":
      return t`write a note`;
    case "tell":
      return t`tell`;
    case "tell_leads":
      return t`tell who manages the programme`;
    default:
      return t`reply automatically`;
  }
}

// didName says what a rule did, or why it could not.
export function didName(did: string): string {
  const known = dos.find((d) => d === did);
  if (known) return doName(known);
  const at = did.indexOf(": ");
  const failed = dos.find((d) => d === did.slice(0, at));
  return failed ? t`not done (${doName(failed)}): ${did.slice(at + 2)}` : did;
}

export function whenText(r: Rule): string {
  return timed(r.when) ? t`When ${eventName(r.when)} ${span(r.after_s ?? 0)}` : t`When ${eventName(r.when)}`;
}
