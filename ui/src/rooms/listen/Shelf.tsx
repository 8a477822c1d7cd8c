import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Activity, BellRing, IdCard, MapPin, Pause, Plus, Radio } from "lucide-react";
import { Shelf, ShelfHead, ShelfLink } from "../../kit";
import { useCommands } from "../../lib/commands";
import { useMay } from "../../lib/session";
import { useOpenAlerts } from "./alerts";
import { useMonitors } from "./data";
import { useMatrix } from "./presence/data";

export const shelfName = () => t`Listen`;

// ListenShelf is the wall and the monitors, each with what a day brought.
export function ListenShelf({ wall }: { wall?: boolean }) {
  const monitors = useMonitors().data ?? [];
  const may = useMay("listen.write");
  const open = useOpenAlerts().data;
  const late = useMatrix().data?.overdue;
  const go = useNavigate();
  useCommands(t`Listen`, [
    ...(may
      ? [
          {
            id: "new-monitor",
            label: t`New monitor`,
            keys: "m",
            run: () => void go({ to: "/listen/monitors/new" }),
          },
        ]
      : []),
    ...monitors.map((m) => ({
      id: m.id,
      label: m.name,
      icon: <Radio className="i" aria-hidden />,
      run: () => void go({ to: "/listen/monitors/$id", params: { id: m.id } }),
    })),
  ]);
  return (
    <Shelf
      title={<Trans>Listen</Trans>}
      foot={
        may && (
          <ShelfLink to="/listen/monitors/new" icon={<Plus className="i" aria-hidden />}>
            <Trans>New monitor</Trans>
          </ShelfLink>
        )
      }
    >
      <ShelfLink
        to="/listen"
        here={Boolean(wall)}
        activeOptions={{ exact: true, includeSearch: false }}
        icon={<Activity className="i" aria-hidden />}
      >
        <Trans>Live wall</Trans>
      </ShelfLink>
      <ShelfLink
        to="/listen/alerts"
        activeOptions={{ exact: false, includeSearch: false }}
        icon={<BellRing className="i" aria-hidden />}
        n={open}
        tone="alarm"
      >
        <Trans>Alerts</Trans>
      </ShelfLink>
      <ShelfLink
        to="/listen/places"
        activeOptions={{ exact: false, includeSearch: false }}
        icon={<MapPin className="i" aria-hidden />}
      >
        <Trans>Places</Trans>
      </ShelfLink>
      <ShelfLink
        to="/listen/presence"
        activeOptions={{ exact: false, includeSearch: false }}
        icon={<IdCard className="i" aria-hidden />}
        n={late}
        tone="wait"
      >
        <Trans>Presence</Trans>
      </ShelfLink>
      {monitors.length > 0 && (
        <ShelfHead>
          <Trans>Monitors, 24 hours</Trans>
        </ShelfHead>
      )}
      {monitors.map((m) => (
        <MonitorLink key={m.id} id={m.id} name={m.name} n={m.count_24h} paused={m.state === "paused"} />
      ))}
    </Shelf>
  );
}

function MonitorLink({ id, name, n, paused }: { id: string; name: string; n: number; paused: boolean }) {
  const here = useParams({ strict: false }).id === id;
  const Icon = paused ? Pause : Radio;
  return (
    <ShelfLink
      to="/listen/monitors/$id"
      params={{ id }}
      here={here}
      icon={<Icon className="i" aria-hidden />}
      n={n}
    >
      {name}
    </ShelfLink>
  );
}
