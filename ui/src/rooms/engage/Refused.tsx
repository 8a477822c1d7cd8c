import { Trans } from "@lingui/react/macro";
import { ShieldAlert } from "lucide-react";
import { AppLink, btn } from "../../kit";
import type { Problem } from "../../lib/problem";
import type { Gate } from "./data";

// Refusal says what the gate misses, and leads there. Notes are still possible.
export function Refusal({ gate }: { gate: Gate }) {
  const missing = gate.missing;
  return (
    <div className="border-b border-line bg-wait-wash px-3.5 py-2.5 text-wait" role="status">
      <p className="flex items-start gap-2 font-medium">
        <ShieldAlert className="i mt-0.5" aria-hidden />
        {gate.why ?? <Trans>You may not answer here yet.</Trans>}
      </p>
      <div className="touch mt-1.5 flex flex-wrap items-center gap-2 ps-6">
        {missing.some((m) => m.fix)
          ? missing.map(
              (m) =>
                m.fix && (
                  <AppLink key={m.text} href={m.fix} className={btn("o", "sm")}>
                    {m.what === "acknowledgement" ? (
                      <Trans>Read and acknowledge</Trans>
                    ) : (
                      <Trans>See who can give you the role</Trans>
                    )}
                  </AppLink>
                ),
            )
          : gate.fix && (
              <AppLink href={gate.fix} className={btn("o", "sm")}>
                <Trans>Mend it</Trans>
              </AppLink>
            )}
        <span className="text-xs">
          <Trans>What you write stays here as a draft.</Trans>
        </span>
      </div>
    </div>
  );
}

// Told is why words were not taken.
export function Told({ problem }: { problem: Problem }) {
  return (
    <div
      className="flex flex-wrap items-center gap-2 border-b border-line bg-alarm-wash px-3.5 py-2 text-alarm"
      role="alert"
    >
      <ShieldAlert className="i" aria-hidden />
      <span className="min-w-0 flex-1">
        {problem.status === 409 ? (
          <Trans>Somebody wrote here while you did. Read it, then send again.</Trans>
        ) : (
          problem.message
        )}
      </span>
      {problem.fix && (
        <AppLink href={problem.fix} className={btn("o", "sm")}>
          <Trans>Mend it</Trans>
        </AppLink>
      )}
    </div>
  );
}
