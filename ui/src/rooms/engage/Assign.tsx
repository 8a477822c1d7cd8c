import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { CircleUser } from "lucide-react";
import { Avatar, Button, Menu, MenuItem, MenuLabel, MenuLine, Sheet } from "../../kit";
import { useSession } from "../../lib/session";
import { type TalkFull, useActs, useColleagues } from "./data";

interface Props {
  talk: TalkFull;
  open: boolean;
  onOpen: (open: boolean) => void;
  sheet: boolean; // on a phone the colleagues stand in a sheet
}

// Assign gives a conversation to a colleague, or to nobody.
export function Assign({ talk: c, open, onOpen, sheet }: Props) {
  const me = useSession()?.member;
  const acts = useActs(c.id);
  const mates = useColleagues().data ?? [];
  const give = (id: string | undefined) => {
    acts.assign.mutate(id);
    onOpen(false);
  };
  if (sheet)
    return (
      <Sheet open={open} onOpenChange={onOpen} title={t`Assign to`}>
        <div className="px-3 pb-6">
          {mates.map((m) => (
            <button key={m.id} type="button" className="it !min-h-12" onClick={() => give(m.id)}>
              <Avatar name={m.name} size="sm" us />
              <span className="flex-1 text-start">{m.name}</span>
              {m.id === c.assignee?.id && (
                <span className="text-xs text-ink-3">
                  <Trans>has it now</Trans>
                </span>
              )}
            </button>
          ))}
          {c.assignee && (
            <button type="button" className="it !min-h-12" onClick={() => give(undefined)}>
              <Trans>Nobody</Trans>
            </button>
          )}
        </div>
      </Sheet>
    );
  const name = c.assignee ? (
    c.assignee.id === me?.id ? (
      <Trans>Yours</Trans>
    ) : (
      c.assignee.name
    )
  ) : (
    <Trans>Assign</Trans>
  );
  return (
    <Menu
      align="end"
      open={open}
      onOpenChange={onOpen}
      trigger={
        <Button
          look="g"
          size="sm"
          title={c.assignee ? t`Assigned to ${c.assignee.name}` : t`Assign`}
          aria-label={c.assignee ? t`Assigned to ${c.assignee.name}` : t`Assign`}
        >
          {c.assignee ? (
            <Avatar name={c.assignee.name} size="xs" us />
          ) : (
            <CircleUser className="i s" aria-hidden />
          )}
          <span className={c.assignee ? "sr-only" : "max-w-24 truncate max-lg:sr-only"}>{name}</span>
        </Button>
      }
    >
      <MenuLabel>
        <Trans>Assign to</Trans>
      </MenuLabel>
      {mates.map((m) => (
        <MenuItem
          key={m.id}
          icon={<Avatar name={m.name} size="xs" us />}
          chosen={m.id === c.assignee?.id}
          end={m.id === me?.id ? t`you` : undefined}
          onSelect={() => give(m.id)}
        >
          {m.name}
        </MenuItem>
      ))}
      {c.assignee && (
        <>
          <MenuLine />
          <MenuItem onSelect={() => give(undefined)}>
            <Trans>Nobody</Trans>
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
