import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Field, Input, Section, Select, Table, Time } from "../../../kit";
import { minor } from "../../../lib/format";
import { statusName } from "../card/Bought";
import type { Reading } from "./data";
import { DialAndSeen, Refused } from "./Shared";
import { type Found, What } from "./What";

// OrderWays asks how orders are read: whose their ids are, and what the file leaves open.
export function OrderWays({
  set,
  change,
  programmes,
}: {
  set: Reading;
  change: (c: Partial<Reading>) => void;
  programmes: readonly { id: string; name: string }[];
}) {
  return (
    <Section title={<Trans>What the file leaves open</Trans>} className="max-w-4xl">
      <p className="max-w-(--measure) pt-3 text-ink-2">
        <Trans>
          An order that is here already is written over by the file. Its customer is found by email address,
          telephone number or their id; who is not known yet becomes a person.
        </Trans>
      </p>
      <div className="grid gap-5 pt-4 sm:grid-cols-2 lg:grid-cols-3">
        <Field
          label={<Trans>System of the orders</Trans>}
          help={<Trans>Whose the customers' ids are too, such as shop.</Trans>}
        >
          <Input
            value={set.system ?? ""}
            maxLength={40}
            autoComplete="off"
            onChange={(e) => change({ system: e.target.value })}
          />
        </Field>
        <Field
          label={<Trans>Currency where none is named</Trans>}
          help={<Trans>Its three letters, such as EUR.</Trans>}
        >
          <Input
            value={set.currency ?? ""}
            maxLength={3}
            autoComplete="off"
            onChange={(e) => change({ currency: e.target.value })}
          />
        </Field>
        <Field label={<Trans>Days such as 05/11/2026</Trans>}>
          <Select
            value={set.days ?? ""}
            onChange={(days) => change({ days: days || undefined })}
            choices={[
              { value: "" as const, label: t`Refuse those that could be two days` },
              { value: "dmy" as const, label: t`The day comes first` },
              { value: "mdy" as const, label: t`The month comes first` },
            ]}
          />
        </Field>
        <DialAndSeen set={set} change={change} programmes={programmes} />
      </div>
    </Section>
  );
}

// OrderRows shows what would come of the first orders.
export function OrderRows({ rows }: { rows: readonly Found[] }) {
  return (
    <Table
      label={t`What would come of the first rows`}
      head={
        <>
          <th className="num">
            <Trans>Line</Trans>
          </th>
          <th>
            <Trans>What happens</Trans>
          </th>
          <th>
            <Trans>Order</Trans>
          </th>
          <th className="max-sm:hidden">
            <Trans>State</Trans>
          </th>
          <th className="num">
            <Trans>Total</Trans>
          </th>
          <th className="max-md:hidden">
            <Trans>Customer</Trans>
          </th>
          <th className="max-md:hidden">
            <Trans>Placed</Trans>
          </th>
        </>
      }
    >
      {rows.map((r) => (
        <tr key={r.line}>
          <td className="num">{r.line}</td>
          {r.order && !r.why ? (
            <>
              <td>
                <What r={r} />
              </td>
              <td dir="auto">
                {r.order.number}
                {r.order.lines > 1 && (
                  <span className="block text-xs text-ink-3">
                    <Plural value={r.order.lines} one="# line" other="# lines" />
                  </span>
                )}
              </td>
              <td className="max-sm:hidden">{statusName(r.order.status)}</td>
              <td className="num">{minor(r.order.amount, r.order.currency)}</td>
              <td className="text-ink-2 max-md:hidden" dir="auto">
                {r.order.nobody ? (
                  <span className="text-ink-3">
                    <Trans>nobody</Trans>
                  </span>
                ) : (
                  [r.known, r.organization].filter(Boolean).join(", ")
                )}
              </td>
              <td className="text-ink-2 max-md:hidden">
                <Time at={r.order.at} />
              </td>
            </>
          ) : (
            <td colSpan={6}>
              <Refused r={r} />
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}
