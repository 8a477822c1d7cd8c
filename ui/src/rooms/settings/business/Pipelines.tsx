import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { Button, Chip, Field, Input, Section, Select, States, Textarea, tell } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { fault } from "../data";
import { Frame } from "../Frame";
import { lines } from "../words";
import { type Pipeline, type Stage, useBusinessActs, usePipelines } from "./data";

// Pipelines are the ways to an order, with stages of one's own.
export function Pipelines() {
  const may = useMay("govern.write");
  const pipelines = usePipelines();
  const [adds, setAdds] = useState(false);
  return (
    <Frame
      name={t`Pipelines`}
      acts={
        may && (
          <Button look="p" touch onClick={() => setAdds(true)}>
            <Plus className="i s" aria-hidden />
            <Trans>Add a pipeline</Trans>
          </Button>
        )
      }
    >
      <States of={pipelines}>
        {(all) => (
          <div className="flex max-w-2xl flex-col gap-8">
            {adds && <Edit onDone={() => setAdds(false)} />}
            {all.map((p) => (may ? <Edit key={p.id} p={p} /> : <Read key={p.id} p={p} />))}
          </div>
        )}
      </States>
    </Frame>
  );
}

function Read({ p }: { p: Pipeline }) {
  return (
    <Section title={p.name}>
      <ul>
        {(p.stages ?? []).map((s) => (
          <li key={s.id} className="flex min-h-9 items-center gap-2 border-b border-line">
            <span className="flex-1">{s.name}</span>
            <span className="text-ink-3">{s.probability} %</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface Line extends Stage {
  key: number;
}

const begin: Stage[] = [
  { name: "New", kind: "open", probability: 20 },
  { name: "Won", kind: "won", probability: 100 },
  { name: "Lost", kind: "lost", probability: 0 },
];

function Edit({ p, onDone }: { p?: Pipeline; onDone?: () => void }) {
  const { addPipeline, editPipeline } = useBusinessActs();
  const next = useRef(0);
  const keyed = (s: Stage): Line => {
    next.current += 1;
    return { ...s, key: next.current };
  };
  const [name, setName] = useState(p?.name ?? "");
  const [stages, setStages] = useState<Line[]>(() => (p?.stages ?? begin).map(keyed));
  const [reasons, setReasons] = useState((p?.reasons ?? []).join("\n"));
  const error = addPipeline.error ?? editPipeline.error;
  const change = (key: number, to: Partial<Stage>) =>
    setStages((all) => all.map((s) => (s.key === key ? { ...s, ...to } : s)));
  const swap = (i: number, by: 1 | -1) =>
    setStages((all) => {
      const out = [...all];
      const [one] = out.splice(i, 1);
      if (one) out.splice(i + by, 0, one);
      return out;
    });
  const body = (archived: boolean) => ({
    name: name.trim(),
    reasons: lines(reasons),
    archived,
    stages: stages.map(({ key: _, ...s }) => s),
  });
  const keep = (e: FormEvent) => {
    e.preventDefault();
    if (p)
      editPipeline.mutate(
        { id: p.id, ...body(p.archived) },
        {
          onSuccess: (now) => {
            setStages((now.stages ?? []).map(keyed));
            tell({ text: t`Kept.` });
          },
        },
      );
    else addPipeline.mutate(body(false), { onSuccess: () => onDone?.() });
  };
  return (
    <form onSubmit={keep}>
      <Section
        title={p?.name ?? <Trans>A new pipeline</Trans>}
        end={
          p?.archived && (
            <Chip>
              <Trans>put away</Trans>
            </Chip>
          )
        }
      >
        <div className="touch flex flex-col gap-4 pt-4">
          <Field label={<Trans>Name</Trans>} error={fault(error, "name")}>
            <Input
              value={name}
              onChange={(e) => setName(e.target.value)}
              required
              maxLength={60}
              className="max-w-80"
            />
          </Field>
          <ol className="flex flex-col gap-2" aria-label={t`Stages`}>
            {stages.map((s, i) => (
              <li key={s.key} className="flex flex-wrap items-center gap-2">
                <Input
                  aria-label={t`Name of stage ${i + 1}`}
                  value={s.name}
                  maxLength={40}
                  required
                  onChange={(e) => change(s.key, { name: e.target.value })}
                  className="!w-44 flex-1"
                />
                <Select
                  className="!w-28"
                  label={t`What stage ${i + 1} means`}
                  value={s.kind}
                  onChange={(kind) => change(s.key, { kind })}
                  choices={[
                    { value: "open", label: t`Open` },
                    { value: "won", label: t`Won` },
                    { value: "lost", label: t`Lost` },
                  ]}
                />
                <span className="flex w-20 items-center gap-1">
                  <Input
                    aria-label={t`Percent of stage ${i + 1}`}
                    type="number"
                    min={0}
                    max={100}
                    disabled={s.kind !== "open"}
                    value={s.kind === "won" ? 100 : s.kind === "lost" ? 0 : s.probability}
                    onChange={(e) => change(s.key, { probability: Number(e.target.value) })}
                  />
                  %
                </span>
                <span className="flex">
                  <Button
                    look="g"
                    square
                    size="sm"
                    disabled={i === 0}
                    aria-label={t`${s.name} earlier`}
                    onClick={() => swap(i, -1)}
                  >
                    <ArrowUp className="i s" aria-hidden />
                  </Button>
                  <Button
                    look="g"
                    square
                    size="sm"
                    disabled={i === stages.length - 1}
                    aria-label={t`${s.name} later`}
                    onClick={() => swap(i, 1)}
                  >
                    <ArrowDown className="i s" aria-hidden />
                  </Button>
                  <Button
                    look="g"
                    square
                    size="sm"
                    aria-label={t`Remove ${s.name}`}
                    onClick={() => setStages((all) => all.filter((x) => x.key !== s.key))}
                  >
                    <Trash2 className="i s" aria-hidden />
                  </Button>
                </span>
              </li>
            ))}
          </ol>
          <div>
            <Button
              size="sm"
              onClick={() => setStages((all) => [...all, keyed({ name: "", kind: "open", probability: 50 })])}
            >
              <Plus className="i s" aria-hidden />
              <Trans>Add a stage</Trans>
            </Button>
          </div>
          <Field
            label={<Trans>Why something is lost</Trans>}
            help={<Trans>To choose from, one on a line. Anything else can be written.</Trans>}
            error={fault(error, "reasons")}
          >
            <Textarea value={reasons} onChange={(e) => setReasons(e.target.value)} className="max-w-80" />
          </Field>
          {error && !fault(error, "name") && !fault(error, "reasons") && (
            <p role="alert" className="help bad">
              {sentenceOf(error)}
            </p>
          )}
          <div className="flex gap-2">
            <Button type="submit" look={p ? "o" : "p"} busy={addPipeline.isPending || editPipeline.isPending}>
              <Trans>Keep it</Trans>
            </Button>
            {p ? (
              <Button look="g" onClick={() => editPipeline.mutate({ id: p.id, ...body(!p.archived) })}>
                {p.archived ? <Trans>Bring it back</Trans> : <Trans>Put it away</Trans>}
              </Button>
            ) : (
              <Button look="g" onClick={onDone}>
                <Trans>Not now</Trans>
              </Button>
            )}
          </div>
        </div>
      </Section>
    </form>
  );
}
