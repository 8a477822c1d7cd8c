import { Trans } from "@lingui/react/macro";
import { AsidePart, Chip, Time } from "../../kit";
import { span } from "../../lib/format";
import { Due, goalName } from "./Due";
import type { TalkFull } from "./data";

// Promised is what we promise the one we talk with about time, and how that stands.
export function Promised({ of: p }: { of: NonNullable<TalkFull["promise"]> }) {
  const goals = p.goals ?? [];
  if (goals.length === 0) return null;
  return (
    <AsidePart title={<Trans>On time</Trans>} end={p.pledge}>
      <dl className="kv">
        {goals.map((g) => (
          <div key={g.goal} className="contents">
            <dt>{goalName(g.goal)}</dt>
            <dd>
              {g.met ? (
                <Chip tone={g.broken ? "alarm" : "good"}>
                  {g.broken ? <Trans>late</Trans> : <Trans>kept</Trans>} <Time at={g.met} />
                </Chip>
              ) : g.due ? (
                <Due of={{ goal: g.goal, at: g.due, broken: g.broken }} />
              ) : (
                <Chip tone="outline">
                  <Trans>stands, {span(g.left_s ?? 0)} left</Trans>
                </Chip>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </AsidePart>
  );
}
