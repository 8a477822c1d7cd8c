import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Plus, UsersRound } from "lucide-react";
import { useState } from "react";
import { AsidePart, Button, Finder, Select, TagChip } from "../../kit";
import { useCommands } from "../../lib/commands";
import { useMay } from "../../lib/session";
import type { TalkFull } from "./data";
import { doDeed, type Priority, useDeed, useTeams } from "./desk";
import { PrioritySign, priorities, priorityName } from "./priority";
import { Tagging } from "./Tagging";

// Work is what we make of a conversation: its tags, its team, its priority.
export function Work({ talk: c }: { talk: TalkFull }) {
  const may = useMay("inbox.work");
  const deed = useDeed();
  const [tagging, setTagging] = useState(false);
  const [teaming, setTeaming] = useState(false);
  useCommands(
    t`Conversation`,
    [
      { id: "tag", label: t`Tags`, keys: "t", run: () => setTagging(true) },
      { id: "team", label: t`Give to a team`, keys: "g", run: () => setTeaming(true) },
      ...priorities.map((p) => ({
        id: `priority-${p}`,
        label: t`Priority: ${priorityName(p)}`,
        icon: <PrioritySign of={p} />,
        run: () => void set(p),
      })),
    ],
    may,
  );
  const set = (priority: Priority) =>
    doDeed(deed, { talks: [c], act: "priority", priority }, t`Priority: ${priorityName(priority)}.`);
  const tags = c.tags ?? [];
  if (!may && tags.length === 0 && !c.team && c.priority === "normal") return null;
  return (
    <AsidePart title={<Trans>Our work</Trans>}>
      <div className="flex flex-wrap items-center gap-1.5 pb-2">
        {tags.map((x) => (
          <TagChip
            key={x.id}
            tag={x}
            onRemove={
              may
                ? () => void doDeed(deed, { talks: [c], act: "untag", tags: [x] }, t`“${x.name}” is off.`)
                : undefined
            }
          />
        ))}
        {may && (
          <Button look="g" size="sm" touch onClick={() => setTagging(true)} title={t`Tags (T)`}>
            <Plus className="i s" aria-hidden />
            <Trans>Tag</Trans>
          </Button>
        )}
      </div>
      <dl className="kv">
        <dt>
          <Trans>Priority</Trans>
        </dt>
        <dd>
          {may ? (
            <Select
              className="-my-1 !min-h-7"
              label={t`Priority`}
              value={c.priority}
              onChange={(p) => void set(p)}
              choices={priorities.map((p) => ({
                value: p,
                label: priorityName(p),
                icon: <PrioritySign of={p} />,
              }))}
            />
          ) : (
            priorityName(c.priority)
          )}
        </dd>
        <dt>
          <Trans>Team</Trans>
        </dt>
        <dd>
          {may ? (
            <Button
              look="g"
              size="sm"
              touch
              className="-ms-2 -my-1 max-w-full"
              onClick={() => setTeaming(true)}
              title={t`Give to a team (G)`}
            >
              <UsersRound className="i s" aria-hidden />
              <span className="truncate">{c.team?.name ?? <Trans>None</Trans>}</span>
            </Button>
          ) : (
            (c.team?.name ?? <Trans>None</Trans>)
          )}
        </dd>
      </dl>
      {may && <Tagging talks={[c]} open={tagging} onOpenChange={setTagging} />}
      {may && (
        <GiveTeam
          open={teaming}
          onOpenChange={setTeaming}
          programme={c.programme?.id}
          now={c.team?.id}
          onGive={(team) =>
            void doDeed(
              deed,
              { talks: [c], act: "team", team },
              team ? t`Given to the team ${team.name}.` : t`It has no team now.`,
            )
          }
        />
      )}
    </AsidePart>
  );
}

// GiveTeam chooses a team, or none.
export function GiveTeam({
  open,
  onOpenChange,
  programme,
  now,
  onGive,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  programme?: string | undefined; // of what is given; undefined where they differ
  now?: string | undefined;
  onGive: (team: { id: string; name: string } | undefined) => void;
}) {
  const teams = useTeams().data ?? [];
  return (
    <Finder
      open={open}
      onOpenChange={onOpenChange}
      title={t`Give to a team`}
      items={[
        ...teams
          .filter((x) => !x.programme || !programme || x.programme.id === programme)
          .map((x) => ({
            id: x.id,
            label: x.name,
            icon: <UsersRound className="i" aria-hidden />,
            help: x.members?.map((m) => m.name).join(", "),
            on: x.id === now,
          })),
        ...(now || !programme ? [{ id: "", label: t`No team` }] : []),
      ]}
      onChoose={(id) => onGive(teams.find((x) => x.id === id))}
      empty={<Trans>There are no teams yet. Managers make them under Settings, Teams.</Trans>}
    />
  );
}
