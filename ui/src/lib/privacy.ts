import { t } from "@lingui/core/macro";

export function requestKind(kind: string): string {
  return kind === "erasure" ? t`To be forgotten` : t`A copy of their data`;
}

export function requestState(state: string): string {
  switch (state) {
    case "open":
      return t`open`;
    case "running":
      return t`under way`;
    case "held":
      return t`held`;
    case "done":
      return t`done`;
    default:
      return t`not carried out`;
  }
}

export function requestTone(r: {
  state: string;
  late: boolean;
}): "alarm" | "wait" | "good" | "outline" | "voice" {
  if (r.late) return "alarm";
  if (r.state === "open") return "wait";
  if (r.state === "running") return "voice";
  return r.state === "done" ? "good" : "outline";
}
