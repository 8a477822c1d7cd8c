import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Avatar, Button, Chip, Empty, feelingOf, feelingWord, Sign, States, Time } from "../../kit";
import { topicName, valueName } from "../../lib/facet";
import { clock, count, day } from "../../lib/format";
import { highlight } from "../../lib/highlight";
import { type Mention, useCount, usePosts } from "./data";
import type { Marks } from "./search";
import { slotName } from "./words";

interface Props {
  filter: Record<string, string | boolean>;
  marks: Marks;
  names: { channel: (id: string) => string; author: (id: string) => string; place: (id: string) => string };
  onMarks: (next: { [K in keyof Marks]?: Marks[K] | undefined }) => void;
  onClear: () => void;
}

// Posts is the list beside the charts: as many as the chosen mark counts.
export function Posts({ filter, marks, names, onMarks, onClear }: Props) {
  const posts = usePosts(filter);
  const counted = useCount(filter).data;
  const narrowed = Object.keys(marks).length > 0;
  return (
    <section
      aria-label={t`Posts`}
      className="min-w-0 border-line max-lg:border-t lg:overflow-y-auto lg:border-s"
      data-posts={counted?.exact ? counted.total : ""}
    >
      <div className="sticky top-0 z-(--z-sticky) flex min-h-10 flex-wrap items-center gap-1.5 border-b border-line bg-paper px-5 py-2">
        <Chosen of={marks} names={names} onMarks={onMarks} />
        <span className="ms-auto text-xs text-ink-3" role="status">
          {counted &&
            (counted.exact ? (
              <Plural value={counted.total} one="# post, newest first" other="# posts, newest first" />
            ) : (
              <Trans>
                {count(counted.total)} among the newest {count(counted.looked)}, back to{" "}
                {day(counted.back ?? "")}
              </Trans>
            ))}
        </span>
      </div>
      <States
        of={posts}
        pad
        empty={
          <Empty
            title={<Trans>No post fits what you chose.</Trans>}
            acts={
              narrowed && (
                <Button size="sm" onClick={onClear}>
                  <Trans>Show all posts</Trans>
                </Button>
              )
            }
          >
            <Trans>The charts count all of the time; the list holds only what fits every mark.</Trans>
          </Empty>
        }
      >
        {(list) => (
          <>
            {list.map((p) => (
              <Post key={p.id} of={p} />
            ))}
            <div className="px-5 py-4 text-ink-3">
              {posts.hasMore ? (
                <Button size="sm" touch busy={posts.loadingMore} onClick={posts.more}>
                  <Trans>Show more</Trans>
                </Button>
              ) : (
                <Trans>That is all.</Trans>
              )}
            </div>
          </>
        )}
      </States>
    </section>
  );
}

function Post({ of: m }: { of: Mention }) {
  const feeling = feelingOf(m.sentiment);
  return (
    <article
      className="relative flex gap-3 border-b border-line px-5 py-3.5 [contain-intrinsic-size:auto_7rem] [content-visibility:auto] hover:bg-hover"
      aria-label={m.author.name}
    >
      <Avatar name={m.author.name} src={m.author.avatar} channel={m.channel} />
      <div className="min-w-0 flex-1">
        <header className="flex items-baseline gap-1.5">
          <b className="truncate font-strong">{m.author.name}</b>
          <span className="min-w-0 truncate text-ink-3">@{m.author.handle}</span>
          <span className="ms-auto flex-none text-xs text-ink-3">
            <Time at={m.published_at} />
          </span>
        </header>
        {m.title && <p className="font-strong">{m.title}</p>}
        <p
          dir="auto"
          lang={m.lang === "und" ? undefined : m.lang}
          className="said mt-px line-clamp-6 text-[15px] leading-[21px] whitespace-pre-wrap [overflow-wrap:anywhere] [&_mark]:rounded-[2px] [&_mark]:bg-wait-wash [&_mark]:text-inherit"
        >
          {highlight(m.text, m.hits ?? [])}
        </p>
        <footer className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3">
          {feeling && (
            <span className="inline-flex items-center gap-1.5">
              <Sign of={feeling} />
              {feelingWord(feeling)}
            </span>
          )}
          {(m.topics ?? []).slice(0, 2).map((x) => (
            <Chip key={x.label}>{topicName(x.label)}</Chip>
          ))}
          <Link to="/listen" search={{ m: m.id }} className="link ms-auto after:absolute after:inset-0">
            <Trans>Thread</Trans>
          </Link>
        </footer>
      </div>
    </article>
  );
}

function Chosen({ of: m, names, onMarks }: { of: Marks; names: Props["names"]; onMarks: Props["onMarks"] }) {
  const say = (v: string) => `${day(v)} ${clock(v)}`;
  const chips: { key: keyof Marks; text: string; and?: keyof Marks; rest?: string | undefined }[] = [];
  if (m.since && m.until)
    chips.push({
      key: "since",
      and: "until",
      text:
        day(m.since) === day(m.until)
          ? `${say(m.since)}–${clock(m.until)}`
          : `${say(m.since)}–${say(m.until)}`,
    });
  if (m.sentiment)
    chips.push({
      key: "sentiment",
      text: m.sentiment === "none" ? t`feeling not read` : feelingWord(m.sentiment),
    });
  for (const key of ["topic", "intent", "emotion", "entity", "toxicity", "lang", "reach"] as const)
    if (m[key]) chips.push({ key, text: valueName(key, m[key]) });
  if (m.on) chips.push({ key: "on", text: names.channel(m.on) });
  if (m.author) chips.push({ key: "author", text: names.author(m.author) });
  if (m.slot) chips.push({ key: "slot", text: slotName(m.slot) });
  const places = m.place?.split(",").filter(Boolean) ?? [];
  for (const id of places)
    chips.push({
      key: "place",
      text: names.place(id),
      rest: places.filter((x) => x !== id).join(",") || undefined,
    });
  if (m.q) chips.push({ key: "q", text: m.q.replaceAll(" OR ", ", ").replaceAll('"', "") });
  return (
    <>
      {chips.map((c) => (
        <Chip
          key={`${c.key} ${c.text}`}
          tone="voice"
          onRemove={() => onMarks({ [c.key]: c.rest, ...(c.and ? { [c.and]: undefined } : {}) })}
        >
          {c.text}
        </Chip>
      ))}
    </>
  );
}
