import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Avatar, btn, ChannelMark, Empty, Section, Turn, Waits } from "../../kit";
import type { Need } from "./data";

// Needs are those who wait longest for us.
export function Needs({ of }: { of: readonly Need[] }) {
  return (
    <Section
      title={<Trans>Needs you</Trans>}
      n={of.length || undefined}
      end={
        <Link to="/engage" className="link">
          <Trans>Open in inbox</Trans>
        </Link>
      }
    >
      {of.length === 0 ? (
        <div className="pt-4">
          <Empty
            title={<Trans>Nobody is waiting.</Trans>}
            acts={
              <Link to="/engage" search={{ view: "all" }} className={btn("o", "sm")}>
                <Trans>Look at all conversations</Trans>
              </Link>
            }
          >
            <Trans>New messages appear here by themselves.</Trans>
          </Empty>
        </div>
      ) : (
        <ul>
          {of.map((n) =>
            n.channel ? (
              <Ailing key={n.channel.channel.id} of={n.channel} />
            ) : (
              n.conversation && <Row key={n.conversation.id} of={n.conversation} />
            ),
          )}
        </ul>
      )}
    </Section>
  );
}

function Ailing({ of: a }: { of: NonNullable<Need["channel"]> }) {
  return (
    <li className="flex min-h-14 items-center gap-3 border-b border-line py-2 last:border-0">
      <ChannelMark kind={a.channel.kind} mark={a.channel.mark} name={t`Channel`} large />
      <div className="min-w-0 flex-1">
        <div className="truncate font-strong">{a.channel.name}</div>
        <div className="line-clamp-2 text-[15px] text-ink-2">{a.text}</div>
      </div>
      <Link
        to="/settings/channels/$id"
        params={{ id: a.channel.id }}
        className={btn("o", "sm", "touch")}
        aria-label={t`Look after ${a.channel.name}`}
      >
        <Trans>Look after it</Trans>
      </Link>
    </li>
  );
}

function Row({ of: c }: { of: NonNullable<Need["conversation"]> }) {
  const where =
    c.visibility === "public" ? t`${c.channel.name} · in the open` : t`${c.channel.name} · direct`;
  return (
    <li className="flex min-h-14 items-center gap-3 border-b border-line py-2 last:border-0">
      <Turn of="ours" />
      <Avatar name={c.author.name} src={c.author.avatar} channel={c.channel} />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-1.5">
          <span className="truncate font-strong">{c.author.name}</span>
          <span className="truncate text-ink-3 max-sm:hidden">{where}</span>
        </div>
        <div className="said truncate text-[15px] text-ink-2" dir="auto">
          {c.preview}
        </div>
        <div className="mt-1 sm:hidden">
          <Waits since={c.waiting_since} />
        </div>
      </div>
      <span className="max-sm:hidden">
        <Waits since={c.waiting_since} />
      </span>
      <Link
        to="/engage"
        search={{ view: "open", sort: "waiting", c: c.id }}
        className={btn("o", "sm", "touch")}
      >
        <Trans>Answer</Trans>
      </Link>
    </li>
  );
}
