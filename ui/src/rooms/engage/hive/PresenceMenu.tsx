import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { BedDouble, ChevronDown, CircleDot, Coffee, MoonStar, Settings2, Zap } from "lucide-react";
import { Button, Menu, MenuItem, MenuLabel, MenuLine, MenuNote } from "../../../kit";
import { clock } from "../../../lib/format";
import { type Me, type State, useSayState } from "./data";

const tones: Record<string, string> = {
  available: "bg-good",
  "": "bg-good",
  busy: "bg-wait",
  off: "bg-ink-3",
};

function later(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString();
}

function tomorrow(): string {
  const d = new Date();
  d.setDate(d.getDate() + 1);
  d.setHours(6, 0, 0, 0);
  return d.toISOString();
}

export function stateName(me: Pick<Me, "state" | "until">): string {
  const until = me.until ? clock(me.until) : undefined;
  switch (me.state) {
    case "available":
      return until ? t`Available until ${until}` : t`Available`;
    case "busy":
      return until ? t`Busy until ${until}` : t`Busy`;
    case "off":
      return until ? t`Off until ${until}` : t`Off`;
    default:
      return t`There while this is open`;
  }
}

// PresenceMenu is where one says whether one can be asked.
export function PresenceMenu({ me }: { me: Me }) {
  const say = useSayState();
  const set = (state: State, until?: string) => () => say.mutate({ state, ...(until ? { until } : {}) });
  return (
    <Menu
      align="end"
      trigger={
        <Button look="g" touch>
          <span className={`size-2.5 rounded-full ${tones[me.state]}`} aria-hidden />
          {stateName(me)}
          <ChevronDown className="i s" aria-hidden />
        </Button>
      }
    >
      <MenuLabel>
        <Trans>May you be asked?</Trans>
      </MenuLabel>
      <MenuItem
        icon={<Zap className="i" aria-hidden />}
        onSelect={set("available")}
        chosen={me.state === "available"}
      >
        <Trans>In my working hours</Trans>
      </MenuItem>
      <MenuItem icon={<CircleDot className="i" aria-hidden />} onSelect={set("")} chosen={me.state === ""}>
        <Trans>Only while this is open</Trans>
      </MenuItem>
      <MenuItem icon={<Coffee className="i" aria-hidden />} onSelect={set("busy", later(1))}>
        <Trans>Busy for an hour</Trans>
      </MenuItem>
      <MenuItem icon={<MoonStar className="i" aria-hidden />} onSelect={set("off", tomorrow())}>
        <Trans>Off until tomorrow</Trans>
      </MenuItem>
      <MenuItem
        icon={<BedDouble className="i" aria-hidden />}
        onSelect={set("off")}
        chosen={me.state === "off" && !me.until}
      >
        <Trans>Off</Trans>
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Settings2 className="i" aria-hidden />} link={<Link to="/hive/me" className="it" />}>
        <Trans>What I know, when I work</Trans>
      </MenuItem>
      <MenuNote>
        <Trans>
          Taken today or waiting for you: {me.load} of {me.limit}. You are never asked beyond that.
        </Trans>
      </MenuNote>
    </Menu>
  );
}
