import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { AppLink, Button, btn, Empty, Page, PageBody, States, Table, Time } from "../../kit";
import { money } from "../../lib/format";
import { useOutcomes } from "./data";
import { EvolveShelf, shelfName } from "./Shelf";

// Outcomes are what shops and other systems reported, and who gets the credit.
export function Outcomes() {
  const list = useOutcomes();
  return (
    <Page name={t`Outcomes`} title={<Trans>Outcomes</Trans>} shelf={<EvolveShelf />} shelfName={shelfName()}>
      <PageBody>
        <States
          of={list}
          empty={
            <Empty
              title={<Trans>No outcome was reported yet.</Trans>}
              acts={
                <>
                  <AppLink href="/settings/tokens" className={btn("o", "sm")}>
                    <Trans>Make a token for your shop</Trans>
                  </AppLink>
                  <a href="/api/docs" className={btn("g", "sm")}>
                    <Trans>Read the API</Trans>
                  </a>
                </>
              }
            >
              <Trans>
                Your shop tells Parley of a sale with the visitor’s parley_click, and the conversation that
                led to it is credited.
              </Trans>
            </Empty>
          }
        >
          {(rows) => (
            <>
              <Table
                label={t`Outcomes`}
                head={
                  <>
                    <th>
                      <Trans>What</Trans>
                    </th>
                    <th>
                      <Trans>Credited to</Trans>
                    </th>
                    <th className="num">
                      <Trans>Value</Trans>
                    </th>
                    <th className="num">
                      <Trans>When</Trans>
                    </th>
                  </>
                }
              >
                {rows.map((o) => (
                  <tr key={o.id}>
                    <td>
                      {o.takes_back ? (
                        <TakenBack of={o.takes_back} />
                      ) : (
                        <>
                          {o.kind}{" "}
                          <span className="mono text-xs text-ink-3 max-sm:hidden">{o.external_id}</span>
                        </>
                      )}
                    </td>
                    <td className="w-1/2 max-w-0">
                      {(o.credited ?? []).length === 0 ? (
                        <span className="text-ink-3">
                          <Trans>nobody: no link of ours led to it</Trans>
                        </span>
                      ) : (
                        (o.credited ?? []).map((c) => (
                          <Link
                            key={c.conversation}
                            to="/engage"
                            search={{ view: "all", c: c.conversation }}
                            className="block truncate hover:underline"
                          >
                            {c.author} <span className="said text-ink-2">{c.subject}</span>
                          </Link>
                        ))
                      )}
                    </td>
                    <td className="num">{o.value ? money(o.value.value, o.value.currency) : "–"}</td>
                    <td className="num">
                      <Time at={o.at} className="text-ink-2" />
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
                  <Plural value={rows.length} one="One outcome." other="# outcomes." />
                )}
              </div>
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

// TakenBack says which outcome one takes back, and leads to the order of that id.
function TakenBack({ of: id }: { of: string }) {
  return (
    <Trans>
      takes back{" "}
      <Link to="/people/orders" search={{ q: id }} className="mono link text-xs">
        {id}
      </Link>
    </Trans>
  );
}
