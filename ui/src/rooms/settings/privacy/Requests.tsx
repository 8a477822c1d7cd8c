import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Button, Chip, Empty, HoldLine, Section, Segments, States, Table, Time } from "../../../kit";
import { day } from "../../../lib/format";
import { requestKind, requestState, requestTone } from "../../../lib/privacy";
import { type Hold, useHolds, useRequests } from "./requests";

// Requests is the register of what people asked of us about themselves.
export function Requests({
  closed,
  onClosed,
  onOpen,
}: {
  closed: boolean;
  onClosed: (c: boolean) => void;
  onOpen: (id: string) => void;
}) {
  const requests = useRequests(closed);
  return (
    <Section
      title={<Trans>What people ask of us</Trans>}
      end={
        <Segments
          label={t`Which requests`}
          value={closed ? "closed" : "open"}
          onChange={(v) => onClosed(v === "closed")}
          parts={[
            { value: "open", label: t`Open` },
            { value: "closed", label: t`Closed` },
          ]}
        />
      }
    >
      <p className="max-w-(--measure) py-3 text-ink-2">
        <Trans>
          A copy of everything, or to be forgotten. Each request is due thirty days after it was asked;
          whoever keeps privacy is told a week before. It is written down on the person’s page.
        </Trans>
      </p>
      <States
        of={requests}
        empty={
          <Empty
            title={closed ? <Trans>None was closed yet.</Trans> : <Trans>Nobody waits for anything.</Trans>}
          >
            <Trans>When a customer asks, open their page and press “They ask”.</Trans>
          </Empty>
        }
      >
        {(rows) => (
          <Table
            label={t`Requests`}
            head={
              <>
                <th>
                  <Trans>Who</Trans>
                </th>
                <th>
                  <Trans>What</Trans>
                </th>
                <th className="max-md:hidden">
                  <Trans>Asked</Trans>
                </th>
                <th className="max-sm:hidden">{closed ? <Trans>Closed</Trans> : <Trans>Due</Trans>}</th>
                <th>
                  <Trans>State</Trans>
                </th>
              </>
            }
          >
            {rows.map((r) => (
              <tr key={r.id}>
                <td className="font-strong">{r.person.name}</td>
                <td>
                  <Button look="g" size="sm" touch className="-ms-2" onClick={() => onOpen(r.id)}>
                    {requestKind(r.kind)}
                  </Button>
                </td>
                <td className="max-md:hidden">
                  <Time at={r.asked_at} />
                </td>
                <td className="max-sm:hidden">{day(closed ? (r.closed_at ?? r.due_at) : r.due_at)}</td>
                <td>
                  <Chip tone={requestTone(r)}>{r.late ? t`late` : requestState(r.state)}</Chip>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </States>
      {requests.hasMore && (
        <Button size="sm" look="g" touch busy={requests.loadingMore} onClick={requests.more}>
          <Trans>Show more</Trans>
        </Button>
      )}
    </Section>
  );
}

// Holds lists what may not go, and why.
export function Holds() {
  const holds = useHolds().data ?? [];
  if (holds.length === 0) return null;
  return (
    <Section title={<Trans>Legal holds</Trans>} n={holds.length}>
      <ul>
        {holds.map((h) => (
          <HoldLine key={h.id} of={h} may name={<On of={h} />} />
        ))}
      </ul>
    </Section>
  );
}

// On leads to what is held.
function On({ of: h }: { of: Hold }) {
  const look = "font-strong hover:underline";
  if (h.kind === "person")
    return (
      <Link to="/people/$id" params={{ id: h.on.id }} className={look}>
        {h.on.name}
      </Link>
    );
  if (h.kind === "programme")
    return (
      <Link to="/govern/programmes/$id" params={{ id: h.on.id }} className={look}>
        <Trans>Programme {h.on.name}</Trans>
      </Link>
    );
  return (
    <Link to="/engage" search={{ c: h.on.id }} className={look}>
      <Trans>Conversation: {h.on.name}</Trans>
    </Link>
  );
}
