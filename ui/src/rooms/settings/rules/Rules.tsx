import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button, condText, Empty, States } from "../../../kit";
import { useMay } from "../../../lib/session";
import { useTags } from "../../../lib/tags";
import { CardHead } from "../CardHead";
import { useMembers } from "../data";
import { Frame } from "../Frame";
import { asCond, useCalendars } from "../pace/data";
import {
  type Act,
  type Rule,
  type RuleIn,
  useRuleActs,
  useRuleFields,
  useRules,
  useTeamChoices,
} from "./data";
import { RuleForm } from "./RuleForm";
import { Runs } from "./Runs";
import { doName, marks, whenText } from "./words";

const route = getRouteApi("/frame/settings/rules");

// Rules is what Parley does by itself with conversations.
export function Rules() {
  const { edit, from } = route.useSearch();
  const go = route.useNavigate();
  const may = useMay("govern.write");
  const rules = useRules();
  const acts = useRuleActs();
  const hours = useCalendars();
  const calendars = hours.data ?? [];
  const leave = () => void go({ search: {} });
  const away: Partial<RuleIn> = {
    name: t`Out of office`,
    when: "heard",
    open: "away",
    ...(calendars[0] ? { calendar: calendars[0].id } : {}),
    acts: [
      {
        do: "reply",
        text: t`Thank you for writing, ${marks.name}. Nobody is at the desk just now. We are back on ${marks.opens} and will answer then.`,
      },
    ],
  };
  const add = may ? (
    <>
      <Button onClick={() => void go({ search: { edit: "new", from: "away" } })}>
        <Trans>Out-of-office reply</Trans>
      </Button>
      <Button look="p" onClick={() => void go({ search: { edit: "new" } })}>
        <Plus className="i s" aria-hidden />
        <Trans>Add a rule</Trans>
      </Button>
    </>
  ) : undefined;
  const form = (r: Rule | undefined) =>
    from === "away" && hours.isPending ? null : ( // it begins with the business hours
      <RuleForm
        key={`${edit}${from ?? ""}`}
        of={r}
        like={from === "away" ? away : undefined}
        onDone={leave}
      />
    );
  return (
    <Frame name={t`Rules`} acts={edit ? undefined : add}>
      <States
        of={rules}
        empty={
          edit ? (
            form(undefined)
          ) : (
            <Empty title={<Trans>Parley does nothing by itself.</Trans>} acts={add}>
              <Trans>
                A rule does something with a conversation when something happens, or has not happened for too
                long. Try it on the last week before you switch it on.
              </Trans>
            </Empty>
          )
        }
      >
        {(all) =>
          edit ? (
            form(all.find((r) => r.id === edit))
          ) : (
            <ol className="flex flex-col gap-3">
              {all.map((r, i) => (
                <Card
                  key={r.id}
                  of={r}
                  may={may}
                  onEdit={() => void go({ search: { edit: r.id } })}
                  onUp={i > 0 ? () => acts.order.mutate(swapped(all, i, i - 1)) : undefined}
                  onDown={i < all.length - 1 ? () => acts.order.mutate(swapped(all, i, i + 1)) : undefined}
                />
              ))}
            </ol>
          )
        }
      </States>
    </Frame>
  );
}

function swapped(all: readonly Rule[], a: number, b: number): string[] {
  const ids = all.map((r) => r.id);
  const x = ids[a] as string;
  ids[a] = ids[b] as string;
  ids[b] = x;
  return ids;
}

interface CardProps {
  of: Rule;
  may: boolean;
  onEdit: () => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
}

function Card({ of: r, may, onEdit, onUp, onDown }: CardProps) {
  const { remove } = useRuleActs();
  const fields = useRuleFields();
  const members = useMembers(true).data ?? [];
  const calendar = (useCalendars().data ?? []).find((c) => c.id === r.calendar)?.name;
  const [runs, setRuns] = useState(false);
  const tags = useTags().data ?? [];
  const teams = useTeamChoices();
  const objectOf = (a: Act) =>
    a.do === "team"
      ? (teams.find((x) => x.value === a.team)?.label ?? "")
      : (a.tags ?? []).map((id) => tags.find((x) => x.id === id)?.name ?? "").join(", ");
  const nameOf = (id: string | undefined) => members.find((m) => m.id === id)?.name ?? "";
  return (
    <li className="rounded-md border border-line bg-paper p-4">
      <CardHead
        name={r.name}
        on={r.on}
        may={may}
        onEdit={onEdit}
        onUp={onUp}
        onDown={onDown}
        after={<Trans>It does nothing more. What it did stays.</Trans>}
        busy={remove.isPending}
        onRemove={(done) => remove.mutate(r.id, done)}
      />
      <p className="pt-1.5">
        {whenText(r)}
        {r.open === "away" ? (
          <Trans>, outside the hours of {calendar}</Trans>
        ) : r.open === "there" ? (
          <Trans>, within the hours of {calendar}</Trans>
        ) : null}
      </p>
      <p className="pt-1 text-ink-2">
        <Trans>For: {condText(asCond(r.conditions), fields)}</Trans>
        {r.ours ? <Trans>, also those that we started</Trans> : null}
      </p>
      <ul className="pt-1">
        {(r.acts ?? []).map((a, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an act has no other name than its place
          <li key={i} className="truncate">
            → {doName(a.do)} {nameOf(a.member)} {objectOf(a)}{" "}
            {a.text ? <span className="text-ink-3">“{a.text}”</span> : null}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-2 pt-2">
        <Button size="sm" look="g" aria-expanded={runs} onClick={() => setRuns(!runs)}>
          {runs ? <Trans>Hide what it did</Trans> : <Trans>What it did</Trans>}
        </Button>
        {r.owner && (
          <span className="text-xs text-ink-3">
            <Trans>{r.owner.name} answers for it.</Trans>
          </span>
        )}
      </div>
      {runs && <Runs of={r} />}
    </li>
  );
}
