import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Select } from "../../../kit";
import { Problem, sentenceOf } from "../../../lib/problem";
import { useSession } from "../../../lib/session";
import { type NewArticle as Draft, useCategories, useKnowActs, useKnowCounts, useProgrammes } from "./data";
import { tongues } from "./words";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  start?: Partial<Draft>; // a translation, or words that somebody searched for
}

// NewArticle asks for no more than a title and a language; the rest is written on its page.
export function NewArticle({ open, onOpenChange, start }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={start?.of ? <Trans>Translate this article</Trans> : <Trans>Write an article</Trans>}
    >
      {open && <Form start={start ?? {}} onDone={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function Form({ start, onDone }: { start: Partial<Draft>; onDone: () => void }) {
  const { add } = useKnowActs();
  const go = useNavigate();
  const used = useKnowCounts().data?.langs ?? [];
  const categories = useCategories().data ?? [];
  const member = useSession()?.member;
  const programmes = useProgrammes().data ?? [];
  const everywhere = Boolean(member?.role);
  const [said, setLang] = useState(start.lang);
  const lang = said ?? (start.of ? "" : (used[0] ?? "en"));
  const [visibility, setVisibility] = useState<"public" | "internal">(start.visibility ?? "internal");
  const [category, setCategory] = useState("");
  const [chosen, setProgramme] = useState<string>();
  const programme = chosen ?? (everywhere ? "" : (programmes[0]?.id ?? ""));
  const named = add.error instanceof Problem ? add.error.field?.replace(/^body\./, "") : undefined;
  const fault = (f: string) => (add.error && named === f ? sentenceOf(add.error) : undefined);
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const title = String(new FormData(e.currentTarget).get("title") ?? "").trim();
    add.mutate(
      {
        title,
        lang,
        ...(start.body ? { body: start.body } : {}),
        ...(start.of ? { of: start.of } : { visibility, category, programme }),
      },
      {
        onSuccess: (a) => {
          onDone();
          void go({ to: "/engage/know/$id", params: { id: a.id }, search: { write: true } });
        },
      },
    );
  };
  return (
    <form className="touch grid gap-3 sm:grid-cols-2" onSubmit={send}>
      <Field
        label={<Trans>Title</Trans>}
        help={<Trans>As a customer would ask: “How do I descale the machine?”</Trans>}
        error={
          fault("title") ??
          (add.error && !["title", "lang"].includes(named ?? "") ? sentenceOf(add.error) : undefined)
        }
        className="sm:col-span-2"
      >
        <Input name="title" required maxLength={200} autoFocus defaultValue={start.title ?? ""} />
      </Field>
      <Field label={<Trans>Language</Trans>} error={fault("lang")}>
        <Select value={lang || null} onChange={setLang} choices={tongues(used)} placeholder={t`Choose`} />
      </Field>
      {!start.of && (
        <>
          <Field label={<Trans>Who may read it once it is published</Trans>}>
            <Select
              value={visibility}
              onChange={setVisibility}
              choices={[
                { value: "internal" as const, label: t`Inside only` },
                { value: "public" as const, label: t`Everybody, on the help page` },
              ]}
            />
          </Field>
          <Field label={<Trans>Subject</Trans>}>
            <Select
              value={category}
              onChange={setCategory}
              choices={[
                { value: "", label: t`None` },
                ...categories.map((c) => ({ value: c.id, label: c.name })),
              ]}
            />
          </Field>
          <Field label={<Trans>Programme</Trans>}>
            <Select
              value={programme}
              onChange={setProgramme}
              choices={[
                ...(everywhere ? [{ value: "", label: t`The whole house` }] : []),
                ...programmes.map((p) => ({ value: p.id, label: p.name })),
              ]}
            />
          </Field>
        </>
      )}
      <div className="flex justify-end sm:col-span-2">
        <Button type="submit" look="p" busy={add.isPending} disabled={!lang}>
          <Trans>Begin to write</Trans>
        </Button>
      </div>
    </form>
  );
}
