import { t } from "@lingui/core/macro";
import { when } from "../../lib/format";
import type { Message } from "./data";
import type { Priority } from "./desk";
import { priorityName } from "./priority";

const text = (v: unknown) => (typeof v === "string" && v !== "" ? v : undefined);

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
