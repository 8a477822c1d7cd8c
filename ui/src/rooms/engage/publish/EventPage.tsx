import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { CalendarDays, Copy, ExternalLink, UserX } from "lucide-react";
import { useState } from "react";
import {
  Button,
  btn,
  Checkbox,
  Chip,
  Confirm,
  Empty,
  Facts,
  Page,
  PageBody,
  Section,
  States,
  Table,
  Time,
  tell,
} from "../../../kit";
import { count } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { EventDialog } from "./EventForm";
import { LettersOf, Told } from "./EventLetters";
import { StandingChip } from "./Events";
import {
  draftOf,
  type EventOf,
  type Guest,
  useEvent,
  useEventActs,
  useEventLetters,
  useGuests,
} from "./events";
import { fullIn } from "./moment";
import { PublishShelf, shelfName } from "./Shelf";

const route = getRouteApi("/frame/publish/events/$id");

// EventPage is one event: what it is, its public page, and who answered.
export function EventPage() {
  const { id } = route.useParams();
  const event = useEvent(id);
  const name = event.data?.title ?? t`Event`;
  return (
    <Page
      name={name}
      title={name}
      beside={event.data && <StandingChip of={event.data.standing} />}
      shelf={<PublishShelf here="events" />}
      shelfName={shelfName()}
      acts={event.data && <Acts of={event.data} />}
    >
      <PageBody className="flex max-w-5xl flex-col gap-8">
        <States of={event}>{(e) => <About of={e} />}</States>
        <Guests id={id} />
        <LettersOf id={id} />
      </PageBody>
    </Page>
  );
}

function Acts({ of: e }: { of: EventOf }) {
  const acts = useEventActs();
  const may = useMay("publish.write");
  const [asks, setAsks] = useState<"change" | "cancel">();
  const letters = useEventLetters(e.id, may);
  if (!may) return null;
  const stand = (standing: EventOf["standing"]) =>
    acts.write.mutate(
      { ...draftOf(e), id: e.id, standing, seen: e.version },
      { onSuccess: () => setAsks(undefined), onError: (x) => tell({ text: sentenceOf(x), bad: true }) },
    );
  return (
    <>
      <Button look="g" onClick={() => setAsks("change")}>
        <Trans>Change</Trans>
      </Button>
      {e.standing === "open" && (
        <Button look="g" onClick={() => setAsks("cancel")}>
          <Trans>Cancel it</Trans>
        </Button>
      )}
      {e.standing === "open" ? (
        <Button busy={acts.write.isPending} onClick={() => stand("closed")}>
          <Trans>Close answers</Trans>
        </Button>
      ) : (
        <Button look="p" busy={acts.write.isPending} onClick={() => stand("open")}>
          <Trans>Open for answers</Trans>
        </Button>
      )}
      <EventDialog
        of={e}
        open={asks === "change"}
        onOpenChange={(o) => setAsks(o ? "change" : undefined)}
        onDone={() => {}}
      />
      <Confirm
        open={asks === "cancel"}
        onOpenChange={(o) => setAsks(o ? "cancel" : undefined)}
        title={<Trans>Cancel the event?</Trans>}
        text={
          letters.data?.through ? (
            <Trans>
              Its page and its calendar file say so, and a minute later every guest who did not say no is told
              by mail.
            </Trans>
          ) : (
            <Trans>
              Its page says so, and so does its calendar file. Tell the guests yourself: Parley sends them
              nothing.
            </Trans>
          )
        }
        act={<Trans>Cancel the event</Trans>}
        look="d"
        busy={acts.write.isPending}
        onAct={() => stand("cancelled")}
      />
    </>
  );
}

function About({ of: e }: { of: EventOf }) {
  const page = new URL(e.page, location.origin).href;
  const copy = () =>
    navigator.clipboard.writeText(page).then(
      () => tell({ text: t`The address is copied.` }),
      () => tell({ text: t`The address could not be copied; mark it and copy it yourself.`, bad: true }),
    );
  return (
    <div>
      <Facts
        of={[
          [t`Begins`, <Time key="s" at={e.start} show={(at) => fullIn(at, e.zone)} />],
          [t`Ends`, <Time key="e" at={e.end} show={(at) => fullIn(at, e.zone)} />],
          ...(e.place ? [[t`Where`, e.place] as const] : []),
          [t`Room for`, e.capacity > 0 ? count(e.capacity) : t`any number`],
          ...(e.programme ? [[t`Programme`, e.programme.name] as const] : []),
          [
            t`Its page`,
            <span key="p" className="flex flex-wrap items-center gap-2">
              <a href={e.page} target="_blank" rel="noreferrer" className="break-all underline">
                {page}
              </a>
              <Button look="g" square size="sm" aria-label={t`Copy the address`} onClick={() => void copy()}>
                <Copy className="i s" aria-hidden />
              </Button>
              <ExternalLink className="i s text-ink-3" aria-hidden />
            </span>,
          ],
        ]}
      />
      {e.about && <p className="mt-3 max-w-3xl break-words whitespace-pre-wrap">{e.about}</p>}
      <div className="mt-4 flex flex-wrap gap-2">
        <a className={btn("o", "sm")} href={e.calendar} download>
          <CalendarDays className="i s" aria-hidden />
          <Trans>Calendar file</Trans>
        </a>
      </div>
      <p className="mt-4 text-lg font-strong">
        <Trans>
          {count(e.yes)} come, {count(e.maybe)} perhaps, {count(e.no)} do not; {count(e.waiting)} wait for
          room.
        </Trans>
      </p>
    </div>
  );
}

function Guests({ id }: { id: string }) {
  const may = useMay("publish.write");
  const guests = useGuests(id, may);
  const acts = useEventActs();
  const [drops, setDrops] = useState<Guest>();
  if (!may) return null;
  const says = (g: Guest) =>
    g.waiting ? (
      <Chip tone="wait">
        <Trans>Waits</Trans>
      </Chip>
    ) : g.coming === "yes" ? (
      <Chip tone="good">
        <Trans>Comes</Trans>
      </Chip>
    ) : g.coming === "maybe" ? (
      <Chip tone="outline">
        <Trans>Perhaps</Trans>
      </Chip>
    ) : (
      <Chip>
        <Trans>Does not come</Trans>
      </Chip>
    );
  return (
    <Section title={<Trans>Guests</Trans>}>
      <States of={guests} empty={<Empty title={<Trans>Nobody has answered yet.</Trans>} />}>
        {(rows) => (
          <>
            <Table
              label={t`Guests`}
              head={
                <>
                  <th>
                    <Trans>Who</Trans>
                  </th>
                  <th>
                    <Trans>Answer</Trans>
                  </th>
                  <th>
                    <Trans>Told by mail</Trans>
                  </th>
                  <th>
                    <Trans>Came</Trans>
                  </th>
                  <th className="num">
                    <Trans>Answered</Trans>
                  </th>
                  <th>
                    <span className="sr-only">
                      <Trans>Acts</Trans>
                    </span>
                  </th>
                </>
              }
            >
              {rows.map((g) => (
                <tr key={g.id}>
                  <td>
                    {g.name}
                    <span className="block text-xs text-ink-3">{g.email}</span>
                  </td>
                  <td>{says(g)}</td>
                  <td>
                    <Told of={g.told} />
                  </td>
                  <td>
                    <Checkbox
                      hidden
                      label={t`${g.name} came`}
                      checked={g.came}
                      onChange={(came) =>
                        acts.came.mutate(
                          { id, guest: g.id, came },
                          { onError: (e) => tell({ text: sentenceOf(e), bad: true }) },
                        )
                      }
                    />
                  </td>
                  <td className="num">
                    <Time at={g.at} />
                  </td>
                  <td>
                    <Button
                      look="g"
                      square
                      size="sm"
                      aria-label={t`Remove ${g.name}`}
                      onClick={() => setDrops(g)}
                    >
                      <UserX className="i s" aria-hidden />
                    </Button>
                  </td>
                </tr>
              ))}
            </Table>
            {guests.hasMore && (
              <Button className="mt-4" busy={guests.loadingMore} onClick={guests.more}>
                <Trans>Show more</Trans>
              </Button>
            )}
          </>
        )}
      </States>
      <Confirm
        open={drops !== undefined}
        onOpenChange={(o) => !o && setDrops(undefined)}
        title={<Trans>Remove this guest?</Trans>}
        text={<Trans>Their name, address and answer go for good. Who waits moves up.</Trans>}
        act={<Trans>Remove</Trans>}
        look="d"
        busy={acts.forget.isPending}
        onAct={() =>
          drops &&
          acts.forget.mutate(
            { id, guest: drops.id },
            {
              onSuccess: () => setDrops(undefined),
              onError: (e) => tell({ text: sentenceOf(e), bad: true }),
            },
          )
        }
      />
    </Section>
  );
}
