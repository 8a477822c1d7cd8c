import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import {
  BarChart3,
  CalendarDays,
  CircleAlert,
  Hand,
  ListOrdered,
  PartyPopper,
  PencilLine,
  Scale,
  SlidersHorizontal,
} from "lucide-react";
import { useState } from "react";
import { Button, Shelf, ShelfHead, ShelfLink } from "../../../kit";
import { useCommands } from "../../../lib/commands";
import { useMay } from "../../../lib/session";
import { usePublishCounts } from "./data";
import { HoldAll } from "./Holds";

export const shelfName = () => t`Publish`;

// PublishShelf is what one publishes, by what it waits for.
export function PublishShelf({ here }: { here?: string }) {
  const counts = usePublishCounts().data;
  const go = useNavigate();
  const may = useMay("publish.approve");
  const writes = useMay("publish.write");
  const [holds, setHolds] = useState(false);
  useCommands(t`Publish`, [
    { id: "calendar", label: t`Calendar`, run: () => void go({ to: "/publish" }) },
    ...(writes
      ? [{ id: "new-post", label: t`Write a post`, keys: "n", run: () => void go({ to: "/publish/new" }) }]
      : []),
    ...(may ? [{ id: "hold-all", label: t`Hold everything`, run: () => setHolds(true) }] : []),
  ]);
  const bad = (counts?.failed ?? 0) + (counts?.unknown ?? 0);
  return (
    <Shelf
      title={<Trans>Publish</Trans>}
      foot={
        may && (
          <Button look="d" className="w-full" onClick={() => setHolds(true)}>
            <Hand className="i s" aria-hidden />
            <Trans>Hold everything</Trans>
          </Button>
        )
      }
    >
      <ShelfLink
        to="/publish"
        here={here === "calendar"}
        activeOptions={{ exact: true, includeSearch: true }}
        icon={<CalendarDays className="i" aria-hidden />}
      >
        <Trans>Calendar</Trans>
      </ShelfLink>
      <ShelfLink
        to="/publish/list"
        search={{ stands: "draft" }}
        here={here === "draft"}
        icon={<PencilLine className="i" aria-hidden />}
        n={counts?.draft}
      >
        <Trans>Drafts</Trans>
      </ShelfLink>
      <ShelfLink
        to="/publish/list"
        search={{ stands: "in_review" }}
        here={here === "in_review"}
        icon={<Scale className="i" aria-hidden />}
        n={counts?.in_review}
        tone="wait"
      >
        <Trans>To review</Trans>
      </ShelfLink>
      <ShelfLink
        to="/publish/list"
        search={{ stands: "failed" }}
        here={here === "failed"}
        icon={<CircleAlert className="i" aria-hidden />}
        n={bad}
        tone="alarm"
      >
        <Trans>Failed</Trans>
      </ShelfLink>
      <ShelfLink
        to="/publish/list"
        search={{ stands: "held" }}
        here={here === "held"}
        icon={<Hand className="i" aria-hidden />}
        n={counts?.held}
        tone="wait"
      >
        <Trans>Held</Trans>
      </ShelfLink>
      <ShelfLink
        to="/publish/list"
        here={here === "list"}
        activeOptions={{ exact: true, includeSearch: true }}
        icon={<ListOrdered className="i" aria-hidden />}
      >
        <Trans>Everything</Trans>
      </ShelfLink>
      <ShelfLink
        to="/publish/events"
        here={here === "events"}
        icon={<PartyPopper className="i" aria-hidden />}
      >
        <Trans>Events</Trans>
      </ShelfLink>
      <ShelfHead>
        <Trans>What came of it</Trans>
      </ShelfHead>
      <ShelfLink
        to="/publish/results"
        here={here === "results"}
        icon={<BarChart3 className="i" aria-hidden />}
      >
        <Trans>Results</Trans>
      </ShelfLink>
      <ShelfHead>
        <Trans>How it goes</Trans>
      </ShelfHead>
      <ShelfLink
        to="/publish/queues"
        here={here === "queues"}
        icon={<SlidersHorizontal className="i" aria-hidden />}
      >
        <Trans>Queues and approval</Trans>
      </ShelfLink>
      <HoldAll open={holds} onOpenChange={setHolds} />
    </Shelf>
  );
}
