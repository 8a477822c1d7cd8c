import { Plural, Trans } from "@lingui/react/macro";
import { ExternalLink, X } from "lucide-react";
import { AsidePart, Button, Chip, Facts, States } from "../../kit";
import { count, full, language } from "../../lib/format";
import { intentName } from "../../lib/intent";
import { useMention, type Whole } from "./data";
import { Post } from "./Post";
import { Shared } from "./Shared";

// Thread is a post with all that was said around it.
export function Thread({ id, onClose }: { id: string; onClose?: () => void }) {
  const whole = useMention(id);
  return (
    <>
      {onClose && (
        <div className="flex justify-end px-3 pt-2 max-lg:hidden">
          <Button look="g" size="sm" onClick={onClose}>
            <X className="i s" aria-hidden />
            <Trans>Close the thread</Trans>
          </Button>
        </div>
      )}
      <States of={whole} pad>
        {(m) => (
          <>
            <Around of={m} />
            <Shared of={m} />
            <About of={m} />
          </>
        )}
      </States>
    </>
  );
}

function Around({ of: m }: { of: Whole }) {
  const { thread, ...self } = m;
  const all = thread?.length ? thread : [self];
  return (
    <>
      <h2 className="px-5 pt-3.5 text-xs text-ink-3">
        <Plural value={all.length} one="One post in this thread" other="# posts in this thread" />
      </h2>
      {all.map((p) => (
        <Post
          key={p.id}
          post={{ ...p, hits: p.id === m.id ? m.hits : p.hits }}
          chosen={p.id === m.id && all.length > 1}
        />
      ))}
    </>
  );
}

function About({ of: m }: { of: Whole }) {
  return (
    <AsidePart title={<Trans>About this post</Trans>}>
      <Facts
        of={[
          [<Trans key="c">Heard on</Trans>, m.channel.name],
          [<Trans key="s">Said</Trans>, full(m.published_at)],
          [<Trans key="h">Heard</Trans>, full(m.received_at)],
          [<Trans key="l">Language</Trans>, language(m.lang)],
          [<Trans key="f">Followers</Trans>, count(m.author.followers)],
          [
            <Trans key="m">Monitors</Trans>,
            m.monitors?.length ? m.monitors.map((x) => x.name).join(", ") : <Trans key="n">none</Trans>,
          ],
        ]}
      />
      {(m.intents?.length ?? 0) > 0 && (
        <p className="mt-3 flex flex-wrap gap-1.5">
          {m.intents?.map((i) => (
            <Chip key={i.label} title={i.why?.map((w) => `“${w}”`).join(", ") ?? ""}>
              {intentName(i.label)}
            </Chip>
          ))}
        </p>
      )}
      {m.url && (
        <a
          href={m.url}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="link mt-3 inline-flex items-center gap-1.5"
        >
          <Trans>Look at the original</Trans>
          <ExternalLink className="i s" aria-hidden />
        </a>
      )}
    </AsidePart>
  );
}
