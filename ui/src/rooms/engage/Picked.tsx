import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import {
  AlarmClock,
  Check,
  Ellipsis,
  Merge as Merging,
  RotateCcw,
  Tag,
  Trash2,
  UserPlus,
  UsersRound,
  Waypoints,
  X,
} from "lucide-react";
import { useState } from "react";
import { Avatar, Button, Menu, MenuItem, MenuLabel, MenuLine, Pick } from "../../kit";
import { useCommands } from "../../lib/commands";
import { count, when } from "../../lib/format";
import { useMay, useSession } from "../../lib/session";
import { Delete } from "./Delete";
import { type Talk, useColleagues } from "./data";
import { type Deed, doDeed, useDeed } from "./desk";
import { mostMerged, useMerges } from "./merges";
import type { Picking } from "./picking";
import { mostPicked } from "./picking";
import { PrioritySign, priorities, priorityName } from "./priority";
import { Tagging } from "./Tagging";
import { GiveTeam } from "./Work";
import { soon } from "./words";

interface Props {
  rows: readonly Talk[];
  picking: Picking;
  hasMore: boolean;
  onAll: () => void;
  onGone: (ids: ReadonlySet<string>) => void; // before they leave the list
}

// Picked is the head of the list while conversations are chosen: one act for all of
// them, and ten seconds to take it back.
export function Picked({ rows, picking, hasMore, onAll, onGone }: Props) {
  const deed = useDeed();
  const merges = useMerges();
  const mates = useColleagues().data ?? [];
  const programmes = useSession()?.member?.programmes ?? [];
  const [open, setOpen] = useState<"assign" | "snooze" | "tag" | "team" | "more" | "delete">();
  const mayDelete = useMay("privacy.write");
  const n = picking.ids.size;
  const chosen = rows.filter((r) => picking.ids.has(r.id));
  const act = async (what: Omit<Deed, "talks">, text: string) => {
    setOpen(undefined);
    if (what.act === "resolve" || what.act === "snooze") onGone(picking.ids);
    const done = await doDeed(deed, { ...what, talks: chosen }, text);
    if (done && what.act !== "priority" && what.act !== "team") picking.clear();
  };
  const resolve = () =>
    void act(
      { act: "resolve" },
      plural(n, { one: "Resolved # conversation.", other: "Resolved # conversations." }),
    );
  const reopen = () =>
    void act(
      { act: "reopen" },
      plural(n, { one: "# conversation is open again.", other: "# conversations are open again." }),
    );
  const snooze = (until: Date) => {
    const back = when(until);
    void act(
      { act: "snooze", until: until.toISOString() },
      plural(n, { one: `# conversation is back ${back}.`, other: `# conversations are back ${back}.` }),
    );
  };
  const give = (member: { id: string; name: string } | undefined) => {
    const name = member?.name ?? t`nobody`;
    void act(
      { act: "assign", member },
      plural(n, { one: `# conversation for ${name}.`, other: `# conversations for ${name}.` }),
    );
  };
  const team = (to: { id: string; name: string } | undefined) => {
    const name = to?.name ?? t`no team`;
    void act(
      { act: "team", team: to },
      plural(n, { one: `# conversation for ${name}.`, other: `# conversations for ${name}.` }),
    );
  };
  // The one that began first takes in the others.
  const merge = () => {
    const [into, ...others] = [...chosen].sort((a, b) => a.began_at.localeCompare(b.began_at));
    if (!into || others.length === 0) return;
    setOpen(undefined);
    onGone(new Set(others.map((x) => x.id)));
    merges.merge.mutate({ into: into.id, others: others.map((x) => x.id) }, { onSuccess: picking.clear });
  };
  useCommands(
    t`Chosen conversations`,
    [
      { id: "picked-resolve", label: t`Resolve the chosen ones`, keys: "e", run: resolve },
      { id: "picked-assign", label: t`Assign the chosen ones`, keys: "a", run: () => setOpen("assign") },
      { id: "picked-tag", label: t`Tag the chosen ones`, keys: "t", run: () => setOpen("tag") },
      { id: "picked-team", label: t`Give the chosen ones to a team`, keys: "g", run: () => setOpen("team") },
      { id: "picked-snooze", label: t`Snooze the chosen ones`, keys: "z", run: () => setOpen("snooze") },
      { id: "picked-all", label: t`Choose all of this list`, run: onAll },
      { id: "picked-clear", label: t`Choose none`, keys: "Escape", run: picking.clear },
    ],
    n > 0,
  );
  useCommands(
    t`Chosen conversations`,
    [{ id: "picked-delete", label: t`Delete the chosen ones`, keys: "#", run: () => setOpen("delete") }],
    n > 0 && mayDelete,
  );
  const none = n === 0;
  return (
    <>
      <Pick
        label={t`Choose all`}
        checked={n > 0 && n === rows.length ? true : none ? false : "mixed"}
        onPick={() => (none ? onAll() : picking.all([]))}
        className="-ms-2 !size-8"
      />
      <h1 className="!text-md truncate">
        <span role="status" title={n === mostPicked ? t`The most at once` : undefined}>
          {none ? (
            <Trans>Choose</Trans>
          ) : n === mostPicked && hasMore ? (
            <Trans>First {count(n)} chosen</Trans>
          ) : (
            <Trans>{count(n)} chosen</Trans>
          )}
        </span>
      </h1>
      <span className="ms-auto flex flex-none items-center gap-0.5">
        <Button size="sm" touch disabled={none} busy={deed.act.isPending} onClick={resolve}>
          <Check className="i s" aria-hidden />
          <Trans>Resolve</Trans>
        </Button>
        <Menu
          align="end"
          open={open === "assign"}
          onOpenChange={(o) => setOpen(o ? "assign" : undefined)}
          trigger={
            <Button look="g" size="sm" square touch disabled={none} aria-label={t`Assign`} title={t`Assign`}>
              <UserPlus className="i" aria-hidden />
            </Button>
          }
        >
          {mates.map((m) => (
            <MenuItem key={m.id} icon={<Avatar name={m.name} size="xs" us />} onSelect={() => give(m)}>
              {m.name}
            </MenuItem>
          ))}
          <MenuLine />
          <MenuItem onSelect={() => give(undefined)}>
            <Trans>Nobody</Trans>
          </MenuItem>
        </Menu>
        <Menu
          align="end"
          open={open === "snooze"}
          onOpenChange={(o) => setOpen(o ? "snooze" : undefined)}
          trigger={
            <Button look="g" size="sm" square touch disabled={none} aria-label={t`Snooze`} title={t`Snooze`}>
              <AlarmClock className="i" aria-hidden />
            </Button>
          }
        >
          <MenuItem end={when(soon("later"))} onSelect={() => snooze(soon("later"))}>
            <Trans>Later today</Trans>
          </MenuItem>
          <MenuItem onSelect={() => snooze(soon("tomorrow"))}>
            <Trans>Tomorrow morning</Trans>
          </MenuItem>
          <MenuItem onSelect={() => snooze(soon("monday"))}>
            <Trans>Monday morning</Trans>
          </MenuItem>
          <MenuItem onSelect={() => snooze(soon("week"))}>
            <Trans>In a week</Trans>
          </MenuItem>
        </Menu>
        <Menu
          align="end"
          open={open === "more"}
          onOpenChange={(o) => setOpen(o ? "more" : undefined)}
          trigger={
            <Button look="g" size="sm" square touch disabled={none} aria-label={t`More`} title={t`More`}>
              <Ellipsis className="i" aria-hidden />
            </Button>
          }
        >
          <MenuItem icon={<Tag className="i" aria-hidden />} keys="t" onSelect={() => setOpen("tag")}>
            <Trans>Tags</Trans>
          </MenuItem>
          <MenuItem icon={<UsersRound className="i" aria-hidden />} keys="g" onSelect={() => setOpen("team")}>
            <Trans>Give to a team</Trans>
          </MenuItem>
          <MenuItem icon={<RotateCcw className="i" aria-hidden />} onSelect={reopen}>
            <Trans>Open again</Trans>
          </MenuItem>
          <MenuItem
            icon={<Merging className="i" aria-hidden />}
            {...(n < 2 || n > mostMerged + 1 ? { disabled: true } : {})}
            onSelect={merge}
          >
            <Trans>Merge into one</Trans>
          </MenuItem>
          {mayDelete && (
            <MenuItem
              danger
              icon={<Trash2 className="i" aria-hidden />}
              keys="#"
              onSelect={() => setOpen("delete")}
            >
              <Trans>Delete</Trans>
            </MenuItem>
          )}
          <MenuLine />
          <MenuLabel>
            <Trans>Priority</Trans>
          </MenuLabel>
          {priorities.map((p) => (
            <MenuItem
              key={p}
              icon={<PrioritySign of={p} />}
              onSelect={() =>
                void act(
                  { act: "priority", priority: p },
                  t`Priority of the chosen ones: ${priorityName(p)}.`,
                )
              }
            >
              {priorityName(p)}
            </MenuItem>
          ))}
          {programmes.length > 1 && (
            <>
              <MenuLine />
              <MenuLabel>
                <Trans>Move to</Trans>
              </MenuLabel>
              {programmes.map((p) => (
                <MenuItem
                  key={p.id}
                  icon={<Waypoints className="i" aria-hidden />}
                  onSelect={() => void act({ act: "move", programme: p }, t`Moved to ${p.name}.`)}
                >
                  {p.name}
                </MenuItem>
              ))}
            </>
          )}
        </Menu>
        <Button
          look="g"
          size="sm"
          square
          touch
          aria-label={t`Choose none`}
          title={t`Choose none`}
          onClick={picking.clear}
        >
          <X className="i" aria-hidden />
        </Button>
      </span>
      <Tagging talks={chosen} open={open === "tag"} onOpenChange={(o) => setOpen(o ? "tag" : undefined)} />
      {mayDelete && (
        <Delete
          talks={chosen}
          open={open === "delete"}
          onOpenChange={(o) => setOpen(o ? "delete" : undefined)}
          onDone={picking.clear}
        />
      )}
      <GiveTeam open={open === "team"} onOpenChange={(o) => setOpen(o ? "team" : undefined)} onGive={team} />
    </>
  );
}
