import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { Trash2, TriangleAlert } from "lucide-react";
import { useRef, useState } from "react";
import {
  Button,
  ChannelMark,
  Checkbox,
  Confirm,
  Field,
  Input,
  Select,
  Textarea,
  Time,
  tell,
} from "../../../kit";
import { api, ok } from "../../../lib/api";
import { useSettled } from "../../../lib/debounce";
import { sentenceOf } from "../../../lib/problem";
import type { PutFile } from "../../../lib/put";
import { useMay } from "../../../lib/session";
import {
  type ContentFull,
  type Draft,
  type Outlet,
  type PostDraft,
  useFit,
  useOutlets,
  useProgrammes,
} from "./data";
import { Pictures } from "./Pictures";
import { Preview } from "./Preview";
import { When } from "./When";
import { gone, type Kept, useWriting } from "./writing";

// Compose writes one content for all its channels: the words once, and beside them how they read on each.
export function Compose({ of, at }: { of?: ContentFull; at?: string | undefined }) {
  const outlets = useOutlets().data;
  const programmes = useProgrammes().data ?? [];
  const everywhere = useMay("publish.write");
  const w = useWriting(of, { title: "", text: "", posts: [], media: [] });
  const { draft, change } = w;
  const posts = draft.posts ?? [];
  const fit = useFit(useSettled(draft, 300), of?.id ?? w.id());
  const go = useNavigate();
  const [fresh, setFresh] = useState<PutFile[]>([]);
  const files = [...(of?.files ?? []), ...fresh];
  const added = (f: PutFile) => setFresh((old) => [...old, f]);
  const pasted = useRef<(files: readonly File[]) => void>(undefined);
  const [drops, setDrops] = useState(false);
  const fixed = of ? !of.may_write : !everywhere;
  const left = new Set((of?.posts ?? []).filter((p) => gone(p.state)).map((p) => p.channel.id as string));
  const choose = (o: Outlet, on: boolean) =>
    change({
      posts: on
        ? [...posts, { channel: o.id, own: false, text: "", own_media: false, media: [] }]
        : posts.filter((p) => p.channel !== o.id),
      ...(on && !draft.programme && o.programme && posts.length === 0 ? { programme: o.programme.id } : {}),
    });
  const set = (channel: string, next: (p: PostDraft) => Partial<PostDraft>) =>
    change((d) => ({
      posts: (d.posts ?? []).map((p) => (p.channel === channel ? { ...p, ...next(p) } : p)),
    }));
  return (
    <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
      <section className="flex min-w-0 flex-col gap-4" aria-label={t`Words`}>
        <div className="flex items-center gap-2">
          <KeptLine state={w.state} error={w.error} />
        </div>
        <fieldset>
          <legend className="label">
            <Trans>Where</Trans>
          </legend>
          <div className="mt-1 flex flex-col gap-2">
            {(outlets ?? []).map((o) => (
              <Checkbox
                key={o.id}
                checked={posts.some((p) => p.channel === o.id)}
                disabled={fixed || left.has(o.id)}
                onChange={(on) => choose(o, on)}
                label={
                  <span className="flex items-center gap-2">
                    <ChannelMark kind={o.kind} mark={o.mark} name="" inline />
                    {o.name}
                    {o.handle && <span className="text-ink-3">@{o.handle}</span>}
                  </span>
                }
              />
            ))}
            {outlets?.length === 0 && (
              <p className="text-ink-2">
                <Trans>
                  No channel can publish yet. <Link to="/settings/channels/new">Connect one</Link> such as
                  Mastodon or Bluesky.
                </Trans>
              </p>
            )}
          </div>
        </fieldset>
        <Field
          label={<Trans>What we say</Trans>}
          help={<Trans>Names people by @; links get the marks of their campaign by themselves.</Trans>}
        >
          <Textarea
            rows={8}
            className="min-h-44"
            lang={draft.lang}
            spellCheck
            disabled={fixed}
            value={draft.text ?? ""}
            onPaste={(e: React.ClipboardEvent) => {
              if (fixed || e.clipboardData.files.length === 0) return;
              e.preventDefault();
              pasted.current?.([...e.clipboardData.files]);
            }}
            onChange={(e) => change({ text: (e.target as unknown as HTMLTextAreaElement).value })}
          />
        </Field>
        <Pictures
          label={t`Pictures and video`}
          media={draft.media ?? []}
          files={files}
          fixed={fixed}
          onChange={(next) => change((d) => ({ media: next(d.media ?? []) }))}
          onFresh={added}
          door={pasted}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={<Trans>Name, for us</Trans>} help={<Trans>Left out: its first words.</Trans>}>
            <Input
              disabled={fixed}
              maxLength={200}
              value={draft.title ?? ""}
              onChange={(e) => change({ title: (e.target as unknown as HTMLInputElement).value })}
            />
          </Field>
          <Field label={<Trans>Campaign</Trans>} help={<Trans>Stands in its links as utm_campaign.</Trans>}>
            <Input
              disabled={fixed}
              maxLength={100}
              value={draft.campaign ?? ""}
              onChange={(e) => change({ campaign: (e.target as unknown as HTMLInputElement).value })}
            />
          </Field>
          {programmes.length > 0 && (
            <Field label={<Trans>Programme</Trans>}>
              <Select
                value={(draft.programme as string) ?? ""}
                disabled={fixed}
                onChange={(p) => change({ programme: p })}
                choices={[
                  { value: "", label: t`None` },
                  ...programmes.map((p) => ({ value: p.id as string, label: p.name })),
                ]}
              />
            </Field>
          )}
          <Field label={<Trans>Language</Trans>}>
            <Select
              value={draft.lang ?? ""}
              disabled={fixed}
              onChange={(lang) => change({ lang })}
              choices={languages()}
            />
          </Field>
        </div>
        {of?.may_write && left.size === 0 && (
          <div>
            <Button look="g" size="sm" onClick={() => setDrops(true)}>
              <Trash2 className="i s" aria-hidden />
              <Trans>Delete</Trans>
            </Button>
          </div>
        )}
      </section>
      <section className="flex min-w-0 flex-col gap-4" aria-label={t`How it reads`}>
        <Twins twins={fit.data?.twins ?? []} outlets={outlets ?? []} />
        {posts.length === 0 && (
          <p className="rounded-md border border-dashed border-line-2 p-6 text-ink-2">
            <Trans>Choose a channel, and how it will read there stands here.</Trans>
          </p>
        )}
        {posts.map((p) => {
          const outlet = outlets?.find((o) => o.id === p.channel);
          const post = of?.posts?.find((x) => x.channel.id === p.channel);
          const f = fit.data?.posts?.find((x) => x.channel === p.channel);
          return (
            <Preview
              key={p.channel}
              draft={draft}
              post={p}
              outlet={outlet}
              fit={f}
              is={post}
              content={of}
              files={files}
              fixed={fixed || left.has(p.channel)}
              onChange={(next) => set(p.channel, () => next)}
              onMedia={(next) => set(p.channel, (old) => ({ media: next(old.media ?? []) }))}
              onFresh={added}
            />
          );
        })}
        {!fixed && posts.length > 0 && (
          <When
            of={of}
            at={at}
            problems={(fit.data?.posts ?? []).filter((f) => f.problem && !left.has(f.channel)).length}
            ready={async () => ((await w.save()) ? w.id() : undefined)}
            onDone={(id) => void go({ to: "/publish/$id", params: { id }, replace: !of })}
          />
        )}
      </section>
      {of && (
        <Confirm
          open={drops}
          onOpenChange={setDrops}
          title={<Trans>Delete this post?</Trans>}
          text={<Trans>Its words, its review and its plan go. Nothing of it has left.</Trans>}
          act={<Trans>Delete it</Trans>}
          look="d"
          onAct={() => {
            ok(api.DELETE("/api/publish/contents/{id}", { params: { path: { id: of.id } } })).then(
              () => void go({ to: "/publish" }),
              (e) => tell({ text: sentenceOf(e), bad: true }),
            );
          }}
        />
      )}
    </div>
  );
}

const languages = () => [
  { value: "", label: t`Not said` },
  ...["en", "de", "fr", "es", "it", "nl", "pt", "pl", "cs", "sv", "ja"].map((l) => ({
    value: l,
    label: new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language" }).of(l) ?? l,
  })),
];

function KeptLine({ state, error }: { state: Kept; error: unknown }) {
  return (
    <p role="status" className={`min-h-5 text-xs ${state === "stuck" ? "text-alarm" : "text-ink-3"}`}>
      {state === "changed" && <Trans>Not kept yet …</Trans>}
      {state === "kept" && <Trans>Kept as a draft.</Trans>}
      {state === "away" && <Trans>The line is broken; your words are kept here and sent again.</Trans>}
      {state === "stuck" && sentenceOf(error)}
    </p>
  );
}

function Twins({
  twins,
  outlets,
}: {
  twins: readonly {
    channel: string;
    content: string;
    name: string;
    state: string;
    at: string;
    like: number;
  }[];
  outlets: readonly Outlet[];
}) {
  return twins.map((x) => {
    const where = outlets.find((o) => o.id === x.channel)?.name ?? "";
    return (
      <p
        key={`${x.channel}${x.content}`}
        role="status"
        className="flex items-start gap-2 rounded-md bg-wait-wash px-3 py-2 text-sm"
      >
        <TriangleAlert className="i s mt-0.5 flex-none text-wait" aria-hidden />
        <span>
          {x.like > 0.95 ? (
            <Trans>The same words are on {where} already:</Trans>
          ) : (
            <Trans>Nearly the same words are on {where} already:</Trans>
          )}{" "}
          {x.content ? (
            <Link to="/publish/$id" params={{ id: x.content }} className="underline">
              {x.name}
            </Link>
          ) : (
            <Trans>a post of another programme</Trans>
          )}
          {", "}
          <Time at={x.at} />
        </span>
      </p>
    );
  });
}

export type { Draft };
