import { Plural, Trans } from "@lingui/react/macro";
import { Split } from "lucide-react";
import { useEffect } from "react";
import { Button } from "../../kit";
import type { Message, TalkFull } from "./data";
import { useMerges } from "./merges";

interface Props {
  talk: TalkFull;
  chosen: ReadonlySet<string>;
  messages: readonly Message[];
  onDone: (made?: string) => void;
}

// SplitBar stands in place of the composer while messages are chosen that are to have a
// conversation of their own.
export function SplitBar({ talk, chosen, messages, onDone }: Props) {
  const { split } = useMerges();
  const theirs = messages.filter((m) => m.kind === "theirs" && !m.deleted_at);
  const first = theirs.filter((m) => chosen.has(m.id)).at(-1);
  const rest = theirs.some((m) => !chosen.has(m.id));
  const why = !first ? (
    <Trans>Choose what belongs together, at least one message of theirs.</Trans>
  ) : !rest ? (
    <Trans>One message of theirs must stay here.</Trans>
  ) : undefined;
  useEffect(() => {
    const key = (e: KeyboardEvent) => e.key === "Escape" && onDone();
    window.addEventListener("keydown", key);
    return () => window.removeEventListener("keydown", key);
  }, [onDone]);
  return (
    <section className="border-t border-line bg-paper px-4 py-3 sm:px-6">
      <p aria-live="polite" className="text-ink-2">
        {why ?? (
          <Trans>
            <Plural value={chosen.size} one="# message goes" other="# messages go" /> into a conversation with{" "}
            {first?.author.name}. What answers them on the network goes with them.
          </Trans>
        )}
      </p>
      <div className="touch mt-2 flex flex-wrap justify-end gap-2">
        <Button look="g" onClick={() => onDone()}>
          <Trans>Not now</Trans>
        </Button>
        <Button
          look="p"
          disabled={why !== undefined}
          busy={split.isPending}
          onClick={() =>
            split.mutate({ id: talk.id, messages: [...chosen] }, { onSuccess: (o) => onDone(o.conversation) })
          }
        >
          <Split className="i s" aria-hidden />
          <Trans>Split off</Trans>
        </Button>
      </div>
    </section>
  );
}
