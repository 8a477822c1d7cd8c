import { t } from "@lingui/core/macro";
import type { Door } from "../../kit";
import type { TalkFull, Visibility } from "./data";
import type { View } from "./search";

export function viewName(v: View): string {
  switch (v) {
    case "mine":
      return t`Mine`;
    case "unassigned":
      return t`Nobody’s yet`;
    case "mentions":
      return t`Where I am named`;
    case "open":
      return t`Open`;
    case "waiting":
      return t`Waiting for them`;
    case "snoozed":
      return t`Snoozed`;
    case "resolved":
      return t`Resolved`;
    case "all":
      return t`All`;
  }
}

// nothing says of an empty view what that means.
export function nothing(v: View): string {
  switch (v) {
    case "mine":
      return t`Nothing is yours to do.`;
    case "mentions":
      return t`No note names you.`;
    case "waiting":
      return t`Everybody has answered.`;
    case "snoozed":
      return t`Nothing is snoozed.`;
    case "resolved":
      return t`Nothing is resolved yet.`;
    case "all":
      return t`Nobody has written yet.`;
    default:
      return t`Nobody is waiting.`;
  }
}

// startDoor is the door a reply begins with: the one they last came through. What was
// said in private is never answered in the open by itself.
export function startDoor(c: Pick<TalkFull, "visibility" | "abilities">, last?: Visibility): Door {
  const came = last ?? c.visibility;
  if (came === "direct") return c.abilities.direct ? "direct" : "note";
  return c.abilities.public ? "public" : c.abilities.direct ? "direct" : "note";
}

// topic is the head of a conversation: what it is about, without those it is addressed to.
export function topic(subject: string): string {
  return subject.replace(/^(?:@\S+[\s,:]+)+/, "").trim() || subject;
}

// firstName is how one speaks to somebody: the first of two names, otherwise the whole.
export function firstName(name: string): string {
  const parts = name.trim().split(/\s+/);
  const first = parts[0] ?? name;
  return parts.length === 2 && first !== "The" && /^\p{L}[\p{L}'’-]{2,}$/u.test(first) ? first : name;
}

export function soon(kind: "later" | "tomorrow" | "monday" | "week", now = new Date()): Date {
  const d = new Date(now);
  if (kind === "later") {
    d.setHours(d.getHours() + 3, 0, 0, 0);
    return d;
  }
  d.setHours(9, 0, 0, 0);
  if (kind === "tomorrow") d.setDate(d.getDate() + 1);
  if (kind === "monday") d.setDate(d.getDate() + ((8 - d.getDay()) % 7 || 7));
  if (kind === "week") d.setDate(d.getDate() + 7);
  return d;
}
