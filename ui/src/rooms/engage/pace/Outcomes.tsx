import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Button, Chip, Empty, Section, States, Table, Time } from "../../../kit";
import { span } from "../../../lib/format";
import { goalName } from "../Due";
import { useOutcomes } from "./data";
import type { Goal, PaceSearch } from "./search";

// Outcomes are the conversations behind a number.
export function Outcomes({ search }: { search: PaceSearch & { goal: Goal } }) {
  const found = useOutcomes(search);
  const goal = goalName(search.goal);
  return (
    <div id="conversations">
      <Section
        title={search.show === "kept" ? <Trans>{goal}: kept</Trans> : <Trans>{goal}: missed</Trans>}
        end={
          <Link to="/engage/pace" search={search.range ? { range: search.range } : {}} className="link">
            <Trans>Close</Trans>
          </Link>
        }
      >
        <States of={found} empty={<Empty title={<Trans>There is none.</Trans>} />}>
          {(rows) => (
            <Table
              label={t`Conversations`}
              head={
                <>
                  <th>
                    <Trans>Who</Trans>
                  </th>
                  <th className="max-sm:hidden">
                    <Trans>Asked</Trans>
                  </th>
                  <th className="num">
                    <Trans>Took</Trans>
                  </th>
                  <th className="num">
                    <Trans>Against the pledge</Trans>
                  </th>
                </>
              }
            >
              {rows.map((o) => {
                const end = o.at ? Date.parse(o.at) : Date.now();
                const late = (end - Date.parse(o.due)) / 1000;
                return (
                  <tr key={o.conversation.id + o.start}>
                    <td>
                      <Link to="/engage" search={{ view: "all", c: o.conversation.id }} className="link">
                        {o.conversation.author.name}
                      </Link>
                      <span className="block truncate text-xs text-ink-3">{o.conversation.subject}</span>
                    </td>
                    <td className="max-sm:hidden">
                      <Time at={o.start} />
                    </td>
                    <td className="num">
                      {o.at ? span((end - Date.parse(o.start)) / 1000) : <Trans>not yet</Trans>}
                    </td>
                    <td className="num">
                      <Chip tone={o.kept ? "good" : "alarm"}>
                        {o.kept ? <Trans>{span(-late)} early</Trans> : <Trans>{span(late)} late</Trans>}
                      </Chip>
                    </td>
                  </tr>
                );
              })}
            </Table>
          )}
        </States>
        {found.hasMore && (
          <Button className="mt-3" busy={found.loadingMore} onClick={found.more}>
            <Trans>More</Trans>
          </Button>
        )}
      </Section>
    </div>
  );
}
