import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Dialog, Table } from "../../../kit";
import { count, minor, share } from "../../../lib/format";
import type { Forecast, Pipeline } from "./data";

// few is how many must have ended before a share is told.
const few = 10;

// Outlook says what is open and what somebody believes of it; pressed, by month
// and with how such things ended so far.
export function Outlook({ pipeline, totals }: { pipeline: Pipeline; totals: Forecast }) {
  const [open, setOpen] = useState(false);
  const months = totals.months ?? [];
  const n = months.reduce((s, m) => s + m.n, 0);
  const bare = months.filter((m) => !m.currency).reduce((s, m) => s + m.n, 0);
  const now = new Date().toISOString().slice(0, 7);
  const late = months.filter((m) => m.month && m.month < now).reduce((s, m) => s + m.n, 0);
  const currencies = [...new Set(months.map((m) => m.currency).filter(Boolean))];
  const sum = (c: string, what: "amount" | "weighted") =>
    months.filter((m) => m.currency === c).reduce((s, m) => s + m[what], 0);
  if (n === 0) return null;
  return (
    <>
      <button
        type="button"
        className="ms-auto rounded-sm px-1 text-end text-ink-2 hover:underline max-sm:ms-0"
        onClick={() => setOpen(true)}
      >
        <b className="font-strong text-ink">
          {currencies.map((c) => minor(sum(c, "amount"), c)).join(" · ")}
        </b>{" "}
        <Plural value={n} one="in # that is open" other="in # that are open" />
      </button>
      <Dialog open={open} onOpenChange={setOpen} wide title={<Trans>What may come of {pipeline.name}</Trans>}>
        <p className="pb-3 text-ink-2">
          <Trans>
            Expected is each amount times the percentage that stands on its stage: what somebody believes, not
            a prediction.
          </Trans>{" "}
          {bare > 0 && (
            <Plural
              value={bare}
              one="# has no amount and counts nothing."
              other="# have no amount and count nothing."
            />
          )}{" "}
          {late > 0 && (
            <Plural
              value={late}
              one="# should have closed before this month."
              other="# should have closed before this month."
            />
          )}
        </p>
        <Table
          label={pipeline.name}
          head={
            <>
              <th>
                <Trans>Should close</Trans>
              </th>
              <th className="num">n</th>
              <th className="num">
                <Trans>Open</Trans>
              </th>
              <th className="num">
                <Trans>Expected</Trans>
              </th>
            </>
          }
        >
          {months.map((m) => (
            <tr key={m.month + m.currency}>
              <td>{m.month ? monthName(m.month) : <Trans>No day</Trans>}</td>
              <td className="num">{count(m.n)}</td>
              <td className="num">{m.currency ? minor(m.amount, m.currency) : "–"}</td>
              <td className="num">{m.currency ? minor(m.weighted, m.currency) : "–"}</td>
            </tr>
          ))}
        </Table>
        <h3 className="pt-5 pb-1 font-strong">
          <Trans>How it ended so far</Trans>
        </h3>
        <ul className="flex flex-col gap-1">
          {(pipeline.stages ?? [])
            .filter((s) => s.kind === "open")
            .map((s) => {
              const e = (totals.ends ?? []).find((x) => x.stage === s.id);
              const all = (e?.won ?? 0) + (e?.lost ?? 0);
              return (
                <li key={s.id} className="flex gap-3">
                  <span className="min-w-0 flex-1 truncate">{s.name}</span>
                  <span className="text-ink-3">
                    <Trans>believed {s.probability} %</Trans>
                  </span>
                  <span className="w-48 text-end">
                    {all >= few ? (
                      <Trans>
                        {share((e?.won ?? 0) / all)} won of {count(all)}
                      </Trans>
                    ) : (
                      <span className="text-ink-3">
                        <Plural value={all} one="# ended: too few to tell" other="# ended: too few to tell" />
                      </span>
                    )}
                  </span>
                </li>
              );
            })}
        </ul>
      </Dialog>
    </>
  );
}

const monthName = (m: string) =>
  new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${m}-15T12:00:00Z`),
  );
