import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Lock } from "lucide-react";
import { Button, Dialog, DialogClose, Failed, Skeleton } from "../../kit";
import { useDeletions, useWouldGo } from "./deletions";

interface Props {
  talks: readonly { id: string; author: { name: string } }[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone?: () => void;
}

// Delete asks once before conversations go, and says what goes, what stays, and what is kept by whom.
export function Delete({ talks, open, onOpenChange, onDone }: Props) {
  const ids = talks.map((x) => x.id);
  const would = useWouldGo(ids, open);
  const { ask } = useDeletions();
  const n = ids.length;
  const stay = would.data?.stay ?? [];
  const going = would.data?.going?.length ?? 0;
  const name = (id: string) => talks.find((x) => x.id === id)?.author.name ?? t`A conversation`;
  const only = talks[0]?.author.name ?? "";
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={
        n === 1 ? (
          <Trans>Delete the conversation with {only}?</Trans>
        ) : (
          <Plural value={n} one="Delete # conversation?" other="Delete # conversations?" />
        )
      }
      text={<Trans>In five minutes. Until then nothing is gone, and it can be taken back.</Trans>}
      acts={
        <>
          <DialogClose
            render={
              <Button look="g">
                <Trans>Not now</Trans>
              </Button>
            }
          />
          <Button
            look="d"
            disabled={going === 0}
            busy={ask.isPending}
            onClick={() =>
              ask.mutate(ids, {
                onSuccess: () => {
                  onOpenChange(false);
                  onDone?.();
                },
              })
            }
          >
            {n === 1 || going === 0 ? (
              <Trans>Delete</Trans>
            ) : (
              <Plural value={going} one="Delete # conversation" other="Delete # conversations" />
            )}
          </Button>
        </>
      }
    >
      <dl className="kv">
        <dt>
          <Trans>What goes</Trans>
        </dt>
        <dd className="!whitespace-normal">
          <Trans>
            Everything that was said, with files, drafts, translations and notes: here, on the wall, in the
            search and wherever else it stands.
          </Trans>
        </dd>
        <dt>
          <Trans>What stays</Trans>
        </dt>
        <dd className="!whitespace-normal">
          <Trans>
            That somebody wrote, when and how often, so that reports stay right; the person; and what stands
            on the network itself.
          </Trans>
        </dd>
      </dl>
      {would.error ? (
        <Failed error={would.error} onRetry={() => void would.refetch()} />
      ) : would.isPending ? (
        <Skeleton rows={1} />
      ) : (
        stay.length > 0 && (
          <div className="mt-3 rounded-md border border-line bg-wash px-3 py-2" role="status">
            <p className="flex items-center gap-1.5 font-strong">
              <Lock className="i s flex-none text-wait" aria-hidden />
              {n === 1 ? (
                <Trans>It stays</Trans>
              ) : (
                <Trans>
                  {stay.length} of {n} stay
                </Trans>
              )}
            </p>
            <ul className="mt-1 max-h-40 overflow-y-auto text-ink-2">
              {stay.map((s) => (
                <li key={s.id} className="wrap-anywhere">
                  {n > 1 && <b className="font-medium">{name(s.id)}: </b>}
                  {s.why}
                </li>
              ))}
            </ul>
          </div>
        )
      )}
    </Dialog>
  );
}
