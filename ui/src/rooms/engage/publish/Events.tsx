import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button, Chip, Empty, Page, PageBody, Segments, States, Table, Time } from "../../../kit";
import { count } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { EventDialog } from "./EventForm";
import { type EventOf, useEvents } from "./events";
import { fullIn } from "./moment";
import { PublishShelf, shelfName } from "./Shelf";

const route = getRouteApi("/frame/publish/events");

// Events is to what people are invited, the next first.
export function Events() {
  const { past } = route.useSearch();
  const go = route.useNavigate();
  const events = useEvents(past ?? false);
  const may = useMay("publish.write");
  const [asks, setAsks] = useState(false);
  return (
    <Page
      name={t`Events`}
      title={t`Events`}
      shelf={<PublishShelf here="events" />}
      shelfName={shelfName()}
      acts={
        may && (
          <Button look="p" touch onClick={() => setAsks(true)}>
            <Plus className="i s" aria-hidden />
            <Trans>New event</Trans>
          </Button>
        )
      }
    >
      <PageBody>
        <div className="mb-4">
          <Segments
            label={t`Which`}
            value={past ? "past" : "next"}
            onChange={(v) => void go({ search: v === "past" ? { past: true } : {}, replace: true })}
            parts={[
              { value: "next", label: t`To come` },
              { value: "past", label: t`Over` },
            ]}
          />
        </div>
        <States
          of={events}
          empty={
            <Empty title={past ? <Trans>Nothing is over yet.</Trans> : <Trans>No event is planned.</Trans>}>
              <Trans>An event has a page of its own, on which people say whether they come.</Trans>
            </Empty>
          }
        >
          {(rows) => (
            <>
              <List rows={rows} />
              {events.hasMore && (
                <Button className="mt-4" busy={events.loadingMore} onClick={events.more}>
                  <Trans>Show more</Trans>
                </Button>
              )}
            </>
          )}
        </States>
      </PageBody>
      <EventDialog
        open={asks}
        onOpenChange={setAsks}
        onDone={(id) => void go({ to: "/publish/events/$id", params: { id } })}
      />
    </Page>
  );
}

export function StandingChip({ of }: { of: EventOf["standing"] }) {
  switch (of) {
    case "open":
      return (
        <Chip tone="good">
          <Trans>Open</Trans>
        </Chip>
      );
    case "cancelled":
      return (
        <Chip tone="alarm">
          <Trans>Cancelled</Trans>
        </Chip>
      );
    default:
      return (
        <Chip tone="outline">
          <Trans>Not open</Trans>
        </Chip>
      );
  }
}

function List({ rows }: { rows: readonly EventOf[] }) {
  return (
    <Table
      label={t`Events`}
      head={
        <>
          <th>
            <Trans>Event</Trans>
          </th>
          <th>
            <Trans>When</Trans>
          </th>
          <th>
            <Trans>Answers</Trans>
          </th>
          <th className="num">
            <Trans>Come</Trans>
          </th>
          <th className="num">
            <Trans>Waiting</Trans>
          </th>
        </>
      }
    >
      {rows.map((e) => (
        <tr key={e.id}>
          <td className="max-w-100">
            <Link
              to="/publish/events/$id"
              params={{ id: e.id }}
              className="block min-h-6 truncate font-strong"
            >
              {e.title}
            </Link>
            {e.place && <span className="block truncate text-xs text-ink-3">{e.place}</span>}
          </td>
          <td>
            <Time at={e.start} show={(at) => fullIn(at, e.zone)} />
          </td>
          <td>
            <StandingChip of={e.standing} />
          </td>
          <td className="num">
            {count(e.yes)}
            {e.capacity > 0 && <span className="text-ink-3"> / {count(e.capacity)}</span>}
          </td>
          <td className="num">{count(e.waiting)}</td>
        </tr>
      ))}
    </Table>
  );
}
