import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import {
  AlarmClock,
  AtSign,
  BookOpen,
  CheckCheck,
  CircleDashed,
  CircleUser,
  Hourglass,
  Inbox as Icon,
  Layers,
  ListFilter,
  type LucideIcon,
  Plus,
  Smile,
  Timer,
  UsersRound,
  Waypoints,
} from "lucide-react";
import { useState } from "react";
import { Shelf, ShelfHead, ShelfLink } from "../../kit";
import { useCommands } from "../../lib/commands";
import { useSession } from "../../lib/session";
import { useCounts } from "./data";
import { useTeams, useViewCounts, useViews } from "./desk";
import { type View, views } from "./search";
import { ViewEditor } from "./ViewEditor";
import { viewName } from "./words";

const route = getRouteApi("/frame/engage");
const icons: Record<View, LucideIcon> = {
  mine: CircleUser,
  unassigned: CircleDashed,
  mentions: AtSign,
  open: Icon,
  waiting: Hourglass,
  snoozed: AlarmClock,
  resolved: CheckCheck,
  all: Layers,
};

export function Views() {
  const { view = "open", programme, saved, team } = route.useSearch();
  const go = route.useNavigate();
  const counts = useCounts().data;
  const kept = useViews().data?.items ?? [];
  const viewCounts = useViewCounts(kept.length > 0).data;
  const teams = useTeams().data ?? [];
  const programmes = useSession()?.member?.programmes ?? [];
  const [making, setMaking] = useState(false);
  const plain = !programme && !saved && !team;
  useCommands(t`Inbox`, [
    { id: "new-view", label: t`New view`, run: () => setMaking(true) },
    ...kept.map((v) => ({
      id: `view-${v.id}`,
      label: t`View: ${v.name}`,
      icon: <ListFilter className="i" aria-hidden />,
      run: () => void go({ search: { saved: v.id } }),
    })),
  ]);
  const shown = (id: string) => {
    const c = viewCounts?.get(id);
    if (!c || c.n === 0) return undefined;
    return c.n >= 100 ? "99+" : c.sure ? String(c.n) : `${c.n}+`;
  };
  return (
    <Shelf
      title={<Trans>Inbox</Trans>}
      foot={
        <>
          <ShelfLink to="/engage/pace" here={false} icon={<Timer className="i" aria-hidden />}>
            <Trans>On time</Trans>
          </ShelfLink>
          <ShelfLink to="/engage/satisfaction" here={false} icon={<Smile className="i" aria-hidden />}>
            <Trans>Satisfaction</Trans>
          </ShelfLink>
          <ShelfLink to="/engage/know" here={false} icon={<BookOpen className="i" aria-hidden />}>
            <Trans>Knowledge</Trans>
          </ShelfLink>
        </>
      }
    >
      {views.map((v) => {
        const Sign = icons[v];
        const n = v === "all" || v === "resolved" || v === "mentions" ? undefined : counts?.[v];
        return (
          <ShelfLink
            key={v}
            to="/engage"
            search={{ view: v }}
            here={v === view && plain}
            icon={<Sign className="i" aria-hidden />}
            n={n}
          >
            {viewName(v)}
          </ShelfLink>
        );
      })}
      <ShelfHead>
        <span className="flex items-center">
          <Trans>Views</Trans>
          <button
            type="button"
            className="btn g sm sq ms-auto -me-1"
            aria-label={t`New view`}
            title={t`New view`}
            onClick={() => setMaking(true)}
          >
            <Plus className="i s" aria-hidden />
          </button>
        </span>
      </ShelfHead>
      {kept.length === 0 && (
        <p className="px-2 pb-1 text-xs text-ink-3">
          <Trans>What you look for again and again can stand here.</Trans>
        </p>
      )}
      {kept.map((v) => (
        <ShelfLink
          key={v.id}
          to="/engage"
          search={{ saved: v.id }}
          here={v.id === saved}
          icon={
            v.shared ? (
              <ListFilter className="i" aria-label={t`Shared view`} />
            ) : (
              <ListFilter className="i" aria-hidden />
            )
          }
          q={shown(v.id)}
        >
          {v.name}
        </ShelfLink>
      ))}
      {teams.length > 0 && (
        <ShelfHead>
          <Trans>Teams</Trans>
        </ShelfHead>
      )}
      {[...teams]
        .sort((a, b) => Number(b.mine) - Number(a.mine))
        .map((x) => (
          <ShelfLink
            key={x.id}
            to="/engage"
            search={{ team: x.id }}
            here={x.id === team}
            icon={<UsersRound className="i" aria-hidden />}
            q={x.open === 0 ? undefined : x.open >= 100 ? "99+" : String(x.open)}
          >
            {x.name}
          </ShelfLink>
        ))}
      {programmes.length > 0 && (
        <ShelfHead>
          <Trans>Programmes</Trans>
        </ShelfHead>
      )}
      {programmes.map((p) => (
        <ShelfLink
          key={p.id}
          to="/engage"
          search={{ view: "open", programme: p.id }}
          here={p.id === programme}
          icon={<Waypoints className="i" aria-label={t`Programme`} />}
        >
          {p.name}
        </ShelfLink>
      ))}
      <ViewEditor
        open={making}
        onOpenChange={setMaking}
        onSaved={(id) => void go({ search: { saved: id } })}
      />
    </Shelf>
  );
}
