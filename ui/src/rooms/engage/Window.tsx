import { Trans } from "@lingui/react/macro";
import { Hourglass } from "lucide-react";
import type { Door } from "../../kit";
import { clock, span, when } from "../../lib/format";
import type { TalkFull } from "./data";

// Some networks take replies only for some time after the customer's last words. until is
// the end of that through a door; undefined where there is none.
export function until(c: Pick<TalkFull, "abilities">, door: Door): Date | undefined {
  const at =
    door === "public" ? c.abilities.public_until : door === "direct" ? c.abilities.direct_until : undefined;
  return at ? new Date(at) : undefined;
}

export function over(c: Pick<TalkFull, "abilities">, door: Door, now: Date): boolean {
  const end = until(c, door);
  return end !== undefined && end <= now;
}

// Window says how long one may still answer, and what to do when one may not.
export function Window({ end, network, who, now }: { end: Date; network: string; who: string; now: Date }) {
  const left = (end.getTime() - now.getTime()) / 1000;
  const day = end.toDateString() === now.toDateString() ? "" : `${when(end, now)}, `;
  const moment = day + clock(end);
  const long = span(left);
  if (left > 0) {
    const tone = left < 3 * 3600 ? "bg-wait-wash text-wait" : "text-ink-2";
    return (
      <p className={`flex items-center gap-1.5 border-b border-line px-3.5 py-1.5 text-xs ${tone}`}>
        <Hourglass className="i s" aria-hidden />
        <Trans>
          {network} takes your answer for {long} more, until {moment}.
        </Trans>
      </p>
    );
  }
  return (
    <div className="border-b border-line bg-wait-wash px-3.5 py-2.5 text-wait" role="status">
      <p className="flex items-start gap-2 font-medium">
        <Hourglass className="i mt-0.5" aria-hidden />
        <Trans>
          {network} took answers until {moment}. It takes them again as soon as {who} writes again.
        </Trans>
      </p>
      <p className="mt-0.5 ps-6 text-xs">
        <Trans>What you write stays here as a draft.</Trans>
      </p>
    </div>
  );
}
