import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { BellRing } from "lucide-react";
import { Avatar, btn, ChannelMark, Empty, Section, Time, Turn, Waits } from "../../kit";
import type { Alarm, Need } from "./data";

// Needs are alerts that nobody looks after, and those who wait longest for us.
export function Needs({ of, alarms }: { of: readonly Need[]; alarms: readonly Alarm[] }) {
  return (
    <Section
      title={<Trans>Needs you</Trans>}
      n={of.length + alarms.length || undefined}
      end={
        <Link to="/engage" className="link">
          <Trans>Open in inbox</Trans>
        </Link>
      }
    >
      {alarms.length > 0 && (
        <ul aria-label={t`Open alerts`}>
          {alarms.map((a) => (
            <Alert key={a.id} of={a} />
          ))}
        </ul>
      )}
      {of.length === 0 && alarms.length > 0 ? null : of.length === 0 ? (
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

function Alert({ of: a }: { of: Alarm }) {
  const name = a.monitor?.name ?? a.programme?.name ?? t`All that is heard`;
  return (
    <li className="flex min-h-14 items-center gap-3 border-b border-line py-2">
      <BellRing className="i l mx-1.5 flex-none text-alarm" aria-hidden />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-1.5">
          <span className="truncate font-strong">{name}</span>
          <span className="flex-none text-ink-3">
            <Trans>alert</Trans> · <Time at={a.raised_at} />
          </span>
        </div>
        <div className="line-clamp-2 text-ink-2">{a.reason}</div>
      </div>
      <Link
        to="/listen/alerts/$id"
        params={{ id: a.id }}
        className={btn("o", "sm", "touch")}
        aria-label={t`Look at the alert about ${name}`}
      >
        <Trans>Look</Trans>
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
