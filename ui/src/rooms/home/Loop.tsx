import { plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { AppLink, GovernFrame, LoopRibbon, perLine, Swatch } from "../../kit";
import { clock, count, share, span } from "../../lib/format";
import { useSession } from "../../lib/session";
import type { Today } from "./data";

const time = (s: number | null) => (s === null ? undefined : span(s));

// Loop is the day once round: what was heard, how much of it was about us, what we
// answered, what came of it; Govern stands around it.
export function Loop({ of: d }: { of: Today }) {
  const brand = useSession()?.brand?.name ?? t`us`;
  const { loop } = d;
  const per = perLine(loop.heard);
  const [first, second] = loop.about;
  const since = new Date(loop.since);
  const midnight = since.getHours() === 0 && since.getMinutes() === 0;
  const today = d.changes.filter((c) => Date.parse(c.at) >= since.getTime()).length;
  return (
    <>
      <GovernFrame label={t`Govern`} facts={<Rules of={d.govern} />}>
        <LoopRibbon
          loop={{
            heard: loop.heard,
            matched: loop.matched,
            answered: loop.answered,
            learned: loop.conversions || loop.clicks,
            perLine: per,
            hot: first?.share ?? 0,
          }}
          words={{
            heard: midnight ? t`heard since midnight` : t`heard since ${clock(since)}`,
            matched: t`about ${brand}`,
            answered: t`answered`,
            learned: learned(loop),
          }}
          joints={[
            { value: time(loop.read_s), word: t`to read and sort` },
            {
              value: count(loop.opened),
              word: plural(loop.opened, { one: "conversation began", other: "conversations began" }),
            },
            { value: time(loop.answer_s), word: t`to be answered` },
          ]}
          back={
            today > 0
              ? plural(today, {
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
            <Plural value={per} one="Each line is one post." other="Each line is # posts." />
          )}{" "}
          <Trans>A dot is where a line ends: not about us, no answer needed, or nothing came of it.</Trans>
        </span>
        {first && <Swatch colour="light-dark(oklch(.62 .16 38),oklch(.70 .14 42))">{first.name}</Swatch>}
        {first && (
          <Swatch colour="var(--color-voice)">
            {second && loop.about.length === 2 ? second.name : t`everything else about us`}
          </Swatch>
        )}
      </div>
    </>
  );
}

// learned is the word beside the last number: outcomes, or what may become one.
function learned({ conversions, clicks }: Today["loop"]): string {
  if (conversions === 0 && clicks > 0)
    return plural(clicks, { one: "click, no outcome yet", other: "clicks, no outcome yet" });
  const outcomes = plural(conversions, { one: "outcome", other: "outcomes" });
  return clicks > 0 ? `${outcomes}, ${plural(clicks, { one: "# click", other: "# clicks" })}` : outcomes;
}

function Rules({ of: g }: { of: Today["govern"] }) {
  return (
    <>
      <AppLink href="/govern">
        <b>{count(g.programmes)}</b> <Plural value={g.programmes} one="programme" other="programmes" />
      </AppLink>
      {g.acknowledged_share !== null && (
        <AppLink href="/govern/policies" className={g.acknowledged_share < 1 ? "wait" : ""}>
          <b>{share(g.acknowledged_share)}</b> <Trans>have acknowledged what is required</Trans>
        </AppLink>
      )}
      <AppLink href="/settings/members">
        <b>{count(g.may_answer)}</b> <Trans>of {count(g.members)} may answer in our name</Trans>
      </AppLink>
    </>
  );
}
