import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import {
  AlarmClock,
  BookOpen,
  CheckCheck,
  CircleDashed,
  CircleUser,
  Hourglass,
  Inbox as Icon,
  Layers,
  type LucideIcon,
  Waypoints,
} from "lucide-react";
import { Shelf, ShelfHead, ShelfLink } from "../../kit";
import { useSession } from "../../lib/session";
import { useCounts } from "./data";
import { type View, views } from "./search";
import { viewName } from "./words";

const route = getRouteApi("/frame/engage");
const icons: Record<View, LucideIcon> = {
  mine: CircleUser,
  unassigned: CircleDashed,
  open: Icon,
  waiting: Hourglass,
  snoozed: AlarmClock,
  resolved: CheckCheck,
  all: Layers,
};

export function Views() {
  const { view = "open", programme } = route.useSearch();
  const counts = useCounts().data;
  const programmes = useSession()?.member?.programmes ?? [];
  return (
    <Shelf
      title={<Trans>Inbox</Trans>}
      foot={
        <ShelfLink to="/engage/know" here={false} icon={<BookOpen className="i" aria-hidden />}>
          <Trans>Knowledge</Trans>
        </ShelfLink>
      }
    >
      {views.map((v) => {
        const Sign = icons[v];
        const n = v === "all" || v === "resolved" ? undefined : counts?.[v];
        return (
          <ShelfLink
            key={v}
            to="/engage"
            search={{ view: v }}
            here={v === view && !programme}
            icon={<Sign className="i" aria-hidden />}
            n={n}
          >
            {viewName(v)}
          </ShelfLink>
        );
      })}
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
    </Shelf>
  );
}
