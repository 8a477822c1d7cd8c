import { Trans } from "@lingui/react/macro";
import {
  BadgeCheck,
  CircleCheckBig,
  HandHelping,
  Headset,
  Languages,
  type LucideIcon,
  Sprout,
  Users,
} from "lucide-react";
import type { ReactNode } from "react";
import { topicName } from "../../../lib/facet";
import { language } from "../../../lib/format";
import type { Offer, Question, Reason } from "./data";

const icons: Record<string, LucideIcon> = {
  learned: CircleCheckBig,
  declared: BadgeCheck,
  lang: Languages,
  free: Sprout,
  asked: HandHelping,
  centre: Headset,
};

// Because is one reason why somebody was asked, as a sentence to them.
export function Because({ reason: r, by }: { reason: Reason; by: string | undefined }): ReactNode {
  const label = <b className="font-strong text-ink">{topicName(r.label ?? "")}</b>;
  const n = r.n ?? 0;
  const solved = r.solved ?? 0;
  switch (r.kind) {
    case "learned":
      return solved > 0 ? (
        <Trans>
          You answered {n} about {label}, {solved} solved
        </Trans>
      ) : (
        <Trans>
          You answered {n} about {label}
        </Trans>
      );
    case "declared":
      return <Trans>You say that you know {label}</Trans>;
    case "lang":
      return <Trans>You speak {language(r.label ?? "")}</Trans>;
    case "asked":
      return by ? <Trans>{by} asks you</Trans> : <Trans>A colleague asks you</Trans>;
    case "centre":
      return <Trans>Nobody took it in time, and you are the contact centre</Trans>;
    default:
      return <Trans>Nobody is known to know this; you are there and have room today</Trans>;
  }
}

// Why says why one was asked, and who else is.
export function Why({ q, offer }: { q: Question; offer: Offer | undefined }) {
  const why = (offer?.why ?? []).filter((r) => r.kind !== "own");
  const others = (q.with ?? []).filter((m) => m.id !== q.claimed_by?.id).map((m) => m.name);
  const lines: [LucideIcon, string, ReactNode][] = why.map((r) => [
    icons[r.kind] ?? Sprout,
    `${r.kind}${r.label ?? ""}`,
    <Because key="b" reason={r} by={offer?.by?.name} />,
  ]);
  if (others.length > 0) lines.push([Users, "with", <Together key="w" names={others} />]);
  if (lines.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 border-t border-line pt-3 text-md text-ink-2">
      {lines.map(([Icon, k, words]) => (
        <li key={k} className="flex gap-2.5 py-0.5">
          <Icon className="i mt-0.5 flex-none text-voice" aria-hidden />
          <span className="min-w-0">{words}</span>
        </li>
      ))}
    </ul>
  );
}

function Together({ names }: { names: string[] }) {
  const first = names.slice(0, 2).map((n) => n.split(" ")[0]);
  const more = names.length - first.length;
  const a = <b className="font-strong text-ink">{first.join(", ")}</b>;
  return more > 0 ? (
    <Trans>
      Asked with you: {a} and {more} more
    </Trans>
  ) : (
    <Trans>Asked with you: {a}</Trans>
  );
}
