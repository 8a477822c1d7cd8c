import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { AlarmClock, Check, ChevronUp } from "lucide-react";
import { Button, type Door, Menu, MenuItem } from "../../kit";

export type Then = "resolve" | "tomorrow" | "week";

// SendAnd sends, and does what usually comes next.
export function SendAnd({ door, onThen }: { door: Door; onThen: (then: Then) => void }) {
  const note = door === "note";
  return (
    <Menu
      align="end"
      side="top"
      trigger={
        <Button
          look="o"
          square
          aria-label={note ? t`Keep and …` : t`Send and …`}
          title={note ? t`Keep and …` : t`Send and …`}
        >
          <ChevronUp className="i s" aria-hidden />
        </Button>
      }
    >
      <MenuItem icon={<Check className="i" aria-hidden />} onSelect={() => onThen("resolve")}>
        {note ? <Trans>Keep and resolve</Trans> : <Trans>Send and resolve</Trans>}
      </MenuItem>
      <MenuItem icon={<AlarmClock className="i" aria-hidden />} onSelect={() => onThen("tomorrow")}>
        {note ? (
          <Trans>Keep, and snooze until tomorrow</Trans>
        ) : (
          <Trans>Send, and snooze until tomorrow</Trans>
        )}
      </MenuItem>
      <MenuItem icon={<AlarmClock className="i" aria-hidden />} onSelect={() => onThen("week")}>
        {note ? <Trans>Keep, and snooze for a week</Trans> : <Trans>Send, and snooze for a week</Trans>}
      </MenuItem>
    </Menu>
  );
}
