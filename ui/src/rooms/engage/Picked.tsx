import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { AlarmClock, Check, UserPlus, X } from "lucide-react";
import { useState } from "react";
import { Avatar, Button, Menu, MenuItem, MenuLine, Pick, tell } from "../../kit";
import { useCommands } from "../../lib/commands";
import { count, when } from "../../lib/format";
import { type Bulk, type Talk, useBulk, useColleagues } from "./data";
import type { Picking } from "./picking";
import { soon } from "./words";

interface Props {
  rows: readonly Talk[];
  picking: Picking;
  onGone: (ids: ReadonlySet<string>) => void; // before they leave the list
}

// Picked is the head of the list while conversations are chosen: one act for all of
// them, and ten seconds to take it back.
export function Picked({ rows, picking, onGone }: Props) {
  const bulk = useBulk();
  const mates = useColleagues().data ?? [];
  const [open, setOpen] = useState<"assign" | "snooze">();
  const n = picking.ids.size;
  const chosen = rows.filter((r) => picking.ids.has(r.id));
  const act = async (what: Omit<Bulk, "talks">, text: string) => {
    setOpen(undefined);
    if (what.act !== "assign") onGone(picking.ids);
    const done = { ...what, talks: chosen };
    try {
      await bulk.act.mutateAsync(done);
    } catch {
      return; // the cache has told why
    }
    picking.clear();
    tell({ text, undo: () => bulk.undo.mutate(done) });
  };
  const resolve = () =>
    void act(
      { act: "resolve" },
      plural(n, { one: "Resolved # conversation.", other: "Resolved # conversations." }),
    );
  const snooze = (until: Date) => {
    const back = when(until);
    void act(
      { act: "snooze", until: until.toISOString() },
      plural(n, { one: `# conversation is back ${back}.`, other: `# conversations are back ${back}.` }),
    );
  };
  const give = (member: string | undefined, name: string) =>
    void act(
      { act: "assign", member },
      plural(n, { one: `# conversation for ${name}.`, other: `# conversations for ${name}.` }),
    );
  useCommands(
    t`Chosen conversations`,
    [
      { id: "picked-resolve", label: t`Resolve the chosen ones`, keys: "e", run: resolve },
      { id: "picked-assign", label: t`Assign the chosen ones`, keys: "a", run: () => setOpen("assign") },
      { id: "picked-snooze", label: t`Snooze the chosen ones`, keys: "z", run: () => setOpen("snooze") },
      { id: "picked-clear", label: t`Choose none`, keys: "Escape", run: picking.clear },
    ],
    n > 0,
  );
  const none = n === 0;
  return (
    <>
      <Pick
        label={t`Choose all`}
        checked={n > 0 && n === rows.length ? true : none ? false : "mixed"}
        onPick={() => (none ? picking.all(rows) : picking.all([]))}
        className="-ms-2 !size-8"
      />
      <h1 className="!text-md truncate">
        <span role="status">{none ? <Trans>Choose</Trans> : <Trans>{count(n)} chosen</Trans>}</span>
      </h1>
      <span className="ms-auto flex flex-none items-center gap-0.5">
        <Button size="sm" touch disabled={none} busy={bulk.act.isPending} onClick={resolve}>
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
            <MenuItem
              key={m.id}
              icon={<Avatar name={m.name} size="xs" us />}
              onSelect={() => give(m.id, m.name)}
            >
              {m.name}
            </MenuItem>
          ))}
          <MenuLine />
          <MenuItem onSelect={() => give(undefined, t`nobody`)}>
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
    </>
  );
}
