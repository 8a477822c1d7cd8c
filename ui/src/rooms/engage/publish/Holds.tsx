import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Hand } from "lucide-react";
import { useState } from "react";
import { Button, Confirm, Field, Select, Textarea, Time, tell } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { useHoldActs, useProgrammes, usePublishCounts } from "./data";

// HoldAll stops everything that has not left, for a crisis: one press, with a reason.
export function HoldAll({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { hold } = useHoldActs();
  const programmes = useProgrammes().data ?? [];
  const [reason, setReason] = useState("");
  const [programme, setProgramme] = useState("");
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      title={<Trans>Hold everything that has not left?</Trans>}
      text={
        <Trans>
          Nothing is published until somebody releases it. What is on its way to a network at this moment
          can’t be called back.
        </Trans>
      }
      act={<Trans>Hold it now</Trans>}
      look="d"
      busy={hold.isPending}
      onAct={() =>
        hold.mutate(
          { reason, ...(programme ? { programme } : {}) },
          {
            onSuccess: () => {
              setReason("");
              onOpenChange(false);
              tell({ text: t`Everything is held.`, icon: <Hand className="i s" aria-hidden /> });
            },
          },
        )
      }
    >
      <div className="flex flex-col gap-4">
        {programmes.length > 0 && (
          <Field label={<Trans>What</Trans>}>
            <Select
              value={programme}
              onChange={setProgramme}
              choices={[
                { value: "", label: t`Everything of the whole house` },
                ...programmes.map((p) => ({ value: p.id, label: p.name })),
              ]}
            />
          </Field>
        )}
        <Field
          label={<Trans>Why</Trans>}
          help={<Trans>Everybody sees this, on every post that is held.</Trans>}
          error={hold.error ? sentenceOf(hold.error) : undefined}
        >
          <Textarea
            value={reason}
            maxLength={500}
            onChange={(e) => setReason((e.target as unknown as HTMLTextAreaElement).value)}
          />
        </Field>
      </div>
    </Confirm>
  );
}

// HeldBar says, on every page of this room, what is held and why.
export function HeldBar() {
  const holds = usePublishCounts().data?.holds ?? [];
  const { release } = useHoldActs();
  return (
    <>
      {holds.map((h) => {
        const who = h.by.name;
        const where = h.programme?.name;
        return (
          <div key={h.id} role="status" className="held-bar">
            <Hand className="i s flex-none" aria-hidden />
            <span className="min-w-0 flex-1">
              <b className="font-strong">
                {where ? <Trans>Everything of {where} is held.</Trans> : <Trans>Everything is held.</Trans>}
              </b>{" "}
              {h.reason}{" "}
              <span className="text-ink-2">
                {who}, <Time at={h.at} />
              </span>
            </span>
            {h.may_end && (
              <Button size="sm" busy={release.isPending} onClick={() => release.mutate(h.id)}>
                <Trans>Release all</Trans>
              </Button>
            )}
          </div>
        );
      })}
    </>
  );
}
