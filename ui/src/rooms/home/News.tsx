import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { AppLink, Section, Time } from "../../kit";
import type { Today } from "./data";

export type Change = Today["changes"][number];

// Changes are what colleagues changed last in how we listen, answer and govern.
export function Changes({ of }: { of: readonly Change[] }) {
  return (
    <Section title={<Trans>What changed</Trans>} n={of.length || undefined}>
      {of.length === 0 ? (
        <p className="py-2.5 text-ink-3">
          <Trans>Nothing lately. A changed monitor, policy or programme stands here.</Trans>
        </p>
      ) : (
        <ul>
          {of.map((c) => {
            const to = place(c);
            return (
              <li
                key={`${c.at}${c.verb}${c.id}`}
                className="flex items-baseline gap-4 border-b border-line py-2.5 last:border-0"
              >
                <span className="min-w-0 flex-1">
                  {to ? (
                    <AppLink href={to} className="font-medium hover:underline">
                      {told(c)}
                    </AppLink>
                  ) : (
                    told(c)
                  )}
                </span>
                <Time at={c.at} className="text-xs text-ink-3" />
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}

// told puts a line of the record into a sentence.
export function told(c: Change): string {
  const who = c.actor || t`Parley`;
  const what = thing(c);
  switch (c.verb) {
    case "create":
      return t`${who} made ${what}`;
    case "delete":
      return t`${who} removed ${what}`;
    case "acknowledge":
      return t`${who} acknowledged ${what}`;
    case "join":
      return t`${who} joined ${what}`;
    case "leave":
      return t`${who} left ${what}`;
    case "invite":
      return t`${who} invited ${what}`;
    case "pause":
      return t`${who} paused ${what}`;
    case "resume":
      return t`${who} resumed ${what}`;
    default:
      return t`${who} changed ${what}`;
  }
}

function thing(c: Change): string {
  const name = c.name ? `“${c.name}”` : "";
  switch (c.object) {
    case "monitor":
      return t`the monitor ${name}`.trim();
    case "policy":
      return t`the policy ${name}`.trim();
    case "programme":
      return t`the programme ${name}`.trim();
    case "channel":
      return t`the channel ${name}`.trim();
    case "member":
      return name || t`a member`;
    default:
      return name || c.object;
  }
}

function place(c: Change): string | undefined {
  const id = encodeURIComponent(c.id);
  switch (c.object) {
    case "monitor":
      return `/listen/monitors/${id}`;
    case "policy":
      return `/govern/policies/${id}`;
    case "programme":
      return `/govern/programmes/${id}`;
    case "channel":
      return "/settings/channels";
    case "member":
      return "/settings/members";
    default:
      return undefined;
  }
}
