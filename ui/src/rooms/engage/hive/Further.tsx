import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Users } from "lucide-react";
import { useState } from "react";
import { Button, Checkbox, Dialog, Field, Input, Skeleton, Textarea, tell } from "../../../kit";
import { useSettled } from "../../../lib/debounce";
import { topicName } from "../../../lib/facet";
import { sentenceOf } from "../../../lib/problem";
import { useSession } from "../../../lib/session";
import { freshKey, type Mate, type Question, useHiveActs, useHiveMates } from "./data";

export function mateState(s: Mate["state"]): string {
  switch (s) {
    case "here":
      return t`here now`;
    case "available":
      return t`available`;
    case "busy":
      return t`busy`;
    case "quiet":
      return t`not at work now`;
    case "away":
      return t`on holiday`;
    case "off":
      return t`off`;
    default:
      return t`not here`;
  }
}

export const reachable = (s: Mate["state"]) =>
  s === "here" || s === "available" || s === "absent" || s === "busy";

// Further asks colleagues: some by name, or all who know a thing.
export function Further({ q, onClose }: { q: Question; onClose: () => void }) {
  const me = useSession()?.member?.id;
  const acts = useHiveActs(q.id);
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const [thing, setThing] = useState<string>();
  const [words, setWords] = useState("");
  const [key] = useState(freshKey);
  const mates = useHiveMates(q.programme.id, useSettled(search, 250));
  const list = (mates.data ?? []).filter((m) => m.id !== me);
  const about = q.about ?? [];
  const n = chosen.length;
  const send = () =>
    acts.further.mutate(
      { words: words.trim(), key, ...(thing ? { thing } : { members: chosen }) },
      {
        onSuccess: ({ asked }) => {
          const names = (asked ?? []).map((m) => m.name).join(", ");
          tell({ text: t`Asked: ${names}. It stays inside.` });
          onClose();
        },
        onError: (e) => tell({ text: sentenceOf(e), bad: true }),
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(o) => !o && onClose()}
      title={<Trans>Who knows?</Trans>}
      text={<Trans>Your question stays inside, as a note in the conversation.</Trans>}
      acts={
        <>
          <Button look="g" onClick={onClose}>
            <Trans>Not now</Trans>
          </Button>
          <Button
            look="nt"
            busy={acts.further.isPending}
            disabled={words.trim() === "" || (n === 0 && !thing)}
            onClick={send}
          >
            {thing ? (
              <Trans>Ask the group</Trans>
            ) : n > 1 ? (
              <Trans>Ask {n} colleagues</Trans>
            ) : (
              <Trans>Ask</Trans>
            )}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={<Trans>What do you want to know?</Trans>}>
          <Textarea
            value={words}
            maxLength={2000}
            onChange={(e) => setWords((e.target as unknown as HTMLTextAreaElement).value)}
          />
        </Field>
        {about.length > 0 && (
          <fieldset>
            <legend className="label mb-1.5">
              <Trans>All who know one thing and are there</Trans>
            </legend>
            <div className="flex flex-wrap gap-2">
              {about.map((a) => (
                <Button
                  key={a}
                  size="sm"
                  touch
                  look={thing === a ? "nt" : "o"}
                  aria-pressed={thing === a}
                  onClick={() => setThing(thing === a ? undefined : a)}
                >
                  <Users className="i s" aria-hidden />
                  {topicName(a)}
                </Button>
              ))}
            </div>
          </fieldset>
        )}
        {!thing && (
          <div>
            <Field label={<Trans>Or colleagues by name, or by what they know</Trans>}>
              <Input value={search} onChange={(e) => setSearch(e.target.value)} />
            </Field>
            <div className="mt-2 max-h-56 overflow-y-auto">
              {mates.data ? (
                <ul className="flex flex-col gap-2.5 py-1">
                  {list.slice(0, 40).map((m) => (
                    <li key={m.id}>
                      <Checkbox
                        checked={chosen.includes(m.id)}
                        disabled={!reachable(m.state)}
                        onChange={(on) =>
                          setChosen(on ? [...chosen, m.id] : chosen.filter((c) => c !== m.id))
                        }
                        label={
                          <span className="flex flex-wrap items-baseline gap-x-2">
                            <b className="font-medium">{m.name}</b>
                            <span className="text-xs text-ink-3">{mateState(m.state)}</span>
                          </span>
                        }
                        help={m.expertise?.slice(0, 4).join(", ")}
                      />
                    </li>
                  ))}
                  {list.length === 0 && (
                    <li className="text-ink-2">
                      <Trans>Nobody of that name may answer here.</Trans>
                    </li>
                  )}
                </ul>
              ) : (
                <Skeleton rows={3} avatar={false} />
              )}
            </div>
          </div>
        )}
      </div>
    </Dialog>
  );
}
