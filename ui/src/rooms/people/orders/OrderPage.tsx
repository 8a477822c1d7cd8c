import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChevronLeft, ExternalLink } from "lucide-react";
import { Avatar, btn, Page, PageBody, Section, States, Table, Time } from "../../../kit";
import { minor } from "../../../lib/format";
import { Changes } from "../Changes";
import { type OrderFull, useOrder } from "./data";
import { State } from "./Orders";

const route = getRouteApi("/frame/people/orders/$id");

// OrderPage is one order: who bought what, and what was counted of it.
export function OrderPage() {
  const { id } = route.useParams();
  const order = useOrder(id);
  const name = order.data?.number ?? t`Order`;
  return (
    <Page
      name={name}
      title={
        <span className="flex items-center gap-1">
          <Link to="/people/orders" className={btn("g", "sm", "sq -ms-2")} aria-label={t`All orders`}>
            <ChevronLeft className="i rtl:-scale-x-100" aria-hidden />
          </Link>
          <span className="truncate">{name}</span>
        </span>
      }
      acts={
        order.data?.url ? (
          <a
            href={order.data.url}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className={btn("g", "sm")}
          >
            <ExternalLink className="i s" aria-hidden />
            <Trans>In the shop</Trans>
          </a>
        ) : undefined
      }
    >
      <PageBody className="max-w-3xl">
        <States of={order}>
          {(o) => (
            <>
              <div className="mb-6 flex flex-wrap items-baseline gap-x-4 gap-y-1">
                <p className="text-xl font-strong tracking-tight">
                  {o.currency ? minor(o.amount, o.currency) : <Trans>No amount</Trans>}
                </p>
                <State of={o.status} />
                <span className="text-ink-3">
                  <Trans>
                    placed <Time at={o.at} />
                  </Trans>
                  {o.source && ` · ${o.source}`}
                </span>
              </div>
              <Who of={o} />
              <Lines of={o} />
              <Counted of={o} />
              <Changes object="order" id={o.id} />
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

function Who({ of: o }: { of: OrderFull }) {
  return (
    <Section title={<Trans>Who and why</Trans>} className="pb-6">
      <ul className="pt-2">
        <li className="flex min-h-9 items-center gap-2">
          {o.person ? (
            <>
              <Avatar name={o.person.name} size="sm" />
              <Link to="/people/$id" params={{ id: o.person.id }} className="truncate hover:underline">
                {o.person.name}
              </Link>
            </>
          ) : (
            <span className="text-ink-3">
              <Trans>Of nobody whom you know.</Trans>
            </span>
          )}
        </li>
        {o.organization && (
          <li className="flex min-h-9 items-center gap-2">
            <Avatar name={o.organization.name} size="sm" org />
            <Link
              to="/people/organizations/$id"
              params={{ id: o.organization.id }}
              className="truncate hover:underline"
            >
              {o.organization.name}
            </Link>
          </li>
        )}
        {o.opportunity && (
          <li className="flex min-h-9 items-center">
            <Link to="/people/opportunities/$id" params={{ id: o.opportunity }} className="link">
              <Trans>The opportunity that it came of</Trans>
            </Link>
          </li>
        )}
        {o.talk && (
          <li className="flex min-h-9 items-center">
            <Link
              to="/engage"
              search={{ view: "all", c: o.talk.id }}
              className="min-w-0 truncate hover:underline"
            >
              <Trans>Credited to the conversation: {o.talk.subject}</Trans>
            </Link>
          </li>
        )}
      </ul>
    </Section>
  );
}

function Lines({ of: o }: { of: OrderFull }) {
  const lines = o.lines ?? [];
  if (lines.length === 0) return null;
  return (
    <Section title={<Trans>What was ordered</Trans>} n={lines.length} className="pb-6">
      <Table
        label={t`What was ordered`}
        head={
          <>
            <th>
              <Trans>Name</Trans>
            </th>
            <th className="num">
              <Trans>Quantity</Trans>
            </th>
            <th className="num">
              <Trans>Amount</Trans>
            </th>
          </>
        }
      >
        {lines.map((l, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
          <tr key={i}>
            <td>
              <span className="block truncate">{l.name}</span>
              {l.sku && <span className="block truncate text-xs text-ink-3">{l.sku}</span>}
            </td>
            <td className="num">{l.quantity}</td>
            <td className="num">{o.currency ? minor(l.amount, o.currency) : "–"}</td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

// Counted is what became of it among the outcomes.
function Counted({ of: o }: { of: OrderFull }) {
  const all = o.credits ?? [];
  return (
    <Section title={<Trans>Counted as an outcome</Trans>} className="pb-6">
      {all.length === 0 ? (
        <p className="pt-3 text-ink-3">
          <Trans>Not counted: it was never paid.</Trans>
        </p>
      ) : (
        <ul>
          {all.map((c, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
            <li key={i} className="flex min-h-10 items-center gap-3 border-b border-line">
              <span className="min-w-0 flex-1">
                {c.back ? (
                  c.kind === "cancellation" ? (
                    <Trans>Taken back: the order was cancelled</Trans>
                  ) : (
                    <Trans>Taken back: the order was refunded</Trans>
                  )
                ) : (
                  <Trans>Counted</Trans>
                )}
              </span>
              <Time at={c.at} className="text-xs text-ink-3" />
              <span className="num">{c.currency ? minor(c.amount, c.currency) : ""}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
