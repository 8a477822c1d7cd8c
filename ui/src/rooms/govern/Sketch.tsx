import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { AsidePart, Avatar, btn, ChannelMark, States } from "../../kit";
import { count, span } from "../../lib/format";
import { type Charter, useProgramme } from "./data";
import { levelName } from "./HiveChart";

// Sketch is a programme beside the hive: what it is for, who carries it, whether its
// people may speak, and what it does.
export function Sketch({ id }: { id: string }) {
  const programme = useProgramme(id);
  return (
    <States of={programme} pad>
      {(p) => (
        <>
          <AsidePart>
            <h2 className="text-lg font-strong tracking-tight">{p.name}</h2>
            {p.mission && <p className="mt-2 text-ink-2">{p.mission}</p>}
            <div className="mt-4 flex flex-wrap gap-x-8 gap-y-3">
              {p.lead && <Who name={p.lead.name} what={t`leads`} />}
              {p.sponsor && <Who name={p.sponsor} what={t`sponsor`} />}
            </div>
          </AsidePart>
          <AsidePart title={<Trans>Maturity</Trans>} end={<Trans>{p.maturity} of 5</Trans>}>
            <Scale of={p.maturity} />
            <p className="mt-2 text-ink-2">{levelName(p.maturity)}</p>
          </AsidePart>
          <AsidePart
            title={<Trans>Ready to speak</Trans>}
            end={<Trans>{count((p.members ?? []).length)} people</Trans>}
          >
            <Ready of={p} />
          </AsidePart>
          <AsidePart title={<Trans>Last 30 days</Trans>}>
            <dl className="flex flex-col gap-1.5">
              <Figure name={t`Answered`}>{count(p.numbers.answered)}</Figure>
              <Figure name={t`First answer, median`}>
                {p.numbers.first_answer_median_s === null ? (
                  <span className="font-normal text-ink-3">
                    <Trans>nobody wrote</Trans>
                  </span>
                ) : (
                  span(p.numbers.first_answer_median_s)
                )}
              </Figure>
            </dl>
          </AsidePart>
          {(p.channels ?? []).length > 0 && (
            <AsidePart title={<Trans>Channels</Trans>}>
              <ul className="flex flex-col gap-1.5">
                {(p.channels ?? []).map((c) => (
                  <li key={c.id} className="flex items-center gap-2">
                    <ChannelMark kind={c.kind} inline />
                    {c.name}
                  </li>
                ))}
              </ul>
            </AsidePart>
          )}
          <AsidePart>
            <Link to="/govern/programmes/$id" params={{ id }} className={btn("o")}>
              <Trans>Open charter</Trans>
            </Link>
          </AsidePart>
        </>
      )}
    </States>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-3">
      <dt className="min-w-0 flex-1">{name}</dt>
      <dd className="font-strong">{children}</dd>
    </div>
  );
}

function Who({ name, what }: { name: string; what: string }) {
  return (
    <span className="flex items-center gap-2.5">
      <Avatar name={name} us />
      <span>
        <span className="block font-strong">{name}</span>
        <span className="block text-xs text-ink-3">{what}</span>
      </span>
    </span>
  );
}

export function Scale({ of }: { of: number }) {
  return (
    <span className="flex gap-px" role="img" aria-label={t`Maturity ${of} of 5`}>
      {[1, 2, 3, 4, 5].map((i) => (
        <i
          key={i}
          className="h-2 flex-1"
          style={{ background: i <= of ? `var(--color-seq-${i})` : "var(--color-sunken)" }}
        />
      ))}
    </span>
  );
}

// Ready says for each policy how many of the people have acknowledged it.
export function Ready({ of: p }: { of: Charter }) {
  const rows = p.policies ?? [];
  if (rows.length === 0)
    return (
      <p className="text-ink-3">
        <Trans>No policy holds here.</Trans>
      </p>
    );
  return (
    <ul className="flex flex-col gap-2">
      {rows.map((r) => {
        const part = r.of > 0 ? r.acknowledged / r.of : 1;
        return (
          <li key={r.id} className="grid grid-cols-[minmax(0,1fr)_4rem_3.25rem] items-center gap-3">
            <Link to="/govern/policies/$id" params={{ id: r.id }} className="truncate hover:underline">
              {r.name}
            </Link>
            <span className="h-1.5 rounded-full bg-sunken" aria-hidden>
              <i
                className={`block h-full rounded-full ${part < 1 ? "bg-wait" : "bg-voice"}`}
                style={{ width: `${Math.max(4, part * 100)}%` }}
              />
            </span>
            <span className={`text-end ${part < 1 ? "font-strong text-wait" : ""}`}>
              <Trans>
                {count(r.acknowledged)} of {count(r.of)}
              </Trans>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
