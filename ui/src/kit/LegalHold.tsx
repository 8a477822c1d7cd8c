import { Trans } from "@lingui/react/macro";
import { Lock } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { type HeldKind, type Hold, useHoldActs } from "../lib/holds";
import { sentenceOf } from "../lib/problem";
import { Button } from "./Button";
import { Dialog, DialogClose } from "./Dialog";
import { Field, Input } from "./Field";
import { Time } from "./Time";

// HoldLine is one legal hold: why, by whom, since when, and its end.
export function HoldLine({ of: h, may, name }: { of: Hold; may: boolean; name?: ReactNode }) {
  const { lift } = useHoldActs();
  const [ends, setEnds] = useState(false);
  return (
    <li className="flex items-start gap-2.5 border-b border-line py-2 last:border-0">
      <Lock className="i s mt-0.5 flex-none text-wait" aria-hidden />
      <span className="min-w-0 flex-1">
        {name}
        <span className="block text-ink-2 wrap-anywhere">{h.reason}</span>
        <span className="text-xs text-ink-3">
          {h.by?.name} · <Time at={h.at} />
        </span>
      </span>
      {may && (
        <Button look="g" size="sm" touch onClick={() => setEnds(true)}>
          <Trans>End the hold</Trans>
        </Button>
      )}
      <Reason
        open={ends}
        onOpenChange={setEnds}
        title={<Trans>End this hold?</Trans>}
        text={<Trans>What it kept back goes on: erasures that wait, and what the rules take by age.</Trans>}
        label={<Trans>Why it ends</Trans>}
        act={<Trans>End it</Trans>}
        busy={lift.isPending}
        error={lift.error}
        onSend={(reason) => lift.mutate({ id: h.id, reason }, { onSuccess: () => setEnds(false) })}
      />
    </li>
  );
}

// PlaceHold puts something under a legal hold, with a reason.
export function PlaceHold({ kind, on, name }: { kind: HeldKind; on: string; name: string }) {
  const { place } = useHoldActs();
  const [opens, setOpens] = useState(false);
  return (
    <>
      <Button size="sm" touch onClick={() => setOpens(true)}>
        <Lock className="i s" aria-hidden />
        <Trans>Legal hold</Trans>
      </Button>
      <Reason
        open={opens}
        onOpenChange={setOpens}
        title={<Trans>Keep {name} from going</Trans>}
        text={
          <Trans>
            While a hold stands, nothing here is erased or goes by a rule of retention. Whoever may see it
            sees the reason.
          </Trans>
        }
        label={<Trans>Why</Trans>}
        act={<Trans>Place the hold</Trans>}
        busy={place.isPending}
        error={place.error}
        onSend={(reason) => place.mutate({ kind, on, reason }, { onSuccess: () => setOpens(false) })}
      />
    </>
  );
}

function Reason(p: {
  open: boolean;
  onOpenChange: (o: boolean) => void;
  title: ReactNode;
  text: ReactNode;
  label: ReactNode;
  act: ReactNode;
  busy: boolean;
  error: unknown;
  onSend: (reason: string) => void;
}) {
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const reason = String(new FormData(e.currentTarget).get("reason") ?? "").trim();
    if (reason) p.onSend(reason);
  };
  return (
    <Dialog open={p.open} onOpenChange={p.onOpenChange} title={p.title} text={p.text}>
      <form className="flex flex-col gap-3" onSubmit={send}>
        <Field label={p.label} error={p.error ? sentenceOf(p.error) : undefined}>
          <Input name="reason" required maxLength={1000} autoComplete="off" />
        </Field>
        <div className="touch flex justify-end gap-2">
          <DialogClose
            render={
              <Button look="g" type="button">
                <Trans>Not now</Trans>
              </Button>
            }
          />
          <Button look="p" type="submit" busy={p.busy}>
            {p.act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
