import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { CircleAlert, Hand, MoreHorizontal, Play, RotateCw, Undo2 } from "lucide-react";
import { useState } from "react";
import { Button, Confirm, Field, Menu, MenuItem, Textarea, Time, tell } from "../../../kit";
import type { Got } from "../../../lib/api";
import { full } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { type ContentFull, type Post, useAct, usePostAct, usePostOne } from "./data";
import { Settle } from "./Settle";
import { stateName } from "./words";

// PostMenu is what can be done with the post on one channel.
export function PostMenu({ of: p, content }: { of: Post; content: ContentFull }) {
  const go = useAct();
  const acts = usePostAct();
  const writes = useMay("publish.write");
  const approves = useMay("publish.approve");
  const [holds, setHolds] = useState(false);
  const [reason, setReason] = useState("");
  const [tries, setTries] = useState(false);
  const posts = [p.id];
  const failed = (e: unknown) => tell({ text: sentenceOf(e), bad: true });
  const waits = ["in_review", "approved", "scheduled"].includes(p.state);
  const name = p.channel.name;
  return (
    <>
      {p.asks && writes && <Settle of={p} />}
      <Menu
        align="end"
        trigger={
          <Button look="g" square size="sm" aria-label={t`More about ${name}`}>
            <MoreHorizontal className="i" aria-hidden />
          </Button>
        }
      >
        {writes && waits && (
          <MenuItem icon={<Hand className="i" aria-hidden />} onSelect={() => setHolds(true)}>
            <Trans>Hold it</Trans>
          </MenuItem>
        )}
        {approves && p.state === "held" && (
          <MenuItem
            icon={<Play className="i" aria-hidden />}
            onSelect={() => go.mutate({ do: "release", id: content.id, posts }, { onError: failed })}
          >
            <Trans>Release it</Trans>
          </MenuItem>
        )}
        {writes && p.at && ["draft", "in_review", "scheduled"].includes(p.state) && (
          <MenuItem
            icon={<Undo2 className="i" aria-hidden />}
            onSelect={() => go.mutate({ do: "unschedule", id: content.id, posts }, { onError: failed })}
          >
            <Trans>Take it out of the plan</Trans>
          </MenuItem>
        )}
        {writes && p.state === "failed" && (
          <MenuItem
            icon={<RotateCw className="i" aria-hidden />}
            onSelect={() => go.mutate({ do: "schedule", id: content.id, posts }, { onError: failed })}
          >
            <Trans>Try again now</Trans>
          </MenuItem>
        )}
        {writes && p.attempts > 0 && (p.state === "unknown" || p.state === "failed") && (
          <MenuItem
            icon={<RotateCw className="i" aria-hidden />}
            onSelect={() => acts.mutate({ id: p.id, do: "check" }, { onError: failed })}
          >
            <Trans>Look whether it is there</Trans>
          </MenuItem>
        )}
        {p.state === "published" && (
          <MenuItem
            icon={<RotateCw className="i" aria-hidden />}
            onSelect={() => acts.mutate({ id: p.id, do: "measure" }, { onError: failed })}
          >
            <Trans>Read its numbers now</Trans>
          </MenuItem>
        )}
        <MenuItem icon={<CircleAlert className="i" aria-hidden />} onSelect={() => setTries(true)}>
          <Trans>What happened to it</Trans>
        </MenuItem>
      </Menu>
      <Confirm
        open={holds}
        onOpenChange={setHolds}
        title={<Trans>Hold the post on {name}?</Trans>}
        act={<Trans>Hold it</Trans>}
        busy={go.isPending}
        onAct={() =>
          go.mutate(
            { do: "hold", id: content.id, posts, reason },
            { onSuccess: () => setHolds(false), onError: failed },
          )
        }
      >
        <Field label={<Trans>Why</Trans>}>
          <Textarea
            value={reason}
            maxLength={500}
            onChange={(e) => setReason((e.target as unknown as HTMLTextAreaElement).value)}
          />
        </Field>
      </Confirm>
      <Tries id={p.id} open={tries} onOpenChange={setTries} name={name} />
    </>
  );
}

function Tries({
  id,
  open,
  onOpenChange,
  name,
}: {
  id: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  name: string;
}) {
  const post: Got<"/api/publish/posts/{id}"> | undefined = usePostOne(id, open).data;
  const tries = post?.tries ?? [];
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      title={<Trans>What happened to the post on {name}</Trans>}
      act={<Trans>Good</Trans>}
      onAct={() => onOpenChange(false)}
    >
      {post && tries.length === 0 && (
        <p className="text-ink-2">
          <Trans>It has not been tried yet.</Trans>
        </p>
      )}
      <ol className="flex flex-col gap-2">
        {tries.map((x) => (
          <li key={x.n} className="border-b border-line pb-2">
            <Time at={x.at} show={full} className="text-ink-2" />
            <p>
              {x.outcome ? stateName(x.outcome as Post["state"]) : t`Nobody knows yet`}
              {x.said && `: ${x.said}`}
            </p>
          </li>
        ))}
      </ol>
    </Confirm>
  );
}
