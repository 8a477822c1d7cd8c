import { Trans } from "@lingui/react/macro";
import { Trash2 } from "lucide-react";
import { Button, Chip } from "../../kit";
import { useMay } from "../../lib/session";
import { useNow } from "../../lib/tick";
import type { Talk } from "./data";
import { useDeletions } from "./deletions";

// Countdown is how long a conversation still waits to be deleted, as 4:58.
function Countdown({ at }: { at: string }) {
  const left = Math.ceil((Date.parse(at) - useNow(1000).getTime()) / 1000);
  if (left <= 0) return <Trans>Is being deleted</Trans>;
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  return (
    <Trans>
      Deleted in <span className="tabular-nums">{time}</span>
    </Trans>
  );
}

// LeavingChip says it in a row.
export function LeavingChip({ at }: { at: string }) {
  return (
    <Chip tone="alarm" icon={<Trash2 aria-hidden />}>
      <Countdown at={at} />
    </Chip>
  );
}

// StayButton takes the deletion of a conversation back, for whoever may.
export function StayButton({ talk, className = "" }: { talk: Pick<Talk, "id">; className?: string }) {
  const may = useMay("privacy.write");
  const { undo } = useDeletions();
  if (!may) return null;
  return (
    <Button
      size="sm"
      touch
      className={className}
      busy={undo.isPending}
      onClick={() => undo.mutate([talk.id])}
    >
      <Trans>Undo</Trans>
    </Button>
  );
}

// Leaving stands where one would answer, while a conversation waits to be deleted.
export function Leaving({ talk }: { talk: Talk & { goes_at: string } }) {
  return (
    <section
      className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-3 sm:px-6"
      role="status"
    >
      <LeavingChip at={talk.goes_at} />
      <span className="min-w-0 flex-1 text-ink-2">
        <Trans>Until then nothing is gone. If they write again, it stays.</Trans>
      </span>
      <StayButton talk={talk} />
    </section>
  );
}
