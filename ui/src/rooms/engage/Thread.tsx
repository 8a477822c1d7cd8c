import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Button, Failed, Happened, Pick, Skeleton, States } from "../../kit";
import { Problem } from "../../lib/problem";
import { Bar } from "./Bar";
import { type TalkFull, useActs, useMessages } from "./data";
import { Leaving } from "./Leaving";
import { One } from "./One";
import { Reply } from "./Reply";
import { SplitBar } from "./SplitBar";
import { useViewing } from "./viewing";

interface Props {
  id: string;
  talk: UseQueryResult<TalkFull>;
  many: boolean; // several are chosen in the list: the keys are for them
  onLeave: () => void;
  onBack: (() => void) | undefined;
  onOpen: (id: string, replace?: boolean) => void; // another conversation
}

const toggled = (ids: ReadonlySet<string>, id: string) => {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
};

// Thread is one conversation: what was said by both sides, and the answer being written.
export function Thread({ id, talk, many, onLeave, onBack, onOpen }: Props) {
  const messages = useMessages(id);
  const { read } = useActs(id);
  const unread = talk.data?.unread ?? false;
  const mark = read.mutate;
  useEffect(() => {
    if (unread) mark();
  }, [unread, mark]);
  const [typing, setTyping] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(); // messages to split off, while one chooses
  // Whoever comes to one that was merged goes on where its words stand.
  const into = talk.data?.merged_into;
  useEffect(() => {
    if (into) onOpen(into, true);
  }, [into, onOpen]);
  useViewing(id, typing);
  // What was deleted is not shown on out of what was read before.
  const gone = talk.error instanceof Problem && talk.error.status === 404;
  if (talk.error && (gone || !talk.data))
    return (
      <div className="p-6">
        <Failed error={talk.error} onRetry={gone ? undefined : () => void talk.refetch()} />
      </div>
    );
  const c = talk.data;
  const theirs = messages.data?.find((m) => m.kind === "theirs")?.visibility;
  const last = theirs === "public" || theirs === "direct" ? theirs : undefined;
  return (
    <section
      data-whole={onBack ? "" : undefined}
      className="flex min-h-0 min-w-0 flex-col"
      aria-label={t`Conversation`}
    >
      {c ? (
        <Bar talk={c} many={many} onLeave={onLeave} onBack={onBack} onSplit={() => setChosen(new Set())} />
      ) : (
        <div className="bar" />
      )}
      <States
        of={messages}
        skeleton={
          <div className="flex-1">
            <Skeleton rows={4} />
          </div>
        }
        pad
      >
        {(list) => (
          <div className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain">
            <div
              className="mt-auto flex flex-col gap-3.5 px-4 py-3.5 sm:px-6"
              role="log"
              aria-label={t`Messages`}
            >
              {messages.hasMore && (
                <div className="ev">
                  <Button look="g" size="sm" busy={messages.loadingMore} onClick={messages.more}>
                    <Trans>Earlier messages</Trans>
                  </Button>
                </div>
              )}
              {!messages.hasMore && c && (
                <Happened at={c.began_at}>
                  {c.monitor ? (
                    <Trans>found by the monitor “{c.monitor.name}”</Trans>
                  ) : c.visibility === "direct" ? (
                    <Trans>began in private</Trans>
                  ) : (
                    <Trans>began in the open</Trans>
                  )}
                </Happened>
              )}
              {[...list].reverse().map((m) => (
                <One
                  key={m.id}
                  m={m}
                  talk={c}
                  pick={
                    chosen &&
                    m.kind !== "event" && (
                      <Pick
                        label={t`Choose what ${m.author.name} said`}
                        checked={chosen.has(m.id)}
                        onPick={() => setChosen(toggled(chosen, m.id))}
                      />
                    )
                  }
                />
              ))}
            </div>
          </div>
        )}
      </States>
      {c && chosen ? (
        <SplitBar
          talk={c}
          chosen={chosen}
          messages={messages.data ?? []}
          onDone={(made) => {
            setChosen(undefined);
            if (made) onOpen(made);
          }}
        />
      ) : (
        c &&
        (c.goes_at ? (
          <Leaving talk={{ ...c, goes_at: c.goes_at }} />
        ) : (
          c.state !== "merged" && <Reply talk={c} messages={messages.data} last={last} onTyping={setTyping} />
        ))
      )}
    </section>
  );
}
