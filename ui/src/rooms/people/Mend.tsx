import { Trans } from "@lingui/react/macro";
import { Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input } from "../../kit";
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
