import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Pause, Play, RefreshCw } from "lucide-react";
import { useState } from "react";
import { Button, btn, Chip, Confirm, Def, Facts, Section, States, Time, tell } from "../../kit";
import { count, when } from "../../lib/format";
import { useMay } from "../../lib/session";
import { useTurn } from "./Channels";
import { type ChannelFull, useChannel, useChannelActs } from "./data";
import { EditChannel } from "./EditChannel";
import { Finish } from "./Finish";
import { Frame } from "./Frame";
import { InRegister } from "./InRegister";
import { Secrets } from "./Secrets";
import { able, healthTone, healthWord } from "./words";

const route = getRouteApi("/frame/settings/channels/$id");

// ChannelPage is one channel: how it is, what it is set to, and what to do with it.
export function ChannelPage() {
  const { id } = route.useParams();
  const { fresh } = route.useSearch();
  const channel = useChannel(id);
  const c = channel.data;
  const may = useMay("channel.write");
  return (
    <Frame
      name={c?.name ?? t`Channel`}
      may={useMay("listen.read")}
      beside={c && <Chip tone={healthTone(c.health.state)}>{healthWord(c.health.state)}</Chip>}
      acts={c && may && <Acts c={c} />}
    >
      <States of={channel}>
        {(c) => (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-9 lg:grid-cols-2">
            <div className="flex flex-col gap-9">
              <Finish c={c} fresh={fresh ?? false} />
              <State c={c} />
              <Ends c={c} />
              {may && <Secrets c={c} />}
              <InRegister c={c} />
              <Broken c={c} />
              {may && <Remove c={c} />}
            </div>
            {may ? (
              <EditChannel key={c.id} c={c} />
            ) : (
              <p className="text-ink-2">
                <Trans>Managers and administrators can change its settings.</Trans>
              </p>
            )}
          </div>
        )}
      </States>
    </Frame>
  );
}

function Acts({ c }: { c: ChannelFull }) {
  const { poll } = useChannelActs();
  const turn = useTurn(c);
  const paused = c.state === "paused";
  return (
    <>
      {c.abilities?.includes("poll") && !paused && (
        <Button
          touch
          busy={poll.isPending}
          onClick={() => poll.mutate(c.id, { onSuccess: () => tell({ text: t`Looking at ${c.name} now.` }) })}
        >
          <RefreshCw className="i s" aria-hidden />
          <span className="max-sm:sr-only">
            <Trans>Look now</Trans>
          </span>
        </Button>
      )}
      <Button touch onClick={turn}>
        {paused ? <Play className="i s" aria-hidden /> : <Pause className="i s" aria-hidden />}
        <span className="max-sm:sr-only">{paused ? <Trans>Listen again</Trans> : <Trans>Pause</Trans>}</span>
      </Button>
    </>
  );
}

function State({ c }: { c: ChannelFull }) {
  const h = c.health;
  return (
    <Section title={<Trans>How it is</Trans>}>
      <p className="py-3 text-lg">{h.text}</p>
      <Facts
        of={[
          [<Trans key="n">Network</Trans>, c.title],
          [
            <Trans key="u">We are</Trans>,
            c.profile ? (
              c.profile.handle ? (
                `@${c.profile.handle}`
              ) : (
                c.profile.name
              )
            ) : (
              <Trans key="x">nobody there; we only listen</Trans>
            ),
          ],
          [<Trans key="a">It</Trans>, able(c.abilities).join(", ") || "–"],
          [<Trans key="p">Programme</Trans>, c.programme?.name ?? <Trans key="x">none</Trans>],
          [
            <Trans key="l">Last heard</Trans>,
            h.last_heard_at ? <Time key="t" at={h.last_heard_at} /> : <Trans key="x">never</Trans>,
          ],
          [
            <Trans key="h">Heard, 24 h</Trans>,
            <Link key="w" to="/listen" search={{ channel: c.id, time: "24h" }} className="link">
              {count(h.heard_24h)}
            </Link>,
          ],
          [
            <Def
              key="d"
              text={t`Heard, but no monitor and nobody of ours was meant; such posts are not kept.`}
            >
              <Trans>Dropped, 24 h</Trans>
            </Def>,
            count(h.dropped_24h),
          ],
          ...(h.limit
            ? [
                [
                  <Trans key="m">Asked to wait</Trans>,
                  <span key="v">
                    {h.limit.text} <Trans>It goes on {when(h.limit.until)}.</Trans>
                  </span>,
                ] as const,
              ]
            : []),
          ...(h.send_limit
            ? [
                [
                  <Trans key="sm">Asked to wait with replies</Trans>,
                  <span key="v">
                    {h.send_limit.text} <Trans>They go on {when(h.send_limit.until)}.</Trans>
                  </span>,
                ] as const,
              ]
            : []),
          ...(h.last_error
            ? [
                [
                  <Trans key="e">Last trouble</Trans>,
                  <span key="v">
                    {h.last_error} {h.last_error_at && <Time at={h.last_error_at} />}
                  </span>,
                ] as const,
              ]
            : []),
          ...(h.retry_at ? [[<Trans key="r">Tries again</Trans>, when(h.retry_at)] as const] : []),
        ]}
      />
      <div className="mt-4 flex gap-2">
        <Link to="/listen" search={{ channel: c.id }} className={btn("o", "sm", "touch")}>
          <Trans>See what it hears</Trans>
        </Link>
        {c.kind === "practice" && (
          <Link to="/settings/practice" className={btn("g", "sm", "touch")}>
            <Trans>Let somebody speak</Trans>
          </Link>
        )}
      </div>
    </Section>
  );
}

// Ends is what the channel depends on that ends some day: a token, a version of the network.
function Ends({ c }: { c: ChannelFull }) {
  const { check } = useChannelActs();
  const may = useMay("channel.write");
  const h = c.health;
  if (!c.abilities?.includes("expiry")) return null;
  return (
    <Section
      title={<Trans>What it depends on</Trans>}
      end={
        may &&
        c.state === "active" && (
          <Button look="g" size="sm" touch busy={check.isPending} onClick={() => check.mutate(c.id)}>
            <Trans>Ask now</Trans>
          </Button>
        )
      }
    >
      {(h.endings ?? []).length === 0 && (
        <p className="py-3 text-ink-2">
          <Trans>The network names nothing that ends.</Trans>
        </p>
      )}
      <ul>
        {(h.endings ?? []).map((e) => (
          <li key={e.what + e.at} className="border-b border-line py-2.5">
            <span className="flex flex-wrap items-center gap-2">
              <b className="font-strong">{e.what}</b>
              <Chip tone={e.ended ? "alarm" : e.soon ? "wait" : "outline"}>
                {e.ended ? t`ended ${when(e.at)}` : t`ends ${when(e.at)}`}
              </Chip>
            </span>
            {e.help && <span className="mt-0.5 block text-ink-2">{e.help}</span>}
          </li>
        ))}
      </ul>
      {h.endings_error && <p className="help bad py-2">{h.endings_error}</p>}
      {h.endings_checked_at && (
        <p className="py-2 text-xs text-ink-3">
          <Trans>
            Asked <Time at={h.endings_checked_at} />, and every day.
          </Trans>
        </p>
      )}
    </Section>
  );
}

function Broken({ c }: { c: ChannelFull }) {
  const rows = c.broken ?? [];
  if (rows.length === 0) return null;
  return (
    <Section title={<Trans>What could not be read</Trans>} n={rows.length}>
      <ul>
        {rows.map((b) => (
          <li key={b.key} className="border-b border-line py-2">
            <span className="block">{b.error}</span>
            <span className="text-xs text-ink-3">
              <span className="mono">{b.key}</span> · <Time at={b.at} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Remove({ c }: { c: ChannelFull }) {
  const { remove } = useChannelActs();
  const go = useNavigate();
  const [asks, setAsks] = useState(false);
  return (
    <Section title={<Trans>Remove it</Trans>}>
      <p className="py-3 text-ink-2">
        <Trans>It stops listening and forgets its keys. What was heard and said stays.</Trans>
      </p>
      <Confirm
        open={asks}
        onOpenChange={setAsks}
        trigger={
          <Button look="d" touch>
            <Trans>Remove {c.name}</Trans>
          </Button>
        }
        title={<Trans>Remove {c.name}?</Trans>}
        text={<Trans>Its keys are forgotten at once. To hear it again you connect it anew.</Trans>}
        look="d"
        act={<Trans>Remove it</Trans>}
        busy={remove.isPending}
        onAct={() =>
          remove.mutate(c.id, {
            onSuccess: () => {
              tell({ text: t`${c.name} is removed.` });
              void go({ to: "/settings/channels" });
            },
          })
        }
      />
    </Section>
  );
}
