import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { AsidePart, Button, ChannelMark, Chip, Dialog, States, Time, tell } from "../../../kit";
import { consentSource, consentState, consentTone, purposeName } from "../../../lib/consent";
import { day } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import type { Full } from "../data";
import { type Consent, useConsentActs, useConsentLines, useConsents } from "./data";
import { WriteConsent } from "./Write";

// Consents is what somebody agreed to, as it stands; the ledger behind it is a press away.
export function Consents({ of: p }: { of: Full }) {
  const now = useConsents(p.id).data;
  const may = useMay("people.write");
  const { withdraw } = useConsentActs(p.id);
  const [adds, setAdds] = useState(false);
  const [ledger, setLedger] = useState(false);
  if (!now || (now.length === 0 && !may)) return null;
  const holds = now.some((c) => c.state === "granted" && c.purpose !== "all");
  return (
    <AsidePart
      title={<Trans>Consents</Trans>}
      end={
        now.length > 0 && (
          <Button look="g" size="sm" touch onClick={() => setLedger(true)}>
            <Trans>Proof</Trans>
          </Button>
        )
      }
    >
      {now.length === 0 && (
        <p className="text-ink-3">
          <Trans>Nothing is written down. Without a yes, only answers and service messages go out.</Trans>
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {now.map((c) => (
          <li key={c.id}>
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate">{purposeName(c.purpose, c.name)}</span>
              <Chip tone={stopped(c) ? "alarm" : consentTone(c.state)}>
                {c.purpose === "all" ? (stopped(c) ? t`STOP` : t`START`) : consentState(c.state)}
              </Chip>
            </span>
            <span className="block truncate text-xs text-ink-3">
              {c.account}
              {c.channel && ` · ${c.channel.name}`} · <Time at={c.at} />
              {c.expires_at && c.state === "granted" && ` · ${t`until ${day(c.expires_at)}`}`}
            </span>
          </li>
        ))}
      </ul>
      {may && (
        <div className="touch mt-2 flex flex-wrap gap-2">
          <Button size="sm" onClick={() => setAdds(true)}>
            <Trans>Write down</Trans>
          </Button>
          {holds && (
            <Button
              size="sm"
              busy={withdraw.isPending}
              onClick={() =>
                withdraw.mutate(
                  {},
                  {
                    onSuccess: (r) =>
                      tell({
                        text:
                          r.ended === 1
                            ? t`One consent ended. Nothing goes out for it any more.`
                            : t`${r.ended} consents ended. Nothing goes out for them any more.`,
                      }),
                  },
                )
              }
            >
              <Trans>Withdraw all</Trans>
            </Button>
          )}
        </div>
      )}
      <Dialog
        open={adds}
        onOpenChange={setAdds}
        title={<Trans>What they said</Trans>}
        text={<Trans>A line of the ledger. It is never changed; a later one can say something else.</Trans>}
      >
        {adds && <WriteConsent of={p} done={() => setAdds(false)} />}
      </Dialog>
      <Dialog
        wide
        open={ledger}
        onOpenChange={setLedger}
        title={<Trans>Every line about {p.name}</Trans>}
        text={<Trans>Who agreed to what, when, by which words and with what proof. Newest first.</Trans>}
      >
        {ledger && <Ledger id={p.id} />}
      </Dialog>
    </AsidePart>
  );
}

const stopped = (c: Consent) => c.purpose === "all" && c.state === "withdrawn";

function Ledger({ id }: { id: string }) {
  const lines = useConsentLines(id);
  return (
    <States of={lines}>
      {(rows) => (
        <>
          <ol className="flex flex-col" aria-label={t`Ledger`}>
            {rows.map((c) => (
              <Line key={c.id} c={c} />
            ))}
          </ol>
          {lines.hasMore && (
            <Button size="sm" look="g" touch busy={lines.loadingMore} onClick={lines.more}>
              <Trans>Show more</Trans>
            </Button>
          )}
        </>
      )}
    </States>
  );
}

function Line({ c }: { c: Consent }) {
  const words = c.text?.body ?? c.shown;
  return (
    <li className="border-b border-line py-3 last:border-0">
      <span className="flex flex-wrap items-center gap-2">
        <ChannelMark kind={c.channel?.kind ?? c.scheme} inline />
        <span className="font-strong">{purposeName(c.purpose, c.name)}</span>
        <Chip tone={stopped(c) ? "alarm" : consentTone(c.state)}>
          {c.purpose === "all" ? (stopped(c) ? t`STOP` : t`START`) : consentState(c.state)}
        </Chip>
        <span className="ms-auto text-xs text-ink-3">
          <Time at={c.at} />
        </span>
      </span>
      {words && (
        <blockquote className="mt-1.5 border-s-2 border-line ps-3 text-ink-2 wrap-anywhere" dir="auto">
          {words}
        </blockquote>
      )}
      <p className="mt-1 text-xs text-ink-3 wrap-anywhere">
        {[
          c.account,
          consentSource(c.source),
          c.evidence && c.source !== "message" ? `“${c.evidence}”` : "",
          c.text ? t`text version ${c.text.version}` : "",
          c.jurisdiction,
          c.expires_at ? t`until ${day(c.expires_at)}` : "",
          c.by?.name,
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </li>
  );
}
