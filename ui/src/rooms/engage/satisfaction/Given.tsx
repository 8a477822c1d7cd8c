import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { AsidePart, Time } from "../../../kit";
import { useAsked } from "./data";

const dots = [1, 2, 3, 4, 5] as const;

// Five shows one of five scores: dots, and a number for whoever does not see them.
export function Five({ n }: { n: number }) {
  const tone = n >= 4 ? "bg-good" : n === 3 ? "bg-wait" : "bg-alarm";
  return (
    <span
      className="inline-flex flex-none items-center gap-1"
      role="img"
      aria-label={t`${n} of 5`}
      title={t`${n} of 5`}
    >
      {dots.map((i) => (
        <span key={i} className={`size-2 rounded-full ${i <= n ? tone : "bg-line"}`} />
      ))}
    </span>
  );
}

// Given is what the customer gave for one conversation.
export function Given({ conversation }: { conversation: string }) {
  const asked = useAsked(conversation).data ?? [];
  if (asked.length === 0) return null;
  return (
    <AsidePart title={<Trans>Satisfaction</Trans>}>
      <ul className="flex flex-col gap-2">
        {asked.map((a) => (
          <li key={a.id}>
            {a.score ? (
              <>
                <span className="flex items-center gap-3">
                  <Five n={a.score} />
                  <Time at={a.answered_at ?? a.asked_at} className="ms-auto text-xs text-ink-3" />
                </span>
                {a.comment && (
                  <p className="words pt-1" dir="auto">
                    {a.comment}
                  </p>
                )}
              </>
            ) : a.refused ? (
              <p className="text-ink-2">
                <Trans>
                  Not asked, <Time at={a.asked_at} />:
                </Trans>{" "}
                {a.why}
              </p>
            ) : (
              <p className="text-ink-3">
                <Trans>
                  Asked <Time at={a.asked_at} />, not answered yet.
                </Trans>
              </p>
            )}
            {!a.refused && a.why && <p className="text-xs text-ink-3">{a.why}</p>}
          </li>
        ))}
      </ul>
    </AsidePart>
  );
}
