import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { Inbox, LockKeyhole, MessagesSquare } from "lucide-react";
import { memo } from "react";
import { Avatar, Button, btn, Chip, Time } from "../../kit";
import { language, short } from "../../lib/format";
import { highlight } from "../../lib/highlight";
import { intentName } from "../../lib/intent";
import { emotionName, topicName } from "../../lib/scores";
import { useMay } from "../../lib/session";
import { type Mention, useTake } from "./data";
import { Felt } from "./Felt";
import { Given } from "./places/Stars";
import { Where } from "./places/Where";
import type { FeelingName } from "./search";

interface Props {
  post: Mention;
  chosen?: boolean;
  tight?: boolean; // little room: fewer words
  big?: boolean; // read from across a room
  onOpen?: (id: string) => void; // shows its thread beside
  onFeeling?: (f: FeelingName) => void;
}

// Post is what somebody said, with what is known about it and what one can do.
export const Post = memo(function Post({ post: m, chosen, tight, big, onOpen, onFeeling }: Props) {
  const people = useMay("people.read");
  // What is less likely than not stands only where all is told, beside its reasons.
  const intents = (m.intents ?? []).filter((i) => i.score >= 0.5).slice(0, tight ? 1 : 2);
  return (
    <article
      className={`flex gap-3 border-b border-line px-5 py-3.5 [contain-intrinsic-size:auto_7rem] [content-visibility:auto]${chosen ? " bg-chosen shadow-[inset_2px_0_var(--color-voice)]" : ""}`}
      aria-label={m.author.name}
      data-post={m.id}
    >
      <Avatar name={m.author.name} src={m.author.avatar} channel={m.channel} size={big ? "lg" : "md"} />
      <div className="min-w-0 flex-1">
        <header className={`flex items-baseline gap-1.5 ${big ? "text-md" : ""}`}>
          {m.author.person && people ? (
            <Link
              to="/people/$id"
              params={{ id: m.author.person }}
              className="truncate font-strong hover:underline"
            >
              {m.author.name}
            </Link>
          ) : (
            <b className="truncate font-strong">{m.author.name}</b>
          )}
          <span className="min-w-0 truncate text-ink-3">@{m.author.handle}</span>
          {m.visibility !== "public" && (
            <span className="inline-flex flex-none items-center gap-1 text-xs text-ink-3">
              <LockKeyhole className="i s" aria-hidden />
              <Trans>direct</Trans>
            </span>
          )}
          <span className="ms-auto flex-none text-xs text-ink-3">
            {m.edited_at && (
              <>
                <Trans>edited</Trans>{" "}
              </>
            )}
            <Time at={m.published_at} />
          </span>
        </header>
        <Said of={m} big={big ?? false} />
        {!big && (
          <footer className="mt-1.5 flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
            <Felt of={m} {...(onFeeling ? { onFilter: onFeeling } : {})} />
            {intents.map((i) => (
              <Chip key={i.label}>{intentName(i.label)}</Chip>
            ))}
            {!tight && m.emotion && <Chip tone="outline">{emotionName(m.emotion.label)}</Chip>}
            {!tight &&
              (m.topics ?? []).slice(0, 2).map((x) => (
                <Chip key={x.label} tone="outline">
                  {topicName(x.label)}
                </Chip>
              ))}
            {m.toxicity?.label === "offensive" && (m.toxicity.confidence ?? 0) >= 0.65 && (
              <Chip tone="alarm">
                <Trans>offensive</Trans>
              </Chip>
            )}
            <Where of={m} />
            {!(tight && intents.length) && <Reach of={m} />}
            {m.conversation && (
              <span role="img" aria-label={t`In the inbox`} title={t`In the inbox`} className="text-ink-3">
                <Inbox className="i s" aria-hidden />
              </span>
            )}
            <span className="ms-auto flex items-center gap-1 max-sm:-my-2">
              {onOpen && (
                <Button look="g" size="sm" touch onClick={() => onOpen(m.id)}>
                  <MessagesSquare className="i s" aria-hidden />
                  <span className={tight ? "sr-only" : "max-sm:sr-only"}>
                    <Trans>Thread</Trans>
                  </span>
                </Button>
              )}
              <Answer of={m} />
            </span>
          </footer>
        )}
      </div>
    </article>
  );
});

function Said({ of: m, big }: { of: Mention; big: boolean }) {
  if (m.deleted_at)
    return (
      <p className="text-ink-3 italic">
        <Trans>Deleted by its author.</Trans>
      </p>
    );
  return (
    <div lang={m.lang === "und" ? undefined : m.lang} title={language(m.lang)}>
      {m.title && <p className="font-strong">{m.title}</p>}
      {m.rating !== undefined && (
        <p>
          <Given of={m.rating} />
        </p>
      )}
      <p
        dir="auto"
        className={`said mt-px max-w-(--measure) whitespace-pre-wrap [overflow-wrap:anywhere] [&_mark]:rounded-[2px] [&_mark]:bg-wait-wash [&_mark]:text-inherit ${big ? "text-[22px] leading-8" : "line-clamp-8 text-[15px] leading-[21px]"}`}
      >
        {highlight(m.text, m.hits ?? [])}
      </p>
    </div>
  );
}

function Reach({ of: m }: { of: Mention }) {
  const boosts = short(m.shares);
  const reach = short(m.reach);
  return (
    <span className="text-xs whitespace-nowrap text-ink-3">
      {m.shares > 0 ? (
        <Plural value={m.shares} one="shared once" other={`shared ${boosts} times`} />
      ) : (
        m.reach > 0 && <Trans>reaches {reach}</Trans>
      )}
    </span>
  );
}

// Answer takes the post into the inbox and goes there; where it is there already, it only goes.
export function Answer({ of: m }: { of: Mention }) {
  const take = useTake();
  const go = useNavigate();
  const works = useMay("inbox.work");
  const reads = useMay("inbox.read");
  if (m.own)
    return (
      <span className="text-xs font-strong text-voice">
        <Trans>Ours</Trans>
      </span>
    );
  if (m.deleted_at) return null;
  if (m.conversation)
    return reads ? (
      <Link
        to="/engage"
        search={{ view: "all", c: m.conversation }}
        className={btn("o", "sm", "touch max-sm:border-transparent! max-sm:px-2! max-sm:text-voice!")}
        title={t`It is in the inbox already`}
      >
        <Trans>Answer</Trans>
      </Link>
    ) : null;
  return (
    <Button
      size="sm"
      touch
      className="max-sm:border-transparent! max-sm:px-2! max-sm:text-voice!"
      busy={take.isPending}
      {...(works
        ? {}
        : { why: <Trans>Your role reads only. Ask an administrator for a role that answers.</Trans> })}
      onClick={() =>
        take.mutate(m.id, {
          onSuccess: (r) => void go({ to: "/engage", search: { view: "all", c: r.conversation } }),
        })
      }
    >
      <Trans>Answer</Trans>
    </Button>
  );
}

// step moves the focus from post to post with the arrow keys of a reader.
export function nextPost(from: string | undefined, by: 1 | -1): HTMLElement | undefined {
  const all = [...document.querySelectorAll<HTMLElement>("[data-post]")];
  const i = all.findIndex((el) => el.dataset.post === from);
  return i < 0 ? all[0] : all[i + by];
}
