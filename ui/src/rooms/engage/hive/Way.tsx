import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { AppLink, AsidePart, btn, Chip, Def, States } from "../../../kit";
import { topicName } from "../../../lib/facet";
import { language, span, when } from "../../../lib/format";
import type { Offer, Reason } from "./data";
import { type Trace, useTrace } from "./lead";
import { stood } from "./Records";

// Way is why a question went where it went: what it is about, whom the hive
// asked in which ring, and the three numbers that each choice rests on.
export function Way({ id }: { id: string }) {
  const trace = useTrace(id);
  return (
    <States of={trace} pad>
      {(tr) => <Told tr={tr} />}
    </States>
  );
}

function since(a: string, b: string): string {
  return span(Math.max(1, (Date.parse(b) - Date.parse(a)) / 1000));
}

function Told({ tr }: { tr: Trace }) {
  const [word, tone] = stood(tr);
  const rings = [1, 2, 3, 4].filter((r) => (tr.offers ?? []).some((o) => ringOf(o) === r));
  const about = (tr.about ?? []).map(topicName).join(", ");
  const took = tr.claimed_by ?? tr.answered_by;
  const name = took?.name ?? "";
  return (
    <>
      <AsidePart
        title={<Trans>Why it went where it went</Trans>}
        end={
          <Link to="/hive/lead" search={({ q: _, ...s }) => s} resetScroll={false} className="link">
            <Trans>Close</Trans>
          </Link>
        }
      >
        <p className="said text-lg" dir="auto">
          {tr.text}
        </p>
        <p className="mt-2 flex flex-wrap items-center gap-2 text-ink-2">
          <Chip tone={tone}>{word}</Chip>
          <span>{language(tr.lang)}</span>
        </p>
        <ul className="mt-3 flex flex-col gap-1 text-ink-2">
          <li>
            {about ? (
              <Trans>It is about {about}.</Trans>
            ) : (
              <Trans>It says nothing that the hive could go by.</Trans>
            )}
          </li>
          <li>
            {tr.knew > 0 ? (
              <Trans>{tr.knew} were found who may know.</Trans>
            ) : (
              <Trans>Nobody was found who says or has shown to know.</Trans>
            )}
          </li>
          <li>
            <Trans>
              Entered {when(tr.opened_at)}, due {when(tr.due_at)}; the contact centre gets it{" "}
              {when(tr.end_at)}.
            </Trans>
          </li>
          {tr.by_hand && (
            <li>
              <Trans>{tr.by_hand.name} asked the hive by hand.</Trans>
            </li>
          )}
          {tr.passed > 0 && (
            <li>
              <Trans>{tr.passed} passed it on. Who, is nobody’s to know.</Trans>
            </li>
          )}
          {tr.claimed_at && (
            <li>
              <Trans>
                {name} took it after {since(tr.opened_at, tr.claimed_at)}.
              </Trans>
            </li>
          )}
          {tr.answered_at && (
            <li>
              <Trans>
                {name} answered after {since(tr.asked_at, tr.answered_at)}.
              </Trans>
            </li>
          )}
        </ul>
        <AppLink href={`/engage?view=all&c=${tr.id}`} className={btn("o", "sm", "mt-3")}>
          <Trans>Open the conversation</Trans>
        </AppLink>
      </AsidePart>
      {rings.map((r) => (
        <AsidePart key={r} title={ringName(r)} end={r < 4 ? <Scale /> : undefined}>
          <ul className="flex flex-col gap-3">
            {(tr.offers ?? [])
              .filter((o) => ringOf(o) === r)
              .map((o) => (
                <li key={o.member?.id}>
                  <One o={o} />
                </li>
              ))}
          </ul>
        </AsidePart>
      ))}
    </>
  );
}

const ringOf = (o: Offer) => (o.kind === "centre" ? 4 : Math.min(3, Math.max(1, o.ring)));

function ringName(r: number): string {
  return r === 1
    ? t`First: the best`
    : r === 2
      ? t`Then: more who may know`
      : r === 3
        ? t`Then: everybody who may answer`
        : t`In the end: the contact centre`;
}

function Scale() {
  return (
    <Def
      text={t`What they know, times whether they are there, times what is left of their day, less for a while after they were asked. Nothing else counts.`}
    >
      {t`knows × there × room`}
    </Def>
  );
}

function One({ o }: { o: Offer }) {
  const state: Record<Offer["state"], string> = {
    open: t`asked`,
    taken: t`took it`,
    lost: t`asked, another was faster`,
    passed: t`asked`,
    over: t`was asked`,
  };
  const figures =
    o.score > 0 && o.kind === "ring"
      ? `${o.knows.toFixed(2)} × ${o.free.toFixed(2)} × ${o.load.toFixed(2)} = ${o.score.toFixed(2)}`
      : "";
  return (
    <>
      <span className="flex items-baseline gap-2">
        <b className="font-strong">{o.member?.name}</b>
        <span className={`text-xs ${o.state === "taken" ? "text-good" : "text-ink-3"}`}>
          {state[o.state]}
        </span>
        <span className="ms-auto text-xs text-ink-3 tabular-nums">{figures}</span>
      </span>
      <span className="block text-ink-2">
        {(o.why ?? []).map((r, i) => (
          <span key={`${r.kind}${r.label ?? ""}`}>
            {i > 0 && "; "}
            <Because r={r} by={o.by?.name} />
          </span>
        ))}
      </span>
    </>
  );
}

function Because({ r, by }: { r: Reason; by: string | undefined }): ReactNode {
  const label = topicName(r.label ?? "");
  const n = r.n ?? 0;
  const solved = r.solved ?? 0;
  switch (r.kind) {
    case "learned":
      return (
        <Trans>
          answered {n} about {label}, {solved} solved
        </Trans>
      );
    case "declared":
      return <Trans>says to know {label}</Trans>;
    case "lang":
      return <Trans>speaks {language(r.label ?? "")}</Trans>;
    case "asked":
      return by ? <Trans>{by} asked</Trans> : <Trans>a colleague asked</Trans>;
    case "centre":
      return <Trans>is the contact centre</Trans>;
    case "own":
      return <Trans>took it by themselves</Trans>;
    default:
      return <Trans>was there and had room</Trans>;
  }
}
