import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Inbox } from "lucide-react";
import { useState } from "react";
import { Button, Confirm, tell } from "../../kit";
import type { Pages } from "../../lib/pages";
import { useMay } from "../../lib/session";
import { type Mention, useTake } from "./data";

// TakeAll takes the posts that are listed into the inbox and goes there.
export function TakeAll({ posts }: { posts: Pages<Mention> }) {
  const go = useNavigate();
  const take = useTake();
  const may = useMay("inbox.work");
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const theirs = (posts.data ?? []).filter((m) => !m.own && !m.deleted_at);
  const rest = theirs.filter((m) => !m.conversation);
  const n = theirs.length;
  if (!may || n === 0) return null;
  const open = () => void go({ to: "/engage", search: { view: "open" } });
  const run = async () => {
    setBusy(true);
    let done = 0;
    try {
      for (const m of rest) {
        await take.mutateAsync(m.id);
        done++;
      }
      open();
    } catch {
      // the mutation has said why; what was taken stays taken
    }
    setBusy(false);
    setAsks(false);
    if (done > 0) tell({ text: t`${done} taken into the inbox.` });
  };
  return (
    <>
      <Button look="p" touch onClick={() => (rest.length ? setAsks(true) : open())}>
        <Inbox className="i s" aria-hidden />
        <span className="max-sm:sr-only">
          <Trans>Open {n} in inbox</Trans>
        </span>
      </Button>
      <Confirm
        open={asks}
        onOpenChange={setAsks}
        title={
          <Plural
            value={rest.length}
            one="Take # post into the inbox?"
            other="Take # posts into the inbox?"
          />
        }
        text={
          <Trans>
            These are the posts listed here that are not in the inbox yet. Each becomes a conversation that
            waits for an answer.
          </Trans>
        }
        act={<Trans>Take and open</Trans>}
        busy={busy}
        onAct={() => void run()}
      />
    </>
  );
}
