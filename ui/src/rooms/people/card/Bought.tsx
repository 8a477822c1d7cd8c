import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { AsidePart, Avatar, Button, Time, tell } from "../../../kit";
import { minor } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { useDealActs, useDeals, useRoles } from "../deals/data";
import { AddRole } from "../orgs/AddRole";
import { Days } from "../orgs/OrgPage";
import { useOrders, useSpending } from "./data";

// Roles are whom somebody works and worked for.
export function Roles({ id, name }: { id: string; name: string }) {
  const roles = useRoles(id).data ?? [];
  const may = useMay("people.write");
  const { part, affiliate } = useDealActs();
  const [adds, setAdds] = useState(false);
  if (roles.length === 0 && !may) return null;
  return (
    <AsidePart title={<Trans>Works for</Trans>}>
      <ul className="flex flex-col gap-2">
        {roles.map((r) => (
          <li key={r.id} className="flex items-center gap-2">
            <Avatar name={r.organization.name} size="sm" org />
            <span className="min-w-0 flex-1">
              <Link
                to="/people/organizations/$id"
                params={{ id: r.organization.id }}
                className={`block truncate hover:underline ${r.until ? "text-ink-3" : ""}`}
              >
                {r.organization.name}
              </Link>
              <span className="block truncate text-xs text-ink-3">
                {r.title}
                {r.title && (r.since || r.until) && " · "}
                <Days of={r} />
              </span>
            </span>
            {may && (
              <Button
                look="g"
                size="sm"
                touch
                onClick={() =>
                  part.mutate(r.id, {
                    onSuccess: () =>
                      tell({
                        text: t`${name} no longer stands with ${r.organization.name}.`,
                        undo: () =>
                          affiliate.mutate({
                            org: r.organization.id,
                            person: id,
                            title: r.title ?? "",
                            since: r.since ?? "",
                          }),
                      }),
                  })
                }
              >
                <Trans>Not true</Trans>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {may && (
        <Button look="g" size="sm" touch className="mt-1 -ms-2" onClick={() => setAdds(true)}>
          <Trans>Add where they work</Trans>
        </Button>
      )}
      <AddRole person={{ id, name }} open={adds} onOpenChange={setAdds} />
    </AsidePart>
  );
}

// Bought is what somebody ordered and may order.
export function Bought({ id }: { id: string }) {
  const orders = useOrders(id);
  const spent = useSpending(id).data ?? [];
  const deals = useDeals({ person: id, state: "open" }).data ?? [];
  const rows = orders.data ?? [];
  if (rows.length === 0 && deals.length === 0) return null;
  const n = spent.reduce((s, x) => s + x.n, 0);
  return (
    <AsidePart
      title={<Trans>What they bought</Trans>}
      end={n > 0 && <Plural value={n} one="# paid order" other="# paid orders" />}
    >
      {spent.length > 0 && (
        <p className="pb-2 text-lg font-strong">
          {spent.map((s) => minor(s.amount, s.currency)).join(" · ")}
        </p>
      )}
      <ul className="flex flex-col gap-1.5">
        {deals.map((d) => (
          <li key={d.id} className="flex items-baseline gap-2">
            <Link
              to="/people/opportunities/$id"
              params={{ id: d.id }}
              className="min-w-0 flex-1 truncate hover:underline"
            >
              {d.name}
            </Link>
            <span className="text-xs text-ink-3">
              <Trans>open</Trans>
            </span>
            {d.currency && <span>{minor(d.amount, d.currency)}</span>}
          </li>
        ))}
        {rows.map((o) => (
          <li key={o.id} title={(o.lines ?? []).map((l) => l.name).join(", ")}>
            <span className="flex items-baseline gap-2">
              <Link
                to="/people/orders/$id"
                params={{ id: o.id }}
                className="min-w-0 flex-1 truncate hover:underline"
              >
                {o.number}
              </Link>
              <span className="text-xs text-ink-3">{statusName(o.status)}</span>
              {o.currency && <span>{minor(o.amount, o.currency)}</span>}
            </span>
            <span className="flex gap-2 text-xs text-ink-3">
              <span className="min-w-0 flex-1 truncate">{(o.lines ?? []).map((l) => l.name).join(", ")}</span>
              <Time at={o.at} />
            </span>
          </li>
        ))}
      </ul>
      {orders.hasMore && (
        <Button size="sm" look="g" touch busy={orders.loadingMore} onClick={orders.more}>
          <Trans>Show more</Trans>
        </Button>
      )}
      {rows.length > 0 && (
        <Link to="/people/orders" search={{ person: id }} className="link touch mt-2 inline-block text-xs">
          <Trans>In the list of orders</Trans>
        </Link>
      )}
    </AsidePart>
  );
}

export function statusName(status: string): string {
  switch (status) {
    case "placed":
      return t`placed`;
    case "paid":
      return t`paid`;
    case "sent":
      return t`sent`;
    case "done":
      return t`done`;
    case "cancelled":
      return t`cancelled`;
    case "refunded":
      return t`refunded`;
    case "open":
      return t`open`;
    case "won":
      return t`won`;
    case "lost":
      return t`lost`;
    default:
      return status;
  }
}
