import { Plural, Trans } from "@lingui/react/macro";
import { Def } from "../../../kit";
import { count, day } from "../../../lib/format";
import { reasons } from "../../../lib/influence";
import type { Net } from "../web";

// Lead says in a sentence what the network comes to.
export function Lead({ of: n }: { of: Net }) {
  const first = n.circles?.flatMap((c) => c.top ?? []).sort((a, b) => a.place - b.place)[0];
  const people = count(n.people);
  return (
    <div className="mb-4 max-w-3xl">
      <p className="text-xl font-strong tracking-tight text-balance">
        {n.circle_count > 1 ? (
          <Trans>
            {people} people speak with each other in public, in {count(n.circle_count)} circles.
          </Trans>
        ) : (
          <Trans>{people} people speak with each other in public.</Trans>
        )}{" "}
        {first && (
          <Trans>
            {first.name} is listened to most: {reasons(first.why)}.
          </Trans>
        )}
      </p>
      <p className="mt-1.5 text-xs text-ink-3">
        <Def
          text={
            <Trans>
              Somebody is listened to when many answer, name, quote or share them, and above all when those
              who do are listened to themselves (PageRank). A bare share counts half: it takes no words of
              one’s own. Our own accounts are left out.
            </Trans>
          }
        >
          <Trans>replies, mentions, shares and quotes since {day(n.since)}</Trans>
        </Def>
        {" · "}
        <Plural value={n.bonds} one="# bond" other="# bonds" /> {" · "}
        <Trans>looked at {day(n.at)}</Trans>
      </p>
    </div>
  );
}
