import { t } from "@lingui/core/macro";
import { when } from "../../lib/format";
import type { Message } from "./data";
import type { Priority } from "./desk";
import { priorityName } from "./priority";

const text = (v: unknown) => (typeof v === "string" && v !== "" ? v : undefined);

function goalName(goal: string | undefined): string {
  if (goal === "first") return t`a first answer`;
  return goal === "next" ? t`an answer` : t`an end`;
}

function because(event: string | undefined): string {
  switch (event) {
    case "opened":
      return t`the conversation began`;
    case "heard":
      return t`they wrote`;
    case "answered":
      return t`we had answered`;
    case "assigned":
      return t`it was given to somebody else`;
    case "resolved":
      return t`it was resolved`;
    case "reopened":
      return t`it was opened again`;
    case "due_soon":
      return t`a pledge was due soon`;
    case "overdue":
      return t`a pledge was missed`;
    case "tagged":
      return t`a tag was put on`;
    case "waits_us":
      return t`they had waited so long`;
    default:
      return t`we had waited so long for them`;
  }
}

function actName(act: string): string {
  switch (act) {
    case "assign":
      return t`gave it away`;
    case "team":
      return t`gave it to a team`;
    case "raise":
      return t`raised its priority`;
    case "tag":
      return t`put on tags`;
    case "untag":
      return t`took off tags`;
    case "priority":
      return t`set its priority`;
    case "release":
      return t`took it back for everybody`;
    case "resolve":
      return t`resolved it`;
    case "snooze":
      return t`snoozed it`;
    case "note":
      return t`wrote a note`;
    case "tell":
    case "tell_leads":
      return t`told colleagues`;
    case "reply":
      return t`replied automatically`;
    default:
      return act;
  }
}

// acted says what a rule did; what it could not do stands there with its reason.
function acted(did: unknown): string {
  return Array.isArray(did) ? did.map((x) => actName(String(x).replace(/^\w+: /, ""))).join(", ") : "";
}

// happened puts an event of a conversation into words; nameOf knows the colleagues.
export function happened(m: Message, nameOf: (member: string) => string | undefined): string {
  const d = m.event?.detail ?? {};
  const who = m.author.name || t`Parley`;
  switch (m.event?.verb) {
    case "claim":
      return t`${who} took it`;
    case "assign": {
      const to = text(d.member);
      if (!to) return t`${who} gave it to nobody`;
      return to === m.author.member
        ? t`${who} took it`
        : t`${who} gave it to ${nameOf(to) ?? t`a colleague`}`;
    }
    case "resolve":
      return t`${who} resolved it`;
    case "reopen":
      return t`${who} opened it again`;
    case "reopened":
      return t`open again, they wrote`;
    case "snooze":
      return text(d.until) ? t`${who} snoozed it until ${when(text(d.until) ?? "")}` : t`${who} snoozed it`;
    case "team": {
      const name = text(d.name);
      return name ? t`${who} gave it to the team ${name}` : t`${who} took it from its team`;
    }
    case "priority": {
      const name = priorityName((text(d.priority) ?? "normal") as Priority);
      return t`${who} set its priority: ${name}`;
    }
    case "tag":
    case "untag": {
      const names = (Array.isArray(d.names) ? d.names : []).filter((x) => typeof x === "string").join(", ");
      return m.event.verb === "tag" ? t`${who} put on: ${names}` : t`${who} took off: ${names}`;
    }
    case "undo":
      return t`${who} took it back`;
    case "merge":
      return t`${who} merged a conversation with ${text(d.with) ?? t`somebody`} into this one`;
    case "merged":
      return t`${who} merged it into another conversation`;
    case "unmerge":
      return t`${who} took the conversation with ${text(d.with) ?? t`somebody`} out of this one`;
    case "delete":
      return t`${who} asked to delete it`;
    case "undelete":
      return t`${who} took the deletion back`;
    case "kept":
      return text(d.because) ? t`not deleted: ${text(d.because) ?? ""}` : t`not deleted`;
    case "unmerged":
      return t`${who} took it out of another conversation`;
    case "split":
      return t`${who} gave some messages a conversation of their own`;
    case "split_from":
      return t`${who} took it out of another conversation`;
    case "wake":
      return t`back from its sleep`;
    case "move":
      return t`${who} moved it to another programme`;
    case "hive_centre":
      return t`nobody in the hive took it in time: it is with the contact centre`;
    case "hive_released": {
      const had = nameOf(text(d.member) ?? "") ?? t`a colleague`;
      return d.because === "silent"
        ? t`${had} fell silent: the hive asks others`
        : t`${had} gave it back: the hive asks others`;
    }
    case "rule":
      return t`the rule “${text(d.name) ?? ""}” acted, because ${because(text(d.because))}: ${acted(d.did)}`;
    case "pledge_broken":
      return t`late: ${goalName(text(d.goal))} was promised by ${when(text(d.due) ?? "")} (${text(d.pledge) ?? ""})`;
    case "pledge_step_failed":
      return t`it could not be given to ${nameOf(text(d.member) ?? "") ?? t`a colleague`} (${text(d.pledge) ?? ""})`;
    case "returned":
      return t`it came back: it never reached them`;
    case "stop":
      return t`they wrote STOP: nothing more is sent to them here`;
    case "start":
      return t`they wrote START and want to hear from us again`;
    default:
      return m.text || m.event?.verb || "";
  }
}
