import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ArrowLeft, HandHelping, Hourglass, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Button, Failed, Happened, Menu, MenuItem, Skeleton, States, tell } from "../../../kit";
import { clock } from "../../../lib/format";
import { medium, useMedia } from "../../../lib/media";
import { sentenceOf } from "../../../lib/problem";
import { useMessages, useTalk } from "../data";
import { One } from "../One";
import { Reply } from "../Reply";
import { useViewing } from "../viewing";
import { type Question, useHiveActs } from "./data";
import { Further } from "./Further";
import { KnownBar } from "./Known";
import { Ring } from "./Ring";

// Answer is a question that one has taken: what was said, and the reply. The
// same composer as in the inbox: who will see it and what the network allows.
export function Answer({ q, onBack }: { q: Question; onBack: (() => void) | undefined }) {
  const talk = useTalk(q.id);
  const messages = useMessages(q.id);
  const acts = useHiveActs(q.id);
  const [typing, setTyping] = useState(false);
  const [further, setFurther] = useState(false);
  const tight = useMedia(medium);
  useViewing(q.id, typing);
  const c = talk.data;
  const theirs = messages.data?.find((m) => m.kind === "theirs")?.visibility;
  const last = theirs === "public" || theirs === "direct" ? theirs : undefined;
  const until = q.claim_until ? clock(q.claim_until) : "";
  return (
    <section
      className="flex min-h-0 min-w-0 flex-1 flex-col"
      aria-label={t`Your answer`}
      data-whole={onBack ? "" : undefined}
    >
      <header className="bar">
        {onBack && (
          <Button
            look="g"
            square
            touch
            className="-ms-2"
            aria-label={t`Back to the questions`}
            onClick={onBack}
          >
            <ArrowLeft className="i rtl:-scale-x-100" aria-hidden />
          </Button>
        )}
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-lg font-strong">{q.author.name}</h2>
          <p className="truncate text-xs text-ink-3">
            <Trans>yours to answer</Trans> · {q.channel.name}
          </p>
        </div>
        {q.claimed_at && q.claim_until && (
          <Ring
            from={q.claimed_at}
            to={q.claim_until}
            label={t`Yours until ${until}, and longer while you write`}
          />
        )}
        <Menu
          align="end"
          trigger={
            <Button look="g" touch>
              <Trans>More</Trans>
            </Button>
          }
        >
          <MenuItem icon={<HandHelping className="i" aria-hidden />} onSelect={() => setFurther(true)}>
            <Trans>Who knows?</Trans>
          </MenuItem>
          <MenuItem
            icon={<RotateCcw className="i" aria-hidden />}
            onSelect={() =>
              acts.release.mutate(undefined, {
                onSuccess: () => {
                  tell({ text: t`Given back. Others are asked now.` });
                  onBack?.();
                },
                onError: (e) => tell({ text: sentenceOf(e), bad: true }),
              })
            }
          >
            <Trans>Give it back</Trans>
          </MenuItem>
        </Menu>
      </header>
      {q.warned && (
        <p
          className="flex items-center gap-2 border-b border-line bg-wait-wash px-5 py-2 text-wait"
          role="status"
        >
          <Hourglass className="i flex-none" aria-hidden />
          <Trans>Still there? It is asked on at {until}, unless you write.</Trans>
        </p>
      )}
      {talk.error && !c ? (
        <div className="p-6">
          <Failed error={talk.error} onRetry={() => void talk.refetch()} />
        </div>
      ) : (
        <States
          of={messages}
          pad
          skeleton={
            <div className="flex-1">
              <Skeleton rows={3} />
            </div>
          }
        >
          {(list) => (
            <div className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain">
              <div
                className="mt-auto flex flex-col gap-3.5 px-4 py-3.5 sm:px-6"
                role="log"
                aria-label={t`Messages`}
              >
                {c && !messages.hasMore && (
                  <Happened at={c.began_at}>
                    {c.visibility === "direct" ? (
                      <Trans>began in private</Trans>
                    ) : (
                      <Trans>began in the open</Trans>
                    )}
                  </Happened>
                )}
                {[...list].reverse().map((m) => (
                  <One key={m.id} m={m} talk={c} />
                ))}
              </div>
            </div>
          )}
        </States>
      )}
      {c && tight && <KnownBar talk={c} />}
      {c && <Reply talk={c} messages={messages.data} last={last} onTyping={setTyping} />}
      {further && <Further q={q} onClose={() => setFurther(false)} />}
    </section>
  );
}
