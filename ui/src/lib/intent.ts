import { t } from "@lingui/core/macro";

// intentName says an intent in this language; one we have no word for stands as it is.
export function intentName(label: string): string {
  switch (label) {
    case "question":
      return t`question`;
    case "complaint":
      return t`complaint`;
    case "praise":
      return t`praise`;
    case "idea":
      return t`idea`;
    case "request":
      return t`request`;
    case "purchase":
      return t`wants to buy`;
    case "churn_risk":
      return t`may leave`;
    case "event":
      return t`event`;
    case "job":
      return t`looks for work`;
    case "spam":
      return t`spam`;
    default:
      return label.replaceAll("_", " ");
  }
}
