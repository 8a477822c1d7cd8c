import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { CircleAlert, ExternalLink, Hand, MoreHorizontal, Play, RotateCw, Undo2 } from "lucide-react";
import { useState } from "react";
import {
  Button,
  ChannelMark,
  Confirm,
  Field,
  Input,
  Menu,
  MenuItem,
  Switch,
  Textarea,
  Time,
  tell,
} from "../../../kit";
import type { Got } from "../../../lib/api";
import { full } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import {
  type ContentFull,
  type Draft,
  type Outlet,
  type Post,
  type PostDraft,
  useAct,
  usePostAct,
  usePostOne,
} from "./data";
import { Settle } from "./Settle";
import { room, StateChip, stateName } from "./words";

export interface Fitting {
  channel: string;
  text: string;
  room: { fits: boolean; left: number; max: number; unit: string };
  media?: { types: string[] | null; most: number } | undefined;
  problem?: string;
}

// Preview is how a content reads on one channel, with its true limits, and where its post stands.
export function Preview({
  draft,
  post,
  outlet,
  fit,
  is,
  content,
  fixed,
  onChange,
}: {
  draft: Draft;
  post: PostDraft;
  outlet: Outlet | undefined;
  fit: Fitting | undefined;
  is: Post | undefined;
  content: ContentFull | undefined;
  fixed: boolean;
  onChange: (next: Partial<PostDraft>) => void;
}) {
  const name = outlet?.name ?? is?.channel.name ?? "";
  const kind = outlet?.kind ?? is?.channel.kind ?? "";
  const left = is && ["publishing", "unknown", "published"].includes(is.state);
  const words = left ? is.text : (fit?.text ?? (post.own ? post.text : draft.text));
  const media = (post.own_media ? post.media : draft.media) ?? [];
  const files = content?.files ?? [];
  const [marks, setMarks] = useState(Boolean(post.source || post.medium));
  const much = !left && fit && fit.room.left < 0;
  return (
    <article className="look" aria-label={name}>
      <header>
        <ChannelMark kind={kind} mark={outlet?.mark ?? is?.channel.mark} name="" />
        <b className="min-w-0 truncate font-strong">{name}</b>
        {outlet?.handle && <span className="text-ink-3">@{outlet.handle}</span>}
        {!left && fit && (
          <span className={`text-xs ${much ? "font-strong text-alarm" : "text-ink-3"}`}>
            {room(fit.room)}
          </span>
        )}
        <span className="ms-auto flex items-center gap-2">
          {is && is.state !== "draft" && <StateChip of={is.state} asks={is.asks} />}
          {is && content && <PostMenu of={is} content={content} />}
        </span>
      </header>
      {is && <Standing of={is} />}
      {post.own && !fixed ? (
        <div className="p-3.5">
          <Field label={<Trans>Only on {name}</Trans>} hidden>
            <Textarea
              rows={5}
              className="min-h-28"
              lang={draft.lang}
              spellCheck
              value={post.text ?? ""}
              onChange={(e) => onChange({ text: (e.target as unknown as HTMLTextAreaElement).value })}
            />
          </Field>
        </div>
      ) : (
        <p className="says" lang={draft.lang}>
          {words || (
            <span className="text-ink-3">
              <Trans>Nothing yet.</Trans>
            </span>
          )}
        </p>
      )}
      {media.length > 0 && (fit?.media || left) && (
        <div className="pics">
          {media.map((m) => {
            const f = files.find((x) => x.id === m.file);
            return f?.shown ? <img key={m.file} src={f.url} alt={m.alt} /> : null;
          })}
        </div>
      )}
      {!left && fit?.problem && (
        <p className="flex items-start gap-2 px-3.5 pb-3 text-sm text-alarm">
          <CircleAlert className="i s mt-0.5 flex-none" aria-hidden />
          {fit.problem}
        </p>
      )}
      {!fixed && (
        <footer>
          <Switch
            label={<Trans>Say it differently here</Trans>}
            checked={post.own ?? false}
            onChange={(own) => onChange({ own, text: own ? (draft.text ?? "") : "" })}
          />
          {media.length > 0 && !post.own_media && (
            <Button size="sm" look="g" onClick={() => onChange({ own_media: true, media: [] })}>
              <Trans>Without pictures here</Trans>
            </Button>
          )}
          {post.own_media && (
            <Button size="sm" look="g" onClick={() => onChange({ own_media: false, media: [] })}>
              <Trans>With all pictures</Trans>
            </Button>
          )}
          <Button
            size="sm"
            look="g"
            className="ms-auto"
            aria-expanded={marks}
            onClick={() => setMarks(!marks)}
          >
            <Trans>Marks of links</Trans>
          </Button>
          {marks && (
            <div className="grid w-full gap-3 pb-1 sm:grid-cols-2">
              <Field label="utm_source">
                <Input
                  placeholder={kind}
                  value={post.source ?? ""}
                  maxLength={100}
                  onChange={(e) => onChange({ source: (e.target as unknown as HTMLInputElement).value })}
                />
              </Field>
              <Field label="utm_medium">
                <Input
                  placeholder="social"
                  value={post.medium ?? ""}
                  maxLength={100}
                  onChange={(e) => onChange({ medium: (e.target as unknown as HTMLInputElement).value })}
                />
              </Field>
            </div>
          )}
        </footer>
      )}
    </article>
  );
}

// Standing is where a post stands, in a sentence.
function Standing({ of: p }: { of: Post }) {
  const why = p.why;
  return (
    <div className="px-3.5 pt-2 text-sm text-ink-2 empty:hidden">
      {p.state === "held" && (
        <p>
          <Trans>Held: {why}</Trans>
        </p>
      )}
      {p.problem && p.state !== "held" && (
        <p className={p.state === "failed" ? "text-alarm" : ""}>{p.problem}</p>
      )}
      {p.at && ["draft", "in_review", "approved"].includes(p.state) && (
        <p>
          <Trans>
            Meant for <Time at={p.at} show={full} />.
          </Trans>
        </p>
      )}
      {p.at && p.state === "scheduled" && (
        <p>
          <Trans>
            Leaves <Time at={p.at} show={full} />.
          </Trans>
        </p>
      )}
      {p.published_at && (
        <p className="flex flex-wrap items-center gap-x-2">
          <span>
            <Trans>
              Published <Time at={p.published_at} show={full} />.
            </Trans>
          </span>
          {p.url && (
            <a
              href={p.url}
              target="_blank"
              rel="noreferrer"
              className="inline-flex items-center gap-1 underline"
            >
              <Trans>See it there</Trans>
              <ExternalLink className="i s" aria-hidden />
            </a>
          )}
        </p>
      )}
    </div>
  );
}

function PostMenu({ of: p, content }: { of: Post; content: ContentFull }) {
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
