import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { CircleAlert, Zap } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, Dialog, DialogClose, Finder, tell } from "../../kit";
import { useCommands } from "../../lib/commands";
import { sentenceOf } from "../../lib/problem";
import { useTags } from "../../lib/tags";
import { type TalkFull, useColleagues } from "./data";
import { useDeed, useTeams } from "./desk";
import { type Foreseen, useForeseen, useMacros, useUseMacro } from "./macros";
import { priorityName } from "./priority";

interface Props {
  talk: TalkFull;
  finding: boolean;
  onFinding: (on: boolean) => void;
  onWords: (text: string) => void; // the words for a reply; nobody has sent them
}

// UseMacro finds a macro, shows what it would do, and does it when told to.
export function UseMacro({ talk: c, finding, onFinding, onWords }: Props) {
  const macros = useMacros().data ?? [];
  const [chosen, setChosen] = useState<string>();
  const macro = macros.find((m) => m.id === chosen);
  const seen = useForeseen(c.id, chosen);
  const use = useUseMacro(c.id);
  const deed = useDeed();
  useCommands(t`Macros`, [
    {
      id: "macro",
      label: t`Use a macro`,
      keys: "m",
      icon: <Zap className="i" aria-hidden />,
      run: () => onFinding(true),
    },
    ...macros.map((m) => ({
      id: `macro-${m.id}`,
      label: t`Macro: ${m.name}`,
      icon: <Zap className="i" aria-hidden />,
      run: () => setChosen(m.id),
    })),
  ]);
  // Enter does it, as soon as it is known what that is.
  const doIt = useRef<HTMLButtonElement>(null);
  const ready = Boolean(seen.data);
  useEffect(() => {
    if (ready) doIt.current?.focus();
  }, [ready]);
  const stops = (seen.data?.steps ?? []).some((s) => s.why);
  const name = macro?.name ?? "";
  const run = () =>
    macro &&
    use.mutate(macro.id, {
      onSuccess: (o) => {
        setChosen(undefined);
        const text = o.text;
        if (text) onWords(text);
        const undo = o.undo;
        tell({
          text: text ? t`“${name}” is done; its words stand in the reply.` : t`“${name}” is done.`,
          ...(undo ? { undo: () => deed.undo.mutate(undo) } : {}),
        });
      },
    });
  return (
    <>
      <Finder
        open={finding}
        onOpenChange={onFinding}
        title={t`Use a macro`}
        items={macros.map((m) => ({
          id: m.id,
          label: m.name,
          icon: <Zap className="i" aria-hidden />,
          help: m.text || m.note,
        }))}
        onChoose={setChosen}
        empty={<Trans>There are no macros yet. Make one under Settings, Macros.</Trans>}
      />
      <Dialog
        open={chosen !== undefined}
        onOpenChange={(o) => !o && setChosen(undefined)}
        title={name}
        acts={
          <>
            <DialogClose
              render={
                <Button look="g">
                  <Trans>Not now</Trans>
                </Button>
              }
            />
            <Button look="p" busy={use.isPending} disabled={!seen.data || stops} onClick={run} ref={doIt}>
              <Trans>Do it</Trans>
            </Button>
          </>
        }
      >
        {seen.error ? (
          <p className="text-alarm">{sentenceOf(seen.error)}</p>
        ) : (
          seen.data && <What of={seen.data} />
        )}
      </Dialog>
    </>
  );
}

function What({ of: f }: { of: Foreseen }) {
  const say = useSentence();
  return (
    <div className="flex flex-col gap-3">
      {f.text && (
        <div>
          <p className="label">
            <Trans>Into the reply, for you to send</Trans>
          </p>
          <p className="words mt-1 max-h-40 overflow-y-auto rounded-md border border-line bg-sunken px-3 py-2">
            {f.text}
          </p>
        </div>
      )}
      {f.note && (
        <div>
          <p className="label">
            <Trans>As a note among us</Trans>
          </p>
          <p className="words mt-1 rounded-md border border-note-line bg-note-wash px-3 py-2">{f.note}</p>
        </div>
      )}
      {(f.steps ?? []).length > 0 && (
        <ul className="flex flex-col gap-1.5">
          {(f.steps ?? []).map((s) => (
            <li key={JSON.stringify(s)} className="flex flex-col">
              <span>{say(s)}</span>
              {s.why && (
                <span className="flex items-center gap-1.5 text-alarm" role="alert">
                  <CircleAlert className="i s" aria-hidden />
                  {s.why}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

type Step = NonNullable<Foreseen["steps"]>[number];

// useSentence puts one act of a macro into words.
function useSentence(): (s: Step) => string {
  const tags = useTags().data ?? [];
  const teams = useTeams().data ?? [];
  const mates = useColleagues().data ?? [];
  return (s) => {
    const names = tags
      .filter((x) => s.tags?.includes(x.id))
      .map((x) => x.name)
      .join(", ");
    switch (s.act) {
      case "resolve":
        return t`Resolve it`;
      case "reopen":
        return t`Open it again`;
      case "snooze":
        return t`Snooze it for ${s.after ?? 0} hours`;
      case "assign": {
        const who = mates.find((m) => m.id === s.member)?.name ?? t`nobody`;
        return t`Give it to ${who}`;
      }
      case "team": {
        const team = teams.find((x) => x.id === s.team)?.name ?? t`no team`;
        return t`Give it to the team: ${team}`;
      }
      case "priority":
        return t`Priority: ${priorityName(s.priority ?? "normal")}`;
      case "tag":
        return t`Put on: ${names}`;
      case "untag":
        return t`Take off: ${names}`;
      default:
        return t`Move it to another programme`;
    }
  };
}
