import { Trans } from "@lingui/react/macro";
import { Time } from "../../kit";

// Heard is when somebody was heard last; never, where they were taken over from a file and said nothing yet.
export function Heard({ at, className = "" }: { at: string; className?: string }) {
  return at.startsWith("0001-") ? (
    <span className={className}>
      <Trans>not yet</Trans>
    </span>
  ) : (
    <Time at={at} className={className} />
  );
}
