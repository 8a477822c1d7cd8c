import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Ellipsis, Pause, Pencil, Play, Plus, RefreshCw } from "lucide-react";
import { Button, btn, ChannelMark, Chip, Empty, Menu, MenuItem, States, Table, Time, tell } from "../../kit";
import { count } from "../../lib/format";
import { useMay } from "../../lib/session";
import { type Channel, useChannelActs, useChannels } from "./data";
import { Frame } from "./Frame";
import { able, healthTone, healthWord } from "./words";

// Channels are the places we listen to and speak in, each with its health in words.
export function Channels() {
  const channels = useChannels();
  const may = useMay("channel.write");
  const reads = useMay("listen.read");
  return (
    <Frame
      name={t`Channels`}
      may={reads}
      acts={
        may && (
          <Link to="/settings/channels/new" className={btn("p", "md", "touch")}>
            <Plus className="i s" aria-hidden />
            <Trans>Connect a channel</Trans>
          </Link>
        )
      }
    >
      <States
        of={channels}
        empty={
          <Empty
            title={<Trans>Nothing is connected.</Trans>}
            acts={
              may && (
                <>
                  <Link to="/settings/channels/new" className={btn("p", "sm")}>
                    <Trans>Connect a channel</Trans>
                  </Link>
                  <Link to="/settings/channels/new" search={{ kind: "practice" }} className={btn("g", "sm")}>
                    <Trans>Begin with practice</Trans>
                  </Link>
                </>
              )
            }
          >
            <Trans>As soon as a channel is connected, what people say there appears on the wall.</Trans>
          </Empty>
        }
      >
        {(rows) => (
          <Table
            label={t`Channels`}
            head={
              <>
                <th>
                  <Trans>Channel</Trans>
                </th>
                <th>
                  <Trans>Health</Trans>
                </th>
                <th className="max-md:hidden">
                  <Trans>Last heard</Trans>
                </th>
                <th className="num max-sm:hidden">
                  <Trans>Heard, 24 h</Trans>
                </th>
                <th className="num max-md:hidden">
                  <Trans>Dropped, 24 h</Trans>
                </th>
                <th>
                  <span className="sr-only">
                    <Trans>Acts</Trans>
                  </span>
                </th>
              </>
            }
          >
            {rows.map((c) => (
              <Row key={c.id} c={c} may={may} />
            ))}
          </Table>
        )}
      </States>
    </Frame>
  );
}

function Row({ c, may }: { c: Channel; may: boolean }) {
  const h = c.health;
  return (
    <tr>
      <td>
        <span className="flex items-center gap-2.5 py-1">
          <ChannelMark kind={c.kind} mark={c.mark} name={c.title} large />
          <span className="min-w-0">
            <Link to="/settings/channels/$id" params={{ id: c.id }} className="font-strong hover:underline">
              {c.name}
            </Link>
            <span className="block text-xs text-ink-3">
              {[
                c.profile?.handle && `@${c.profile.handle}`,
                c.title !== c.name && c.title,
                able(c.abilities).join(", "),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </span>
        </span>
      </td>
      <td className="max-w-80">
        <span className="flex flex-col items-start gap-0.5 py-1">
          <Chip tone={healthTone(h.state)}>{healthWord(h.state)}</Chip>
          {h.state !== "ok" && (
            <span className="line-clamp-2 text-xs text-ink-2 max-sm:hidden">{h.text}</span>
          )}
        </span>
      </td>
      <td className="text-ink-2 max-md:hidden">
        {h.last_heard_at ? <Time at={h.last_heard_at} /> : <Trans>never</Trans>}
      </td>
      <td className="num max-sm:hidden">
        <Link
          to="/listen"
          search={{ channel: c.id, time: "24h" }}
          className="link"
          aria-label={t`${count(h.heard_24h)} heard on ${c.name}`}
        >
          {count(h.heard_24h)}
        </Link>
      </td>
      <td className="num max-md:hidden" title={t`Heard, but no monitor and nobody of ours was meant`}>
        {count(h.dropped_24h)}
      </td>
      <td className="num">{may && <Acts c={c} />}</td>
    </tr>
  );
}

function Acts({ c }: { c: Channel }) {
  const acts = useChannelActs();
  const turn = useTurn(c);
  const paused = c.state === "paused";
  const polls = c.abilities?.includes("poll");
  return (
    <Menu
      align="end"
      trigger={
        <Button
          look="g"
          size="sm"
          square
          touch
          aria-label={t`Acts on ${c.name}`}
          title={t`Acts on ${c.name}`}
        >
          <Ellipsis className="i" aria-hidden />
        </Button>
      }
    >
      <MenuItem
        icon={<Pencil className="i" aria-hidden />}
        link={<Link to="/settings/channels/$id" params={{ id: c.id }} />}
      >
        <Trans>Edit</Trans>
      </MenuItem>
      <MenuItem
        icon={paused ? <Play className="i" aria-hidden /> : <Pause className="i" aria-hidden />}
        onSelect={turn}
      >
        {paused ? <Trans>Listen again</Trans> : <Trans>Pause</Trans>}
      </MenuItem>
      {polls && !paused && (
        <MenuItem
          icon={<RefreshCw className="i" aria-hidden />}
          onSelect={() =>
            acts.poll.mutate(c.id, { onSuccess: () => tell({ text: t`Looking at ${c.name} now.` }) })
          }
        >
          <Trans>Look now</Trans>
        </MenuItem>
      )}
    </Menu>
  );
}

// useTurn pauses a channel or lets it listen again, and can be taken back.
export function useTurn(c: Channel): () => void {
  const { pause, resume } = useChannelActs();
  const paused = c.state === "paused";
  const [there, back] = paused ? [resume, pause] : [pause, resume];
  return () =>
    there.mutate(c.id, {
      onSuccess: () =>
        tell({
          text: paused ? t`${c.name} listens again.` : t`${c.name} is paused.`,
          undo: () => back.mutate(c.id),
        }),
    });
}
