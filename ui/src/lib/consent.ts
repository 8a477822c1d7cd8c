import { t } from "@lingui/core/macro";

// purposeName is what a purpose is called; a topic is called by its text.
export function purposeName(purpose: string, name?: string): string {
  switch (purpose) {
    case "service":
      return t`Service messages`;
    case "marketing":
      return t`Marketing`;
    case "research":
      return t`Research`;
    case "sampling":
      return t`Products to try`;
    case "profiling":
      return t`Foreseeing what they may do`;
    case "all":
      return t`Everything`;
    default:
      return name ?? purpose.replace(/^topic:/, "");
  }
}

export function consentState(state: string): string {
  switch (state) {
    case "granted":
      return t`agreed`;
    case "requested":
      return t`asked`;
    case "refused":
      return t`refused`;
    case "withdrawn":
      return t`withdrawn`;
    default:
      return t`ended`;
  }
}

export function consentTone(state: string): "voice" | "plain" | "outline" {
  if (state === "granted") return "voice";
  if (state === "requested") return "plain";
  return "outline";
}

export function consentSource(source: string): string {
  switch (source) {
    case "message":
      return t`in a message`;
    case "page":
      return t`on a page of ours`;
    case "import":
      return t`taken in from elsewhere`;
    case "api":
      return t`told by a program`;
    default:
      return t`written down by a colleague`;
  }
}
