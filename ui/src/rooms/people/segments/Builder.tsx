import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Avatar, asGroup, Button, type Cond, Conditions, condText, Field, Input, tests } from "../../../kit";
import { useSettled } from "../../../lib/debounce";
import { count, share } from "../../../lib/format";
import { Problem, sentenceOf } from "../../../lib/problem";
import { type Segment, useSegmentActs, useSegmentCount } from "./data";
import { useFields } from "./fields";

interface Props {
  of?: Segment | undefined; // undefined for a new one
  onKept: (s: Segment) => void;
  onLeave: () => void;
}

const usual: Cond = { join: "all", nodes: [{ field: "last_heard", op: "within", values: ["30d"] }] };

// Builder puts the conditions of a segment together, and shows meanwhile of whom they hold.
export function Builder({ of: s, onKept, onLeave }: Props) {
  const fields = useFields();
  const acts = useSegmentActs();
  const [name, setName] = useState(s?.name ?? "");
  const [about, setAbout] = useState(s?.about ?? "");
  const [cond, setCond] = useState<Cond>(asGroup((s?.conditions as Cond | undefined) ?? usual));
  const seen = JSON.parse(useSettled(JSON.stringify(cond), 300)) as Cond;
  const counted = useSegmentCount(seen, tests(seen) > 0);
  const error = acts.keep.error ?? (counted.error as unknown);
  const problem = error instanceof Problem ? error : undefined;
  const of = (field: string) => (problem?.field?.endsWith(field) ? problem.message : undefined);
  const inTree = problem?.field?.includes("conditions.");
  const save = (e: FormEvent) => {
    e.preventDefault();
    acts.keep.mutate({ id: s?.id, name, about, conditions: cond }, { onSuccess: onKept });
  };
  return (
    <form onSubmit={save} className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_17rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={<Trans>Name</Trans>} error={of("name")}>
            <Input value={name} maxLength={80} required onChange={(e) => setName(e.currentTarget.value)} />
          </Field>
          <Field label={<Trans>What it is for (optional)</Trans>} error={of("about")}>
            <Input value={about} maxLength={400} onChange={(e) => setAbout(e.currentTarget.value)} />
          </Field>
        </div>
        <section aria-label={t`Who belongs to it`}>
          <h2 className="mb-2 font-strong">
            <Trans>Who belongs to it</Trans>
          </h2>
          <Conditions
            fields={fields}
            value={cond}
            onChange={setCond}
            error={inTree && problem ? { field: problem.field, text: problem.message } : undefined}
          />
        </section>
        {problem && !inTree && !of("name") && !of("about") && tests(cond) > 0 && (
          <p className="text-alarm" role="alert">
            {problem.message}
          </p>
        )}
      </div>
      <aside
        aria-label={t`Of whom it holds now`}
        className="sticky bottom-0 z-1 rounded-md border border-line-2 bg-desk p-3 max-lg:-mx-1 lg:top-4 lg:p-4"
      >
        <Counted of={counted} asks={tests(cond) > 0} />
        {tests(seen) > 0 && fields.length > 0 && (
          <p className="mt-3 border-t border-line pt-3 text-xs break-words text-ink-2 max-lg:hidden">
            {condText(seen, fields)}
          </p>
        )}
        <div className="touch mt-2 flex gap-2 lg:mt-4">
          <Button look="p" type="submit" busy={acts.keep.isPending} disabled={tests(cond) === 0}>
            <Trans>Keep segment</Trans>
          </Button>
          <Button look="g" type="button" onClick={onLeave}>
            <Trans>Not now</Trans>
          </Button>
        </div>
      </aside>
    </form>
  );
}

// of100 says a part; what is there is never nothing.
const of100 = (part: number) => (part > 0 && part < 0.005 ? t`under ${share(0.01)}` : share(part));

function Counted({ of: q, asks }: { of: ReturnType<typeof useSegmentCount>; asks: boolean }) {
  if (!asks)
    return (
      <p className="text-ink-2">
        <Trans>Add a condition to see of whom it holds.</Trans>
      </p>
    );
  if (q.error)
    return (
      <p className="text-ink-2" role="status">
        {sentenceOf(q.error)}
      </p>
    );
  const c = q.data;
  if (!c)
    return (
      <p className="text-ink-3" role="status">
        <Trans>Counting …</Trans>
      </p>
    );
  const part = c.of > 0 ? c.n / c.of : 0;
  return (
    <>
      <p role="status">
        <b className="text-2xl font-strong tracking-tight tabular-nums">{count(c.n)}</b>{" "}
        <Plural value={c.n} one="person" other="people" />{" "}
        <span className="text-xs text-ink-3 lg:block">
          <Trans>
            of {count(c.of)}, that is {of100(part)}
          </Trans>
        </span>
      </p>
      <div className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken" aria-hidden>
        <div className="h-full rounded-full bg-(--color-cat-1)" style={{ width: `${100 * part}%` }} />
      </div>
      {!c.sure && (
        <p className="mt-2 text-xs text-ink-2">
          <Trans>Not everybody was looked at yet; the number grows.</Trans>
        </p>
      )}
      <ul className="mt-3 flex flex-col gap-1 max-lg:hidden">
        {(c.some ?? []).map((p) => (
          <li key={p.id}>
            <Link
              to="/people/$id"
              params={{ id: p.id }}
              className="flex min-h-7 items-center gap-2 rounded-sm hover:underline"
            >
              <Avatar name={p.name} size="sm" />
              <span className="truncate">{p.name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
