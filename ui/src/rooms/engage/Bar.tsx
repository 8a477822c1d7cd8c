import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import {
  Check,
  ChevronLeft,
  Clock,
  Download,
  Ellipsis,
  ExternalLink,
  Hand,
  MailOpen,
  Merge as Merging,
  RotateCcw,
  Split,
  Trash2,
  UserPlus,
} from "lucide-react";
import { useState } from "react";
import {
  AsideButton,
  Button,
  Chip,
  Menu,
  MenuItem,
  MenuLabel,
  MenuLine,
  Stack,
  tell,
  useAside,
  Waits,
} from "../../kit";
import { useCommands } from "../../lib/commands";
import { when } from "../../lib/format";
import { useMates } from "../../lib/live";
import { useMay, useSession } from "../../lib/session";
import { Assign } from "./Assign";
import { Delete } from "./Delete";
import { Due } from "./Due";
import { type TalkFull, useActs } from "./data";
import { AskHive } from "./hive/AskHive";
import { Merge } from "./Merge";
import { soon, topic } from "./words";

interface Props {
  talk: TalkFull;
  many: boolean;
  onLeave: () => void;
  onBack: (() => void) | undefined;
  onSplit: () => void; // begins to choose messages
}

// Bar is the head of a conversation: what it is about, who has it, and what one can do with it.
export function Bar({ talk: c, many, onLeave, onBack, onSplit }: Props) {
  const me = useSession()?.member;
  const may = useMay("inbox.work");
  const acts = useActs(c.id);
  const [assigning, setAssigning] = useState(false);
  const [more, setMore] = useState(false);
  const [merging, setMerging] = useState(false);
  const mayDelete = useMay("privacy.write");
  const [deleting, setDeleting] = useState(false);
  const others = useMates(c.id).filter((m) => m.id !== me?.id);
  const small = onBack !== undefined;
  const about = useAside();
  const done = c.state === "resolved";

  // The toast is told here and not by the mutation's own callbacks: by then another conversation has the floor.
  const leaving = async (act: Promise<unknown>, text: string) => {
    onLeave();
    try {
      await act;
    } catch {
      return; // the cache has told why
    }
    tell({ text, undo: () => acts.reopen.mutate() });
  };
  const resolve = () => {
    if (done) acts.reopen.mutate();
    else void leaving(acts.resolve.mutateAsync(), t`Resolved: ${c.author.name}.`);
  };
  const snooze = (until: Date) =>
    void leaving(acts.snooze.mutateAsync(until.toISOString()), t`Back ${when(until)}: ${c.author.name}.`);
  // It would be read again at once if it stayed open.
  const unread = () => {
    onLeave();
    acts.unread.mutate();
  };
  useCommands(
    t`Conversation`,
    [
      {
        id: "resolve",
        label: done ? t`Open again` : t`Resolve`,
        keys: "e",
        icon: <Check className="i" aria-hidden />,
        run: resolve,
      },
      {
        id: "assign",
        label: t`Assign to somebody`,
        keys: "a",
        icon: <UserPlus className="i" aria-hidden />,
        run: () => setAssigning(true),
      },
      {
        id: "claim",
        label: t`Take it myself`,
        keys: "i",
        icon: <Hand className="i" aria-hidden />,
        run: () => acts.claim.mutate(),
      },
      {
        id: "unread",
        label: t`Mark as unread`,
        keys: "u",
        icon: <MailOpen className="i" aria-hidden />,
        run: unread,
      },
      {
        id: "merge",
        label: t`Merge with another conversation`,
        icon: <Merging className="i" aria-hidden />,
        run: () => setMerging(true),
      },
      {
        id: "split",
        label: t`Split messages off into a conversation of their own`,
        icon: <Split className="i" aria-hidden />,
        run: onSplit,
      },
      {
        id: "snooze",
        label: t`Snooze until tomorrow`,
        keys: "z",
        icon: <Clock className="i" aria-hidden />,
        run: () => snooze(soon("tomorrow")),
      },
    ],
    may && !many,
  );
  useCommands(
    t`Conversation`,
    [
      {
        id: "delete",
        label: t`Delete the conversation`,
        keys: "#",
        icon: <Trash2 className="i" aria-hidden />,
        run: () => setDeleting(true),
      },
    ],
    mayDelete && !many && !c.goes_at && c.state !== "merged",
  );
  return (
    <header className="bar !gap-2 sm:!px-6">
      {onBack && (
        <Button look="g" square touch className="-ms-3" aria-label={t`Back to the list`} onClick={onBack}>
          <ChevronLeft className="i l rtl:-scale-x-100" aria-hidden />
        </Button>
      )}
      {small ? (
        <h1 className="min-w-0 flex-1 !tracking-normal">
          <button
            type="button"
            className="block min-h-11 w-full min-w-0 text-sm font-normal"
            onClick={about}
            aria-label={t`About ${c.author.name}`}
          >
            <span className="block truncate text-md font-strong">{c.author.name}</span>
            <span className="block truncate text-xs text-ink-3">
              {c.channel.name}
              {c.monitor && ` · ${c.monitor.name}`}
            </span>
          </button>
        </h1>
      ) : (
        <h2 className="min-w-0 flex-initial truncate text-md font-strong" title={c.subject || undefined}>
          {topic(c.subject) || c.author.name}
        </h2>
      )}
      {c.due ? <Due of={c.due} /> : c.turn === "ours" && c.waiting_since && <Waits since={c.waiting_since} />}
      {done && (
        <Chip tone="good" icon={<Check aria-hidden />}>
          <Trans>Resolved</Trans>
        </Chip>
      )}
      {c.state === "snoozed" && c.snoozed_until && (
        <Chip icon={<Clock aria-hidden />}>
          <Trans>until {when(c.snoozed_until)}</Trans>
        </Chip>
      )}
      <span className="ms-auto flex flex-none items-center gap-1.5 max-sm:-me-2">
        {others.length > 0 && (
          <span className="max-lg:hidden">
            <Stack names={others.map((m) => m.name)} us />
          </span>
        )}
        {may && <Assign talk={c} open={assigning} onOpen={setAssigning} sheet={small} />}
        <Menu
          align="end"
          open={more}
          onOpenChange={setMore}
          trigger={
            <Button look="g" size="sm" square touch aria-label={t`More`}>
              <Ellipsis className="i" aria-hidden />
            </Button>
          }
        >
          {may && (
            <MenuItem icon={<Hand className="i" aria-hidden />} keys="i" onSelect={() => acts.claim.mutate()}>
              <Trans>Take it myself</Trans>
            </MenuItem>
          )}
          {may && !done && <AskHive id={c.id} />}
          {may && small && (
            <MenuItem icon={<UserPlus className="i" aria-hidden />} onSelect={() => setAssigning(true)}>
              <Trans>Assign to somebody</Trans>
            </MenuItem>
          )}
          {may && onBack && (
            <MenuItem
              icon={done ? <RotateCcw className="i" aria-hidden /> : <Check className="i" aria-hidden />}
              onSelect={resolve}
            >
              {done ? <Trans>Open again</Trans> : <Trans>Resolve</Trans>}
            </MenuItem>
          )}
          {may && (
            <>
              <MenuLine />
              <MenuLabel>
                <Trans>Snooze</Trans>
              </MenuLabel>
            </>
          )}
          {may && (
            <MenuItem end={when(soon("later"))} onSelect={() => snooze(soon("later"))}>
              <Trans>Later today</Trans>
            </MenuItem>
          )}
          {may && (
            <MenuItem keys="z" onSelect={() => snooze(soon("tomorrow"))}>
              <Trans>Tomorrow morning</Trans>
            </MenuItem>
          )}
          {may && (
            <MenuItem onSelect={() => snooze(soon("monday"))}>
              <Trans>Monday morning</Trans>
            </MenuItem>
          )}
          {may && (
            <MenuItem onSelect={() => snooze(soon("week"))}>
              <Trans>In a week</Trans>
            </MenuItem>
          )}
          {may && (
            <>
              <MenuLine />
              <MenuItem icon={<MailOpen className="i" aria-hidden />} keys="u" onSelect={unread}>
                <Trans>Mark as unread</Trans>
              </MenuItem>
              <MenuItem icon={<Merging className="i" aria-hidden />} onSelect={() => setMerging(true)}>
                <Trans>Merge with another</Trans>
              </MenuItem>
              <MenuItem
                icon={<Split className="i" aria-hidden />}
                {...(c.messages < 2 ? { disabled: true } : {})}
                onSelect={onSplit}
              >
                <Trans>Split messages off</Trans>
              </MenuItem>
              <MenuLine />
            </>
          )}
          <MenuItem
            icon={<Download className="i" aria-hidden />}
            link={
              <a href={`/api/conversations/${c.id}/transcript`} download>
                {null}
              </a>
            }
          >
            <Trans>Download the transcript</Trans>
          </MenuItem>
          {mayDelete && !c.goes_at && c.state !== "merged" && (
            <MenuItem
              danger
              icon={<Trash2 className="i" aria-hidden />}
              keys="#"
              onSelect={() => setDeleting(true)}
            >
              <Trans>Delete the conversation</Trans>
            </MenuItem>
          )}
          {c.url && (
            <>
              <MenuLine />
              <MenuItem
                icon={<ExternalLink className="i" aria-hidden />}
                link={
                  <a href={c.url} target="_blank" rel="noopener noreferrer">
                    {null}
                  </a>
                }
              >
                <Trans>See it on {c.channel.name}</Trans>
              </MenuItem>
            </>
          )}
        </Menu>
        <Merge talk={c} open={merging} onOpenChange={setMerging} />
        {mayDelete && <Delete talks={[c]} open={deleting} onOpenChange={setDeleting} />}
        {!small && <AsideButton />}
        {may && !onBack && (
          <Button size="sm" onClick={resolve} busy={acts.resolve.isPending || acts.reopen.isPending}>
            {done ? <RotateCcw className="i s" aria-hidden /> : <Check className="i s" aria-hidden />}
            {done ? <Trans>Open again</Trans> : <Trans>Resolve</Trans>}
          </Button>
        )}
      </span>
    </header>
  );
}
