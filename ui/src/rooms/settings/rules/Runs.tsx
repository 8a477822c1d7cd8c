import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Button, States, Table, Time } from "../../../kit";
import { type Rule, useRuns } from "./data";
import { didName } from "./words";

// Runs are what a rule did, each a way to its conversation.
export function Runs({ of: r }: { of: Rule }) {
  const runs = useRuns(r.id);
  return (
    <div className="pt-2">
      <States
        of={runs}
        empty={
          <p className="text-ink-3">
            <Trans>It has not done anything yet.</Trans>
          </p>
        }
      >
        {(rows) => (
          <Table
            label={t`What ${r.name} did`}
            head={
              <>
                <th>
                  <Trans>Conversation</Trans>
                </th>
                <th>
                  <Trans>Did</Trans>
                </th>
                <th className="num">
                  <Trans>When</Trans>
                </th>
              </>
            }
          >
            {rows.map((x) => (
              <tr key={x.conversation + x.at}>
                <td>
                  <Link to="/engage" search={{ view: "all", c: x.conversation }} className="link">
                    {x.author}
                  </Link>
                </td>
                <td>{(x.did ?? []).map(didName).join(", ")}</td>
                <td className="num">
                  <Time at={x.at} />
                </td>
              </tr>
            ))}
          </Table>
        )}
      </States>
      {runs.hasMore && (
        <Button size="sm" className="mt-2" busy={runs.loadingMore} onClick={runs.more}>
          <Trans>More</Trans>
        </Button>
      )}
    </div>
  );
}
