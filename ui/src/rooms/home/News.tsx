import { Trans } from "@lingui/react/macro";
import { Siren, TriangleAlert } from "lucide-react";
import { AppLink, Bars, Section, Time } from "../../kit";
import type { Today } from "./data";

type Alert = NonNullable<Today["alerts"]>[number];
type Change = NonNullable<Today["changes"]>[number];

// Alerts are what is unusual today; on a usual day they take no room.
export function Alerts({ of }: { of: readonly Alert[] }) {
  if (of.length === 0) return null;
  return (
    <Section title={<Trans>Alerts today</Trans>} n={of.length}>
      <ul>
        {of.map((a) => {
          const high = a.level !== "watch";
          return (
            <li key={a.title} className="flex gap-2 border-b border-line py-3">
              {high ? (
                <Siren className="i mt-0.5 text-alarm" aria-hidden />
              ) : (
                <TriangleAlert className="i mt-0.5 text-wait" aria-hidden />
              )}
              <div className="min-w-0 flex-1">
                <div className="font-strong">
                  {a.link ? (
                    <AppLink href={a.link} className="hover:underline">
                      {a.title}
                    </AppLink>
                  ) : (
                    a.title
                  )}
                </div>
                {a.text && <div className="text-ink-2">{a.text}</div>}
              </div>
              {a.spark && a.spark.length > 1 && (
                <Bars
                  values={a.spark}
                  label={a.text ?? a.title}
                  hot={(i) => high && i >= (a.spark?.length ?? 0) - 3}
                />
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

export function Changes({ of }: { of: readonly Change[] }) {
  return (
    <Section title={<Trans>What changed</Trans>} n={of.length || undefined}>
      {of.length === 0 ? (
        <p className="py-3 text-ink-2">
          <Trans>
            Nothing yet. When somebody changes a monitor, a policy or a programme, it stands here.
          </Trans>
        </p>
      ) : (
        <ul>
          {of.map((c) => (
            <li
              key={`${c.at}${c.text}`}
              className="flex items-baseline gap-4 border-b border-line py-2.5 last:border-0"
            >
              <span className="min-w-0 flex-1 font-medium">
                {c.link ? (
                  <AppLink href={c.link} className="hover:underline">
                    {c.text}
                  </AppLink>
                ) : (
                  c.text
                )}
              </span>
              <Time at={c.at} className="text-xs text-ink-3" />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
