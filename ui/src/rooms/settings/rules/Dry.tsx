import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Section, Table, Time } from "../../../kit";
import { count } from "../../../lib/format";
import type { useRuleActs } from "./data";

type Tried = NonNullable<ReturnType<typeof useRuleActs>["dry"]["data"]>;

// Dry is what a rule would have done in the last week; nothing was done.
export function Dry({ of: d }: { of: Tried }) {
  const rows = d.items ?? [];
  return (
    <Section title={<Trans>In the last week</Trans>} n={count(d.would)}>
      <p className="pt-2 text-ink-2" role="status">
        {d.would === 0 ? (
          <Trans>It would have done nothing, in {count(d.looked)} conversations.</Trans>
        ) : (
          <Trans>
            It would have acted on {count(d.would)} of {count(d.looked)} conversations.
          </Trans>
        )}{" "}
        {!d.all && <Trans>These are the newest; there were more.</Trans>}{" "}
        <Trans>Conditions are asked of them as they are now. Nothing was done.</Trans>
      </p>
      {rows.length > 0 && (
        <Table
          label={t`What it would have done`}
          head={
            <>
              <th>
                <Trans>Who</Trans>
              </th>
              <th className="num">
                <Trans>When</Trans>
              </th>
              <th className="num">
                <Trans>Times</Trans>
              </th>
            </>
          }
        >
          {rows.map((w) => (
            <tr key={w.conversation.id}>
              <td>
                <Link to="/engage" search={{ view: "all", c: w.conversation.id }} className="link">
                  {w.conversation.author.name}
                </Link>
                <span className="block truncate text-xs text-ink-3">{w.conversation.subject}</span>
              </td>
              <td className="num">
                <Time at={w.at} />
              </td>
              <td className="num">{count(w.times)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
