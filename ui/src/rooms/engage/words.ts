import { t } from "@lingui/core/macro";
import type { View } from "./search";

export function viewName(v: View): string {
  switch (v) {
    case "mine":
      return t`Mine`;
    case "unassigned":
      return t`Nobody’s yet`;
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

// intentName says an intent in this language; one we have no word for stands as it is.
export function intentName(label: string): string {
  const known: Record<string, string> = {
    question: t`question`,
    complaint: t`complaint`,
    praise: t`praise`,
    idea: t`idea`,
    lead: t`wants to buy`,
    risk: t`risk`,
    spam: t`spam`,
    request: t`request`,
    thanks: t`thanks`,
  };
  return known[label] ?? label.replaceAll("_", " ");
}

export function firstName(name: string): string {
  return name.startsWith("@") ? name : (name.split(/\s+/)[0] ?? name);
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
