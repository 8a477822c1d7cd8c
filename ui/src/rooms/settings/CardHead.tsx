import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, Chip, Confirm, tell } from "../../kit";

interface Props {
  name: string;
  on: boolean;
  may: boolean;
  onEdit: () => void;
  onUp?: (() => void) | undefined; // left out: it is the first already
  onDown?: (() => void) | undefined;
  after: ReactNode; // what removing it leaves, in a sentence
  busy: boolean;
  onRemove: (done: { onSuccess: () => void; onSettled: () => void }) => void;
}

// CardHead names a thing whose order counts, and lets it be moved, changed and removed.
export function CardHead({ name, on, may, onEdit, onUp, onDown, after, busy, onRemove }: Props) {
  const [asks, setAsks] = useState(false);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <h2 className="font-strong">{name}</h2>
      {!on && (
        <Chip tone="outline">
          <Trans>off</Trans>
        </Chip>
      )}
      {may && (
        <span className="ms-auto flex gap-1">
          <Button
            look="g"
            size="sm"
            square
            touch
            disabled={!onUp}
            onClick={onUp}
            aria-label={t`Move ${name} up`}
          >
            <ArrowUp className="i s" aria-hidden />
          </Button>
          <Button
            look="g"
            size="sm"
            square
            touch
            disabled={!onDown}
            onClick={onDown}
            aria-label={t`Move ${name} down`}
          >
            <ArrowDown className="i s" aria-hidden />
          </Button>
          <Button look="g" size="sm" touch onClick={onEdit} aria-label={t`Change ${name}`}>
            <Pencil className="i s" aria-hidden />
            <Trans>Change</Trans>
          </Button>
          <Confirm
            open={asks}
            onOpenChange={setAsks}
            trigger={
              <Button look="g" size="sm" square touch aria-label={t`Remove ${name}`}>
                <Trash2 className="i s" aria-hidden />
              </Button>
            }
            title={<Trans>Remove {name}?</Trans>}
            text={after}
            look="d"
            act={<Trans>Remove it</Trans>}
            busy={busy}
            onAct={() =>
              onRemove({
                onSuccess: () => tell({ text: t`${name} is gone.` }),
                onSettled: () => setAsks(false),
              })
            }
          />
        </span>
      )}
    </div>
  );
}
