import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, Chip, Field, Input, Section, tell } from "../../../kit";
import { day } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { type Goal, type Promised, useCard, useCardActs } from "./data";

// Wants is what somebody wants, in their words, and what we promised them.
export function Wants({ id, name }: { id: string; name: string }) {
  const card = useCard(id).data;
  const may = useMay("people.write");
  const [adds, setAdds] = useState<"goal" | "promise">();
  if (!card) return null;
  const goals = card.goals ?? [];
  const promises = card.promises ?? [];
  return (
    <div className="mb-7 grid gap-x-8 gap-y-6 md:grid-cols-2">
      <Section
        title={<Trans>What they want</Trans>}
        end={
          may && (
            <Button look="g" size="sm" touch aria-label={t`Add a goal`} onClick={() => setAdds("goal")}>
              <Trans>Add</Trans>
            </Button>
          )
        }
      >
        {goals.length === 0 && adds !== "goal" && (
          <p className="pt-2 text-ink-3">
            <Trans>Nothing yet. What {name} says they want stands here, in their words.</Trans>
          </p>
        )}
        {adds === "goal" && <AddGoal person={id} onDone={() => setAdds(undefined)} />}
        <ul>
          {goals.map((g) => (
            <GoalLine key={g.id} g={g} person={id} may={may} />
          ))}
        </ul>
      </Section>
      <div id="promised">
        <Section
          title={<Trans>What we promised</Trans>}
          end={
            may && (
              <Button
                look="g"
                size="sm"
                touch
                aria-label={t`Add a promise`}
                onClick={() => setAdds("promise")}
              >
                <Trans>Add</Trans>
              </Button>
            )
          }
        >
          {promises.length === 0 && adds !== "promise" && (
            <p className="pt-2 text-ink-3">
              <Trans>Nothing is promised. Whoever promised is told when it is due.</Trans>
            </p>
          )}
          {adds === "promise" && <AddPromise person={id} onDone={() => setAdds(undefined)} />}
          <ul>
            {promises.map((p) => (
              <PromiseLine key={p.id} p={p} person={id} may={may} />
            ))}
          </ul>
        </Section>
      </div>
    </div>
  );
}

function GoalLine({ g, person, may }: { g: Goal; person: string; may: boolean }) {
  const { editGoal } = useCardActs(person);
  const turn = (status: "open" | "met" | "dropped") =>
    editGoal.mutate(
      { id: g.id, status },
      {
        onSuccess: () =>
          status !== "open" &&
          tell({
            text: status === "met" ? t`They have what they wanted.` : t`They no longer want it.`,
            undo: () => editGoal.mutate({ id: g.id, status: "open" }),
          }),
      },
    );
  return (
    <li className="flex items-start gap-2 border-b border-line py-2">
      <span className="min-w-0 flex-1">
        <span className={`said block wrap-anywhere ${g.status === "open" ? "" : "text-ink-3"}`} dir="auto">
          {g.text}
        </span>
        <span className="text-xs text-ink-3">
          {g.conversation ? (
            <Link to="/engage" search={{ view: "all", c: g.conversation }} className="hover:underline">
              <Trans>said on {day(g.created_at)}</Trans>
            </Link>
          ) : (
            day(g.created_at)
          )}
          {g.status === "met" && ` · ${t`met`}`}
          {g.status === "dropped" && ` · ${t`no longer`}`}
        </span>
      </span>
      {may && g.status === "open" && (
        <>
          <Button look="g" size="sm" square touch aria-label={t`${g.text}: met`} onClick={() => turn("met")}>
            <Check className="i s" aria-hidden />
          </Button>
          <Button
            look="g"
            size="sm"
            square
            touch
            aria-label={t`${g.text}: no longer wanted`}
            onClick={() => turn("dropped")}
          >
            <X className="i s" aria-hidden />
          </Button>
        </>
      )}
    </li>
  );
}

function PromiseLine({ p, person, may }: { p: Promised; person: string; may: boolean }) {
  const { editPromise } = useCardActs(person);
  const kept = () =>
    editPromise.mutate(
      { id: p.id, state: "kept" },
      {
        onSuccess: () =>
          tell({ text: t`Kept.`, undo: () => editPromise.mutate({ id: p.id, state: "open" }) }),
      },
    );
  return (
    <li className="flex items-start gap-2 border-b border-line py-2">
      <span className="min-w-0 flex-1">
        <span className={`block wrap-anywhere ${p.state === "open" ? "" : "text-ink-3"}`}>{p.text}</span>
        <span className="flex flex-wrap items-center gap-1.5 text-xs text-ink-3">
          {p.owner?.name}
          {p.due_at &&
            (p.late ? (
              <Chip tone="alarm">
                <Trans>due {day(p.due_at)}</Trans>
              </Chip>
            ) : (
              <span>{t`due ${day(p.due_at)}`}</span>
            ))}
          {p.state === "kept" && t`kept`}
          {p.state === "broken" && t`broken`}
        </span>
      </span>
      {may && p.state === "open" && (
        <Button look="g" size="sm" square touch aria-label={t`${p.text}: kept`} onClick={kept}>
          <Check className="i s" aria-hidden />
        </Button>
      )}
    </li>
  );
}

function AddGoal({ person, onDone }: { person: string; onDone: () => void }) {
  const { addGoal } = useCardActs(person);
  const keep = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const text = String(new FormData(e.currentTarget).get("text") ?? "").trim();
    if (text) addGoal.mutate({ text }, { onSuccess: onDone });
  };
  return (
    <form className="touch flex items-end gap-2 py-2" onSubmit={keep}>
      <Field label={<Trans>In their words</Trans>} className="flex-1">
        <Input name="text" required maxLength={1000} autoComplete="off" autoFocus />
      </Field>
      <Button type="submit" busy={addGoal.isPending}>
        <Trans>Keep goal</Trans>
      </Button>
    </form>
  );
}

function AddPromise({ person, onDone }: { person: string; onDone: () => void }) {
  const { addPromise } = useCardActs(person);
  const keep = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = String(f.get("text") ?? "").trim();
    const due = String(f.get("due") ?? "");
    if (text)
      addPromise.mutate(
        { text, ...(due ? { due_at: new Date(`${due}T09:00:00`).toISOString() } : {}) },
        { onSuccess: onDone },
      );
  };
  return (
    <form className="touch flex flex-col gap-2 py-2" onSubmit={keep}>
      <Field label={<Trans>What we do for them</Trans>}>
        <Input name="text" required maxLength={1000} autoComplete="off" autoFocus />
      </Field>
      <div className="flex items-end gap-2">
        <Field label={<Trans>Until</Trans>} className="flex-1">
          <Input name="due" type="date" />
        </Field>
        <Button type="submit" busy={addPromise.isPending}>
          <Trans>Keep promise</Trans>
        </Button>
      </div>
    </form>
  );
}
