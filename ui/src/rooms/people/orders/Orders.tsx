import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Download, FileUp, UserRound, X } from "lucide-react";
import { useRef, useState } from "react";
import { Button, btn, Chip, Dialog, Empty, Input, Page, Select, States, Table, Time } from "../../../kit";
import { useCommands } from "../../../lib/commands";
import { minor } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { statusName } from "../card/Bought";
import { usePerson } from "../data";
import { PickPerson } from "../deals/Pick";
import { Find } from "../Find";
import { useProgrammes } from "../import/data";
import { PeopleShelf, shelfName } from "../Shelf";
import { csvPath, type Narrow, useOrderList, useOrderSums } from "./data";

const route = getRouteApi("/frame/people/orders");
const statuses = ["placed", "paid", "sent", "done", "cancelled", "refunded"] as const;

// Orders are what customers bought, the newest first. What is asked for stands in the address.
export function Orders() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const set = (change: Partial<Narrow>) => void go({ search: (s) => ({ ...s, ...change }), replace: true });
  const mayImport = useMay("people.import");
  const field = useRef<HTMLInputElement>(null);
  const orders = useOrderList(search);
  const sums = useOrderSums(search).data;
  const programmes = useProgrammes().data ?? [];
  const narrowed = Object.values(search).some((v) => v !== undefined);
  useCommands(t`Orders`, [
    { id: "find-order", label: t`Find an order`, keys: "/", run: () => field.current?.focus() },
  ]);
  return (
    <Page
      name={t`Orders`}
      title={<Trans>Orders</Trans>}
      shelf={<PeopleShelf here="orders" />}
      shelfName={shelfName()}
      acts={
        <>
          {mayImport && (
            <Link to="/people/imports" className={btn("g", "sm")}>
              <FileUp className="i s" aria-hidden />
              <span className="max-sm:sr-only">
                <Trans>Import orders</Trans>
              </span>
            </Link>
          )}
          <a href={csvPath(search)} download className={btn("g", "sm")}>
            <Download className="i s" aria-hidden />
            <span className="max-sm:sr-only">
              <Trans>As CSV</Trans>
            </span>
          </a>
        </>
      }
    >
      <div className="scroll">
        <div className="px-4 py-3 sm:px-6">
          <div className="touch flex flex-wrap items-center gap-2 pb-3">
            <Find q={search.q} field={field} label={t`Find an order`} onFind={(q) => set({ q })} />
            <Select
              className="w-auto!"
              label={t`State`}
              value={search.status ?? "all"}
              onChange={(s) => set({ status: s === "all" ? undefined : s })}
              choices={[
                { value: "all" as const, label: <Trans>Every state</Trans> },
                ...statuses.map((s) => ({ value: s, label: statusName(s) })),
              ]}
            />
            <Select
              className="w-auto!"
              label={t`Time`}
              value={search.back ?? "all"}
              onChange={(b) => set({ back: b === "all" ? undefined : b })}
              choices={[
                { value: "all" as const, label: <Trans>Any time</Trans> },
                { value: "30d" as const, label: <Trans>Last 30 days</Trans> },
                { value: "90d" as const, label: <Trans>Last 90 days</Trans> },
                { value: "1y" as const, label: <Trans>Last year</Trans> },
              ]}
            />
            {((sums?.sources ?? []).length > 0 || search.source) && (
              <Select
                className="w-auto!"
                label={t`Source`}
                value={search.source ?? ""}
                onChange={(s) => set({ source: s || undefined })}
                choices={[
                  { value: "", label: <Trans>Every source</Trans> },
                  ...(sums?.sources ?? []).map((s) => ({ value: s, label: s })),
                ]}
              />
            )}
            {(programmes.length > 1 || search.programme) && (
              <Select
                className="w-auto!"
                label={t`Programme`}
                value={search.programme ?? ""}
                onChange={(p) => set({ programme: p || undefined })}
                choices={[
                  { value: "", label: <Trans>Every programme</Trans> },
                  ...programmes.map((p) => ({ value: p.id, label: p.name })),
                ]}
              />
            )}
            <OfPerson id={search.person} onSet={(person) => set({ person })} />
            <Amount label={t`Amount from`} value={search.least} onSet={(least) => set({ least })} />
            <Amount label={t`Amount to`} value={search.most} onSet={(most) => set({ most })} />
          </div>
          {sums?.known && !search.person && (sums.items ?? []).length > 0 && (
            <ul className="flex flex-wrap gap-x-5 gap-y-1 pb-3 text-ink-2" aria-label={t`What they come to`}>
              {(sums.items ?? []).map((s) => (
                <li key={s.status + s.currency}>
                  {s.n} {statusName(s.status)}
                  {s.currency && <span className="font-strong text-ink"> {minor(s.amount, s.currency)}</span>}
                </li>
              ))}
            </ul>
          )}
          <States
            of={orders}
            empty={
              narrowed ? (
                <Empty title={<Trans>No order is like that.</Trans>}>
                  <Button size="sm" touch onClick={() => void go({ search: {}, replace: true })}>
                    <Trans>Show all orders</Trans>
                  </Button>
                </Empty>
              ) : (
                <Empty title={<Trans>No order is known yet.</Trans>}>
                  <Trans>
                    Your shop reports them to POST /api/orders, or you take them in from a file: Import
                    orders.
                  </Trans>
                </Empty>
              )
            }
          >
            {(rows) => (
              <>
                <Table
                  label={t`Orders`}
                  head={
                    <>
                      <th>
                        <Trans>Order</Trans>
                      </th>
                      <th className="max-sm:hidden">
                        <Trans>Person</Trans>
                      </th>
                      <th>
                        <Trans>State</Trans>
                      </th>
                      <th className="num">
                        <Trans>Amount</Trans>
                      </th>
                      <th className="num max-sm:hidden">
                        <Trans>Placed</Trans>
                      </th>
                    </>
                  }
                >
                  {rows.map((o) => (
                    <tr key={o.id} className="relative">
                      <td className="!h-13">
                        <Link
                          to="/people/orders/$id"
                          params={{ id: o.id }}
                          className="block min-w-0 rounded-sm after:absolute after:inset-0"
                        >
                          <span className="block truncate font-strong">{o.number}</span>
                          <span className="block truncate text-xs text-ink-3">
                            {(o.lines ?? []).map((l) => l.name).join(", ") || o.source}
                          </span>
                        </Link>
                      </td>
                      <td className="max-sm:hidden">
                        {o.person ? o.person.name : <span className="text-ink-3">{t`Nobody yet`}</span>}
                      </td>
                      <td>
                        <State of={o.status} />
                      </td>
                      <td className="num">{o.currency ? minor(o.amount, o.currency) : "–"}</td>
                      <td className="num max-sm:hidden">
                        <Time at={o.at} />
                      </td>
                    </tr>
                  ))}
                </Table>
                <div className="py-4 text-ink-3">
                  {orders.hasMore ? (
                    <Button size="sm" touch busy={orders.loadingMore} onClick={orders.more}>
                      <Trans>Show more</Trans>
                    </Button>
                  ) : (
                    <Plural value={rows.length} one="One order." other="# orders." />
                  )}
                </div>
              </>
            )}
          </States>
        </div>
      </div>
    </Page>
  );
}

// State is what became of an order.
export function State({ of: status }: { of: string }) {
  return (
    <Chip
      tone={status === "cancelled" || status === "refunded" ? "alarm" : status === "placed" ? "wait" : "good"}
    >
      {statusName(status)}
    </Chip>
  );
}

// OfPerson narrows to the orders of somebody.
function OfPerson({ id, onSet }: { id: string | undefined; onSet: (id: string | undefined) => void }) {
  const [open, setOpen] = useState(false);
  if (id) return <Only id={id} onClear={() => onSet(undefined)} />;
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={<Trans>Whose orders?</Trans>}
      trigger={
        <Button>
          <UserRound className="i s" aria-hidden />
          <Trans>Of anybody</Trans>
        </Button>
      }
    >
      <PickPerson
        value={undefined}
        onChange={(p) => {
          setOpen(false);
          onSet(p?.id);
        }}
      />
    </Dialog>
  );
}

function Only({ id, onClear }: { id: string; onClear: () => void }) {
  const name = usePerson(id).data?.name;
  return (
    <Button onClick={onClear} aria-label={t`Orders of ${name ?? ""}: show those of anybody`}>
      <UserRound className="i s" aria-hidden />
      <span className="max-w-40 truncate">{name}</span>
      <X className="i s" aria-hidden />
    </Button>
  );
}

// Amount is a bound in whole units, such as 12.50.
function Amount({
  label,
  value,
  onSet,
}: {
  label: string;
  value: number | undefined;
  onSet: (v: number | undefined) => void;
}) {
  return (
    <Input
      className="w-32!"
      type="number"
      min={0}
      step="any"
      inputMode="decimal"
      aria-label={label}
      placeholder={label}
      defaultValue={value ?? ""}
      onBlur={(e) => {
        const n = e.target.value === "" ? undefined : Number(e.target.value);
        if (n !== value) onSet(n !== undefined && Number.isFinite(n) && n >= 0 ? n : undefined);
      }}
      onKeyDown={(e) => {
        if (e.key === "Enter") e.currentTarget.blur();
      }}
    />
  );
}
