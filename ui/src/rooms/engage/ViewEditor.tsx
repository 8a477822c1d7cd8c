import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import {
  asGroup,
  Button,
  type Cond,
  Conditions,
  Confirm,
  condText,
  Dialog,
  DialogClose,
  Field,
  Input,
  Select,
  tests,
} from "../../kit";
import { useSettled } from "../../lib/debounce";
import { count } from "../../lib/format";
import { Problem, sentenceOf } from "../../lib/problem";
import { useMay, useSession } from "../../lib/session";
import { type SavedView, usePreview, useViewActs } from "./desk";
import { useFields } from "./fields";

interface Props {
  view?: SavedView | undefined; // undefined for a new one
  start?: Cond | undefined; // what a new one begins with
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSaved: (id: string) => void;
  onGone?: () => void;
}

// ViewEditor puts a view together, and shows meanwhile what it would list.
export function ViewEditor(p: Props) {
  return (
    <Dialog
      open={p.open}
      onOpenChange={p.onOpenChange}
      wide
      title={p.view ? <Trans>Change the view</Trans> : <Trans>New view</Trans>}
    >
      {p.open && <Form key={p.view?.id ?? "new"} {...p} />}
    </Dialog>
  );
}

const usual: Cond = { join: "all", nodes: [{ field: "state", op: "is", values: ["open"] }] };

function Form({ view: v, start, onOpenChange, onSaved, onGone }: Props) {
  const fields = useFields();
  const me = useSession()?.member;
  const mayShare = useMay("inbox.work");
  const acts = useViewActs();
  const editable = !v || v.editable;
  const [name, setName] = useState(v?.name ?? "");
  const [cond, setCond] = useState<Cond>(asGroup((v?.conditions as Cond | undefined) ?? start ?? usual));
  const [sort, setSort] = useState<"recent" | "waiting">(v?.sort ?? "recent");
  const [who, setWho] = useState(v?.shared ? (v.programme?.id ?? "all") : "me");
  const [asks, setAsks] = useState(false);
  const settled = useSettled(JSON.stringify(cond), 400);
  const seen = JSON.parse(settled) as Cond;
  const preview = usePreview(seen as SavedView["conditions"], sort);
  const error = acts.keep.error ?? (preview.error as unknown);
  const problem = error instanceof Problem ? error : undefined;
  const inTree = problem?.field?.includes("conditions");
  const save = (e: FormEvent) => {
    e.preventDefault();
    acts.keep.mutate(
      {
        id: editable ? v?.id : undefined,
        name,
        conditions: cond as SavedView["conditions"],
        sort,
        shared: who !== "me",
        ...(who !== "me" && who !== "all" ? { programme: who } : {}),
      },
      {
        onSuccess: (saved) => {
          onOpenChange(false);
          onSaved(saved.id);
        },
      },
    );
  };
  const n = preview.data?.count.n ?? 0;
  return (
    <form onSubmit={save} className="flex flex-col gap-4">
      <Field
        label={<Trans>Name</Trans>}
        error={problem?.field?.endsWith("name") ? problem.message : undefined}
      >
        <Input value={name} maxLength={60} required onChange={(e) => setName(e.currentTarget.value)} />
      </Field>
      <Conditions
        fields={fields}
        value={cond}
        onChange={setCond}
        error={inTree && problem ? { field: problem.field, text: problem.message } : undefined}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={<Trans>Order</Trans>}>
          <Select
            value={sort}
            onChange={setSort}
            choices={[
              { value: "recent", label: t`Latest first` },
              { value: "waiting", label: t`Longest wait first` },
            ]}
          />
        </Field>
        <Field label={<Trans>Who sees it</Trans>}>
          <Select
            value={who}
            onChange={setWho}
            choices={[
              { value: "me", label: t`Only me` },
              ...(mayShare
                ? [
                    ...(me?.programmes ?? []).map((p) => ({ value: p.id, label: t`Everybody in ${p.name}` })),
                    { value: "all", label: t`The whole company` },
                  ]
                : []),
            ]}
          />
        </Field>
      </div>
      <section aria-label={t`Preview`} className="rounded-md border border-line-2 bg-desk">
        <p className="border-b border-line px-3 py-2 text-xs text-ink-2" role="status">
          {preview.data ? (
            <>
              <b className="font-strong text-ink">
                {preview.data.count.sure ? (
                  <Plural value={n} one="# conversation" other="# conversations" />
                ) : (
                  <Trans>{count(n)} conversations or more</Trans>
                )}
              </b>{" "}
              · {tests(seen) === 0 ? <Trans>everything</Trans> : condText(seen, fields)}
            </>
          ) : preview.error ? (
            sentenceOf(preview.error)
          ) : (
            <Trans>Looking …</Trans>
          )}
        </p>
        <ul className="max-h-44 overflow-y-auto">
          {(preview.data?.items ?? []).map((c) => (
            <li key={c.id} className="flex gap-2 border-b border-line px-3 py-1.5 last:border-0">
              <span className="w-36 flex-none truncate font-medium">{c.author.name}</span>
              <span className="said min-w-0 flex-1 truncate text-ink-2">{c.preview}</span>
            </li>
          ))}
        </ul>
      </section>
      {problem && !inTree && !problem.field?.endsWith("name") && (
        <p className="text-alarm" role="alert">
          {problem.message}
        </p>
      )}
      <div className="touch flex flex-wrap items-center justify-end gap-2">
        {v && editable && (
          <>
            <Button look="g" type="button" className="me-auto" onClick={() => setAsks(true)}>
              <Trash2 className="i s" aria-hidden />
              <Trans>Remove</Trans>
            </Button>
            <Confirm
              open={asks}
              onOpenChange={setAsks}
              title={<Trans>Remove the view “{v.name}”?</Trans>}
              text={
                v.shared ? (
                  <Trans>It goes for everybody who sees it. Conversations stay as they are.</Trans>
                ) : (
                  <Trans>Conversations stay as they are.</Trans>
                )
              }
              act={<Trans>Remove</Trans>}
              look="d"
              busy={acts.drop.isPending}
              onAct={() =>
                acts.drop.mutate(v.id, {
                  onSuccess: () => {
                    setAsks(false);
                    onOpenChange(false);
                    onGone?.();
                  },
                })
              }
            />
          </>
        )}
        <DialogClose
          render={
            <Button look="g" type="button">
              <Trans>Not now</Trans>
            </Button>
          }
        />
        <Button look="p" type="submit" busy={acts.keep.isPending}>
          {editable ? <Trans>Save</Trans> : <Trans>Save as my own</Trans>}
        </Button>
      </div>
    </form>
  );
}
