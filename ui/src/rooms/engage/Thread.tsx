import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Button, Failed, Skeleton, States } from "../../kit";
import { Bar } from "./Bar";
import { type TalkFull, useActs, useMessages } from "./data";
import { One } from "./One";
import { Reply } from "./Reply";
import { useViewing } from "./viewing";

interface Props {
  id: string;
  talk: UseQueryResult<TalkFull>;
  onLeave: () => void;
  onBack: (() => void) | undefined;
}

// Thread is one conversation: what was said by both sides, and the answer being written.
export function Thread({ id, talk, onLeave, onBack }: Props) {
  const messages = useMessages(id);
  const { read } = useActs(id);
  const unread = talk.data?.unread ?? false;
  const mark = read.mutate;
  useEffect(() => {
    if (unread) mark();
  }, [unread, mark]);
  const [typing, setTyping] = useState(false);
  useViewing(id, typing);
  if (talk.error && !talk.data)
    return (
      <div className="p-6">
        <Failed error={talk.error} onRetry={() => void talk.refetch()} />
      </div>
    );
  const c = talk.data;
  return (
    <section
      data-whole={onBack ? "" : undefined}
      className="flex min-h-0 min-w-0 flex-col"
      aria-label={t`Conversation`}
    >
      {c ? <Bar talk={c} onLeave={onLeave} onBack={onBack} /> : <div className="bar" />}
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
              {[...list].reverse().map((m) => (
                <One key={m.id} m={m} talk={c} />
              ))}
            </div>
          </div>
        )}
      </States>
      {c && <Reply talk={c} onTyping={setTyping} />}
    </section>
  );
}
