import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button, Dialog, Field, Input } from "../../../kit";
import type { Deal } from "./data";

// Lose asks why something was lost, before it is.
export function Lose({
  deal,
  reasons,
  onClose,
  onLose,
}: {
  deal: Deal | undefined;
  reasons: readonly string[];
  onClose: () => void;
  onLose: (why: string) => void;
}) {
  const [why, setWhy] = useState("");
  return (
    <Dialog
      open={Boolean(deal)}
      onOpenChange={(o) => !o && onClose()}
      title={<Trans>Why was it lost?</Trans>}
      text={deal?.name}
      acts={
        <>
          <Button look="g" onClick={onClose}>
            <Trans>Not now</Trans>
          </Button>
          <Button look="p" disabled={!why.trim()} onClick={() => onLose(why.trim())}>
            <Trans>It is lost</Trans>
          </Button>
        </>
      }
    >
      <div className="touch mb-3 flex flex-wrap gap-2">
        {reasons.map((r) => (
          <Button key={r} size="sm" aria-pressed={why === r} onClick={() => setWhy(r)}>
            {r}
          </Button>
        ))}
      </div>
      <Field label={<Trans>In a few words</Trans>}>
        <Input value={why} maxLength={200} onChange={(e) => setWhy(e.target.value)} />
      </Field>
    </Dialog>
  );
}
