import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { Button, Chip, Empty, Page, PageBody, States, Table, Time } from "../../kit";
import { count } from "../../lib/format";
import { useMay } from "../../lib/session";
import { usePolicies } from "./data";
import { NewPolicy } from "./NewPolicy";
import { GovernShelf, shelfName } from "./Shelf";

// Policies are the rules, and who has read them.
export function Policies() {
  const list = usePolicies();
  const may = useMay("govern.write");
  return (
    <Page
      name={t`Policies`}
      title={<Trans>Policies</Trans>}
      shelf={<GovernShelf />}
      shelfName={shelfName()}
      acts={may && <NewPolicy />}
    >
      <PageBody>
        <States
          of={list}
          empty={
            <Empty title={<Trans>No policy holds yet.</Trans>} acts={may && <NewPolicy />}>
              <Trans>A required policy must be acknowledged before anybody may speak in your name.</Trans>
            </Empty>
          }
        >
          {(rows) => (
            <>
              <Table
                label={t`Policies`}
                head={
                  <>
                    <th>
                      <Trans>Policy</Trans>
                    </th>
                    <th className="max-sm:hidden">
                      <Trans>Holds for</Trans>
                    </th>
                    <th className="num max-sm:hidden">
                      <Trans>Version</Trans>
                    </th>
                    <th className="num">
                      <Trans>Acknowledged</Trans>
                    </th>
                    <th>
                      <Trans>You</Trans>
                    </th>
                    <th className="num max-sm:hidden">
                      <Trans>Since</Trans>
                    </th>
                  </>
                }
              >
                {rows.map((p) => (
                  <tr key={p.id}>
                    <td>
                      <Link
                        to="/govern/policies/$id"
                        params={{ id: p.id }}
                        className="font-strong hover:underline"
                      >
                        {p.name}
                      </Link>
                      {p.required && (
                        <span className="ms-2 text-xs text-ink-3">
                          <Trans>required</Trans>
                        </span>
                      )}
                    </td>
                    <td className="max-sm:hidden">{p.programme?.name ?? <Trans>everybody</Trans>}</td>
                    <td className="num max-sm:hidden">{p.version}</td>
                    <td className={`num ${p.required && p.acknowledged < p.of ? "text-wait" : ""}`}>
                      <Trans>
                        {count(p.acknowledged)} of {count(p.of)}
                      </Trans>
                    </td>
                    <td>
                      {p.mine.acknowledged ? (
                        <Chip tone="good" icon={<Check aria-hidden />}>
                          {t`read`}
                        </Chip>
                      ) : (
                        <Link
                          to="/govern/policies/$id"
                          params={{ id: p.id }}
                          className="font-strong text-voice hover:underline"
                        >
                          <Trans>Read it</Trans>
                        </Link>
                      )}
                    </td>
                    <td className="num max-sm:hidden">
                      <Time at={p.effective_at} className="text-ink-2" />
                    </td>
                  </tr>
                ))}
              </Table>
              <div className="py-4 text-ink-3">
                {list.hasMore ? (
                  <Button size="sm" touch busy={list.loadingMore} onClick={list.more}>
                    <Trans>Show more</Trans>
                  </Button>
                ) : (
                  <Plural value={rows.length} one="One policy." other="# policies." />
                )}
              </div>
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}
