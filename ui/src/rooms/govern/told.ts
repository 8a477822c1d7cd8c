import { t } from "@lingui/core/macro";
import { count, when } from "../../lib/format";

// did says what somebody did, from a verb of the record. The object stands beside it.
export function did(verb: string): string {
  switch (verb) {
    case "create":
      return t`made`;
    case "update":
      return t`changed`;
    case "delete":
      return t`removed`;
    case "sign_in":
      return t`signed in`;
    case "sign_out":
      return t`signed out`;
    case "open":
      return t`opened`;
    case "reopen":
    case "reopened":
      return t`opened again`;
    case "resolve":
      return t`resolved`;
    case "snooze":
      return t`snoozed`;
    case "wake":
      return t`woke`;
    case "assign":
      return t`assigned`;
    case "claim":
    case "take":
      return t`took`;
    case "move":
      return t`moved`;
    case "note":
      return t`kept a note`;
    case "reply":
      return t`answered`;
    case "send":
      return t`sent`;
    case "outcome":
      return t`learned what became of`;
    case "settle":
      return t`settled`;
    case "retry":
      return t`tried again`;
    case "undo":
      return t`took back`;
    case "hold":
      return t`held`;
    case "merge":
      return t`joined`;
    case "join":
      return t`added to`;
    case "leave":
      return t`took out of`;
    case "invite":
      return t`invited`;
    case "accept":
      return t`accepted`;
    case "acknowledge":
      return t`acknowledged`;
    case "refuse":
      return t`was refused`;
    case "pause":
      return t`paused`;
    case "resume":
      return t`resumed`;
    case "raise":
      return t`raised`;
    case "false_alarm":
      return t`called a false alarm`;
    case "ask":
      return t`asked colleagues about`;
    case "pass":
      return t`passed on`;
    case "hive":
      return t`gave to the hive`;
    case "hive_rules":
      return t`changed the hive of`;
    case "hive_settings":
      return t`said what is known by`;
    case "hive_state":
      return t`said who can be asked`;
    case "hive_centre":
      return t`gave to the contact centre`;
    case "hive_released":
      return t`gave back to the hive`;
    default:
      return verb.replaceAll("_", " ");
  }
}

// thing names what it was done to; signing in needs no object.
export function thing(verb: string, object: string): string {
  if (object === "session") return verb.startsWith("sign_") ? "" : t`session`;
  switch (object) {
    case "conversation":
      return t`conversation`;
    case "hive":
      return t`question`;
    case "alert":
      return t`alert`;
    case "warning":
      return t`early warning`;
    case "message":
      return t`message`;
    case "monitor":
      return t`monitor`;
    case "policy":
      return t`policy`;
    case "programme":
      return t`programme`;
    case "channel":
      return t`channel`;
    case "member":
      return t`member`;
    case "person":
      return t`person`;
    case "link":
      return t`link`;
    case "token":
      return t`token`;
    default:
      return object.replaceAll("_", " ");
  }
}

const machine = /^(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{40,})$/i;
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

// brief is the part of the details that says something to people: no ids, no sums, no
// empty words; many things by their number. The whole stands in the title of the cell.
export function brief(d: unknown): string {
  if (!d || typeof d !== "object") return "";
  const parts: string[] = [];
  for (const [k, v] of Object.entries(d)) {
    const name = k.replaceAll("_", " ");
    if (v === null || v === "" || (typeof v === "string" && machine.test(v))) continue;
    if (Array.isArray(v)) parts.push(`${count(v.length)} ${name}`);
    else if (typeof v === "string") parts.push(`${name}: ${moment.test(v) ? when(v) : v}`);
    else parts.push(`${name}: ${typeof v === "object" ? JSON.stringify(v) : String(v)}`);
  }
  return parts.join("; ");
}
