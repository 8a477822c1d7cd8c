import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { CircleAlert, ExternalLink, Eye } from "lucide-react";
import { useState } from "react";
import { Button, ChannelMark, Field, Input, Select, Switch, Textarea, Time } from "../../../kit";
import { full } from "../../../lib/format";
import type { PutFile } from "../../../lib/put";
import { limits, type Takes } from "../takes";
import type { ContentFull, Draft, Media, Outlet, Post, PostDraft } from "./data";
import { Pictures } from "./Pictures";
import { PostMenu } from "./PostMenu";
import { type Audience, audienceName, room, StateChip } from "./words";

export interface Fitting {
  channel: string;
  text: string;
  room: { fits: boolean; left: number; max: number; unit: string };
  media?: Takes | undefined;
  audiences?: readonly Audience[] | undefined;
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
  files,
  fixed,
  onChange,
  onMedia,
  onFresh,
}: {
  draft: Draft;
  post: PostDraft;
  outlet: Outlet | undefined;
  fit: Fitting | undefined;
  is: Post | undefined;
  content: ContentFull | undefined;
  files: readonly PutFile[];
  fixed: boolean;
  onChange: (next: Partial<PostDraft>) => void;
  onMedia: (next: (media: readonly Media[]) => Media[]) => void;
  onFresh: (file: PutFile) => void;
}) {
  const name = outlet?.name ?? is?.channel.name ?? "";
  const kind = outlet?.kind ?? is?.channel.kind ?? "";
  const left = is && ["publishing", "unknown", "published"].includes(is.state);
  const words = left ? is.text : (fit?.text ?? (post.own ? post.text : draft.text));
  const media = (post.own_media ? post.media : draft.media) ?? [];
  const [marks, setMarks] = useState(Boolean(post.source || post.medium));
  const aims = left ? [] : (fit?.audiences ?? []);
  const aim = left ? is.audience : post.audience;
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
      {aim && aim !== "public" && (left || fixed) && (
        <p className="flex items-center gap-2 px-3.5 pt-2 text-sm text-ink-2">
          <Eye className="i s flex-none" aria-hidden />
          {audienceName(aim)}
        </p>
      )}
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
      {post.own_media && !fixed && (
        <div className="px-3.5 pb-3">
          <Pictures
            label={t`Pictures and video on ${name}`}
            media={post.media ?? []}
            files={files}
            fixed={false}
            onChange={onMedia}
            onFresh={onFresh}
          />
        </div>
      )}
      {media.length > 0 && (fit?.media || left) && (
        <div className="pics">
          {media.map((m) => (
            <Shown key={m.file} file={files.find((x) => x.id === m.file)} alt={m.alt} />
          ))}
        </div>
      )}
      {!left && fit?.media && (media.length > 0 || post.own_media) && (
        <p className="px-3.5 pb-3 text-xs text-ink-3">{limits(fit.media)}</p>
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
          {aims.length > 1 && (
            <Select
              label={t`Who sees it on ${name}`}
              className="w-auto"
              value={post.audience ?? "public"}
              onChange={(audience) => onChange({ audience })}
              choices={aims.map((a) => ({ value: a, label: audienceName(a) }))}
            />
          )}
          {media.length > 0 && !post.own_media && (
            <Button size="sm" look="g" onClick={() => onChange({ own_media: true, media: [] })}>
              <Trans>Without pictures here</Trans>
            </Button>
          )}
          {fit?.media && !post.own_media && (
            <Button size="sm" look="g" onClick={() => onChange({ own_media: true, media: [...media] })}>
              <Trans>Other pictures here</Trans>
            </Button>
          )}
          {post.own_media && (
            <Button size="sm" look="g" onClick={() => onChange({ own_media: false, media: [] })}>
              <Trans>The same pictures as everywhere</Trans>
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

// Shown is a file as the network will show it, whole.
function Shown({ file, alt }: { file: PutFile | undefined; alt: string }) {
  if (file?.shown) return <img src={file.url} alt={alt} />;
  if (file?.type.startsWith("video/"))
    return (
      // biome-ignore lint/a11y/useMediaCaption: what it shows stands in its label; it is a preview of our own file
      <video src={file.url} controls preload="metadata" aria-label={alt || file.name} />
    );
  return null;
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
