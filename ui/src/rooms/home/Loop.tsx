import { plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { ShieldAlert, Stamp } from "lucide-react";
import { AppLink, GovernFrame, LoopRibbon, Swatch } from "../../kit";
import { count, share } from "../../lib/format";
import { useSession } from "../../lib/session";
import type { Today } from "./data";

export function Loop({ of: d }: { of: Today }) {
  const brand = useSession()?.brand?.name ?? t`us`;
  const { loop, govern: g } = d;
  const [first, second] = loop.about ?? [];
  const decided = (d.changes ?? []).length;
  return (
    <>
      <GovernFrame
        label={t`Govern`}
        facts={
          <>
            <AppLink href="/govern">
              <b>{count(g.programmes)}</b> <Plural value={g.programmes} one="programme" other="programmes" />
            </AppLink>
            {g.approvals > 0 && (
              <AppLink href="/govern" className="wait">
                <Stamp className="i s" aria-hidden />
                <b>{count(g.approvals)}</b>{" "}
                <Plural value={g.approvals} one="approval waits for you" other="approvals wait for you" />
              </AppLink>
            )}
            {g.risks > 0 && (
              <AppLink href="/govern" className="alarm">
                <ShieldAlert className="i s" aria-hidden />
                <b>{count(g.risks)}</b>{" "}
                <Plural value={g.risks} one="high risk open" other="high risks open" />
              </AppLink>
            )}
            <AppLink href="/govern/policies">
              <b>{share(g.acknowledged_share)}</b> <Trans>have acknowledged what is required</Trans>
            </AppLink>
            <AppLink href="/govern">
              <b>{count(g.certified)}</b> <Trans>may answer in our name</Trans>
            </AppLink>
          </>
        }
      >
        <LoopRibbon
          loop={{
            heard: loop.heard,
            matched: loop.matched,
            answered: loop.answered,
            learned: loop.learned,
            perLine: loop.per_line,
            hot: first?.share ?? 0,
          }}
          words={{
            heard: t`heard ${loop.heard_about}`,
            matched: t`about ${brand}`,
            answered: t`answered`,
            learned: plural(loop.learned, { one: "thing learned", other: "things learned" }),
          }}
          readS={loop.read_s}
          reachS={loop.reach_s}
          answerS={loop.answer_s}
          back={
            decided > 0
              ? plural(decided, {
                  one: "# change to how we listen and answer",
                  other: "# changes to how we listen and answer",
                })
              : undefined
          }
        />
      </GovernFrame>
      <div className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-3">
        <span className="me-auto">
          {loop.heard === 0 ? (
            <Trans>Nothing was heard yet. The first line appears with the first post.</Trans>
          ) : (
            <Plural value={loop.per_line} one="Each line is one post." other="Each line is # posts." />
          )}{" "}
          <Trans>A dot is where a line ends: not about us, no answer needed, or nothing new in it.</Trans>
        </span>
        {first && <Swatch colour="light-dark(oklch(.62 .16 38),oklch(.70 .14 42))">{first.name}</Swatch>}
        {first && (
          <Swatch colour="var(--color-voice)">
            {second && (loop.about ?? []).length === 2 ? second.name : t`everything else about us`}
          </Swatch>
        )}
      </div>
    </>
  );
}
