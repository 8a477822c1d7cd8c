import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Textarea } from "../../kit";
import { useMay } from "../../lib/session";
import { type Full, useMend } from "./data";

export function Rename({ of: p }: { of: Full }) {
  const [open, setOpen] = useState(false);
  const mend = useMend(p.id);
  const save = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    mend.mutate(
      { name: String(f.get("name")).trim(), place: String(f.get("place")).trim() },
      { onSuccess: () => setOpen(false) },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={<Trans>Change what we know</Trans>}
      trigger={
        <Button look="g" size="sm" touch>
          <Pencil className="i s" aria-hidden />
          <span className="max-sm:sr-only">
            <Trans>Change</Trans>
          </span>
        </Button>
      }
    >
      <form className="touch flex flex-col gap-3" onSubmit={save}>
        <Field label={<Trans>Name</Trans>}>
          <Input name="name" defaultValue={p.name} required />
        </Field>
        <Field label={<Trans>Place</Trans>} help={<Trans>As they told it.</Trans>}>
          <Input name="place" defaultValue={p.place ?? ""} />
        </Field>
        <div className="flex justify-end">
          <Button type="submit" look="p" busy={mend.isPending}>
            <Trans>Keep it</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

// Notes are for colleagues; they never leave the house.
export function Notes({ of: p }: { of: Full }) {
  const may = useMay("people.write");
  const [text, setText] = useState(p.notes);
  const mend = useMend(p.id);
  if (!may) return <p className={p.notes ? "words" : "text-ink-3"}>{p.notes || t`None yet.`}</p>;
  return (
    <div className="flex flex-col items-start gap-2">
      <Field label={<Trans>Notes</Trans>} hidden className="w-full" help={<Trans>Stays inside.</Trans>}>
        <Textarea
          value={text}
          onChange={(e) => setText(e.target.value)}
          placeholder={t`What a colleague should know`}
        />
      </Field>
      {text !== p.notes && (
        <Button look="nt" size="sm" touch busy={mend.isPending} onClick={() => mend.mutate({ notes: text })}>
          <Trans>Keep note</Trans>
        </Button>
      )}
    </div>
  );
}
