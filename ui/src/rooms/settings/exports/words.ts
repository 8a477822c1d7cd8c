import { t } from "@lingui/core/macro";
import type { Tone } from "../../../kit";

export function tableName(name: string): string {
  const names: Record<string, string> = {
    persons: t`Persons`,
    accounts: t`Their accounts`,
    person_tags: t`Tags of persons`,
    notes: t`Notes`,
    goals: t`What they want`,
    promises: t`What we promised`,
    consents: t`Consents`,
    merges: t`Persons joined`,
    organizations: t`Organizations`,
    affiliations: t`Who works where`,
    fields: t`Your own fields`,
    field_values: t`What the fields hold`,
    pipelines: t`Pipelines`,
    stages: t`Stages`,
    opportunities: t`Opportunities`,
    orders: t`Orders`,
    order_lines: t`Lines of orders`,
    conversations: t`Conversations`,
    messages: t`Messages and internal notes`,
    conversation_tags: t`Tags of conversations`,
    mentions: t`All that was heard`,
    channels: t`Channels`,
    members: t`Members`,
    programmes: t`Programmes`,
    tags: t`Tags`,
  };
  return names[name] ?? name;
}

export function exportState(state: string): { word: string; tone: Tone } {
  switch (state) {
    case "running":
      return { word: t`being written`, tone: "wait" };
    case "done":
      return { word: t`ready`, tone: "good" };
    case "cancelled":
      return { word: t`cancelled`, tone: "outline" };
    case "gone":
      return { word: t`removed`, tone: "outline" };
    default:
      return { word: t`failed`, tone: "alarm" };
  }
}
