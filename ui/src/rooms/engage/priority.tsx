import { t } from "@lingui/core/macro";
import { ChevronDown, ChevronsUp, ChevronUp, Equal } from "lucide-react";
import { Chip } from "../../kit";
import type { Priority } from "./desk";

export const priorities: readonly Priority[] = ["urgent", "high", "normal", "low"];

export function priorityName(p: Priority): string {
  switch (p) {
    case "urgent":
      return t`Urgent`;
    case "high":
      return t`High`;
    case "low":
      return t`Low`;
    default:
      return t`Normal`;
  }
}

const signs = { urgent: ChevronsUp, high: ChevronUp, normal: Equal, low: ChevronDown };

export function PrioritySign({ of }: { of: Priority }) {
  const Sign = signs[of];
  return <Sign className="i s" aria-hidden />;
}

// PriorityChip says what is not usual; a normal priority says nothing.
export function PriorityChip({ of }: { of: Priority }) {
  if (of === "normal") return null;
  const Sign = signs[of];
  return (
    <Chip tone={of === "urgent" ? "alarm" : of === "high" ? "wait" : "outline"} icon={<Sign aria-hidden />}>
      {priorityName(of)}
    </Chip>
  );
}
