import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Select } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { type Category, useCategories, useKnowActs } from "./data";

// Categories are the subjects of articles, two levels deep.
export function Categories({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={<Trans>Subjects</Trans>}>
      {open && <List />}
    </Dialog>
  );
}

function List() {
  const all = useCategories().data ?? [];
  const acts = useKnowActs();
  const [parent, setParent] = useState("");
  const add = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = e.currentTarget;
    const name = String(new FormData(form).get("name") ?? "").trim();
    acts.addCategory.mutate({ name, ...(parent ? { parent } : {}) }, { onSuccess: () => form.reset() });
  };
  const error = acts.addCategory.error ?? acts.editCategory.error ?? acts.removeCategory.error;
  const tops = all.filter((c) => !c.parent);
  return (
    <div className="touch flex flex-col gap-3">
      {all.length === 0 && (
        <p className="text-ink-2">
          <Trans>No subject yet. A handful is enough to find one’s way.</Trans>
        </p>
      )}
      <ul className="flex flex-col gap-1">
        {tops
          .flatMap((c) => [c, ...all.filter((x) => x.parent === c.id)])
          .map((c) => (
            <One key={c.id} of={c} />
          ))}
      </ul>
      {Boolean(error) && (
        <p className="text-alarm" role="alert">
          {sentenceOf(error)}
        </p>
      )}
      <form className="flex flex-wrap items-end gap-2" onSubmit={add}>
        <Field label={<Trans>New subject</Trans>} className="flex-1">
          <Input name="name" required maxLength={200} />
        </Field>
        <Field label={<Trans>Below</Trans>}>
          <Select
            className="!w-36"
            value={parent}
            onChange={setParent}
            choices={[{ value: "", label: t`Nothing` }, ...tops.map((c) => ({ value: c.id, label: c.name }))]}
          />
        </Field>
        <Button type="submit" look="p" busy={acts.addCategory.isPending}>
          <Trans>Add</Trans>
        </Button>
      </form>
    </div>
  );
}

function One({ of: c }: { of: Category }) {
  const acts = useKnowActs();
  const [name, setName] = useState(c.name);
  return (
    <li className={`flex items-center gap-2 ${c.parent ? "ms-5" : ""}`}>
      <Input
        aria-label={t`Name of ${c.name}`}
        value={name}
        maxLength={200}
        onChange={(e) => setName(e.currentTarget.value)}
        onBlur={() => {
          if (name.trim() && name.trim() !== c.name)
            acts.editCategory.mutate({
              id: c.id,
              name: name.trim(),
              ...(c.parent ? { parent: c.parent } : {}),
            });
        }}
      />
      <Button
        look="g"
        square
        size="sm"
        aria-label={t`Remove ${c.name}; its articles stay`}
        title={t`Remove ${c.name}; its articles stay`}
        busy={acts.removeCategory.isPending}
        onClick={() => acts.removeCategory.mutate(c.id)}
      >
        <Trash2 className="i s" aria-hidden />
      </Button>
    </li>
  );
}
