import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Section, States, Time } from "../../../kit";
import { useMay } from "../../../lib/session";
import { type EventLetters, type Guest, useEventLetters } from "./events";

type Kind = EventLetters["letters"][number]["kind"];
type Letter = Guest["told"][number];

function nameOf(k: Kind) {
  switch (k) {
    case "confirm":
      return t`Their answer arrived`;
    case "place":
      return t`A place became free`;
    case "moved":
      return t`Time or place changed`;
    case "off":
      return t`Called off`;
    case "on":
      return t`It takes place after all`;
    case "reminder":
      return t`Reminder`;
  }
}

function stateOf(l: Letter) {
  switch (l.state) {
    case "waiting":
      return t`waits`;
    case "sending":
      return t`is being sent`;
    case "sent":
      return t`told`;
    case "unknown":
      return t`unknown whether it went`;
    case "failed":
      return t`failed`;
    case "unwanted":
      return t`not wanted`;
    case "over":
      return t`not sent: no longer so`;
  }
}

// Told is what became of each letter to a guest, the newest first.
export function Told({ of }: { of: Letter[] }) {
  if (of.length === 0)
    return (
      <span className="text-ink-3">
        <Trans>Nothing</Trans>
      </span>
    );
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {of.map((l) => (
        <li key={`${l.kind} ${l.at}`}>
          {nameOf(l.kind)}:{" "}
          <span className={l.state === "failed" || l.state === "unknown" ? "text-alarm" : "text-ink-2"}>
            {stateOf(l)}
          </span>{" "}
          <span className="text-xs text-ink-3">
            <Time at={l.at} />
          </span>
          {l.note && l.state !== "sent" && <span className="block text-xs text-ink-3">{l.note}</span>}
        </li>
      ))}
    </ul>
  );
}

// LettersOf shows what guests are told by mail before it goes, or why they
// are told nothing.
export function LettersOf({ id }: { id: string }) {
  const may = useMay("publish.write");
  const letters = useEventLetters(id, may);
  if (!may) return null;
  return (
    <Section title={<Trans>What guests are told by mail</Trans>}>
      <States of={letters}>
        {(all) => (
          <>
            <p className="mt-2 mb-1 max-w-3xl text-ink-2">
              {all.through ? (
                <Trans>Through {all.through}. Whoever asked for no more messages is not written to.</Trans>
              ) : (
                <Trans>Guests are not written to, and the page promises them nothing. {all.why}</Trans>
              )}
            </p>
            {all.through &&
              all.letters.map((l) => (
                <details key={l.kind} className="max-w-3xl border-b border-line py-1">
                  <summary className="cursor-pointer py-1 font-strong">{nameOf(l.kind)}</summary>
                  <p className="mt-2 text-sm text-ink-3">
                    <Trans>Subject: {l.title}</Trans>
                  </p>
                  <p className="mt-2 mb-2 text-sm break-words whitespace-pre-wrap">{l.text}</p>
                </details>
              ))}
          </>
        )}
      </States>
    </Section>
  );
}
