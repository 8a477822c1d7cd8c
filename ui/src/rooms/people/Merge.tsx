import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Merge as Icon } from "lucide-react";
import { useState } from "react";
import { AsidePart, Avatar, Button, Dialog, Field, Input, Time, tell } from "../../kit";
import { useSettled } from "../../lib/debounce";
import { useMay } from "../../lib/session";
import { type Full, type Row, useMerge, usePeople } from "./data";
import { reasonWord } from "./suggestData";

// Merge joins another record into this one. It can be taken back.
export function Merge({ of: p }: { of: Full }) {
  const [open, setOpen] = useState(false);
  const [q, setQ] = useState("");
  const [other, setOther] = useState<Row>();
  const found = usePeople({ q: useSettled(q.trim()) || undefined });
  const { merge, undo } = useMerge(p.id);
  const join = () =>
    other &&
    merge.mutate(other.id, {
      onSuccess: (r) => {
        setOpen(false);
        setOther(undefined);
        tell({ text: t`${other.name} and ${p.name} are one person now.`, undo: () => undo.mutate(r.merge) });
      },
    });
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={<Trans>Who else is {p.name}?</Trans>}
      text={<Trans>All they said comes together here. Nothing is lost, and it can be taken back.</Trans>}
      trigger={
        <Button size="sm" touch>
          <Icon className="i s" aria-hidden />
          <span className="max-sm:sr-only">
            <Trans>Same person</Trans>
          </span>
        </Button>
      }
      acts={
        <>
          <Button look="g" onClick={() => setOpen(false)}>
            <Trans>Not now</Trans>
          </Button>
          <Button look="p" disabled={!other} busy={merge.isPending} onClick={join}>
            {other ? <Trans>Join with {other.name}</Trans> : <Trans>Join</Trans>}
          </Button>
        </>
      }
    >
      <Field label={<Trans>Name or handle</Trans>}>
        <Input value={q} onChange={(e) => setQ(e.target.value)} autoFocus />
      </Field>
      <ul className="mt-2 max-h-64 overflow-auto" aria-label={t`Found`}>
        {(found.data ?? [])
          .filter((r) => r.id !== p.id)
          .slice(0, 12)
          .map((r) => (
            <li key={r.id}>
              <button
                type="button"
                className="it"
                aria-pressed={other?.id === r.id}
                data-highlighted={other?.id === r.id ? "" : undefined}
                onClick={() => setOther(r)}
              >
                <Avatar name={r.name} size="sm" />
                <span className="min-w-0 flex-1 truncate">
                  {r.name} <span className="text-ink-3">{r.identities?.[0]?.handle}</span>
                </span>
              </button>
            </li>
          ))}
      </ul>
    </Dialog>
  );
}

// Joined are the records that were joined into this one; each can be taken apart again.
export function Joined({ of: p }: { of: Full }) {
  const may = useMay("people.write");
  const { undo } = useMerge(p.id);
  return (
    <AsidePart title={<Trans>Joined from</Trans>}>
      <ul>
        {p.merges.map((m) => (
          <li key={m.id} className="flex min-h-8 items-center gap-2">
            <span className="min-w-0 flex-1">
              <span className="block truncate">{m.name}</span>
              {(m.reasons ?? []).length > 0 && (
                <span className="block text-xs text-ink-3">
                  {m.automatic && <Trans>Joined by itself.</Trans>}{" "}
                  {(m.reasons ?? []).map((r) => reasonWord(r).text).join(", ")}
                </span>
              )}
            </span>
            <Time at={m.at} className="text-xs text-ink-3" />
            {may && (
              <Button
                look="g"
                size="sm"
                touch
                busy={undo.isPending && undo.variables === m.id}
                onClick={() =>
                  undo.mutate(m.id, {
                    onSuccess: () =>
                      tell({
                        text: m.automatic
                          ? t`They are two persons again, and stay so.`
                          : t`They are two persons again.`,
                      }),
                  })
                }
              >
                <Trans>Take apart</Trans>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </AsidePart>
  );
}
