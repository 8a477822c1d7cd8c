import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useRef, useState } from "react";
import { Avatar, Button, Empty, Page, States, Table } from "../../../kit";
import { useCommands } from "../../../lib/commands";
import { count } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { useOrgs } from "../deals/data";
import { Find } from "../Find";
import { PeopleShelf, shelfName } from "../Shelf";
import { WriteOrg } from "./WriteOrg";

const route = getRouteApi("/frame/people/organizations");

// Orgs are the organizations that people work for, by name.
export function Orgs() {
  const { q } = route.useSearch();
  const go = route.useNavigate();
  const may = useMay("people.write");
  const [adds, setAdds] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const orgs = useOrgs(q);
  useCommands(t`Organizations`, [
    { id: "find-org", label: t`Find an organization`, keys: "/", run: () => field.current?.focus() },
    ...(may ? [{ id: "new-org", label: t`Add an organization`, keys: "n", run: () => setAdds(true) }] : []),
  ]);
  return (
    <Page
      name={t`Organizations`}
      title={<Trans>Organizations</Trans>}
      shelf={<PeopleShelf here="organizations" />}
      shelfName={shelfName()}
      acts={
        <>
          <span className="max-sm:hidden">
            <Find
              q={q}
              field={field}
              label={t`Find an organization`}
              onFind={(w) => void go({ search: w ? { q: w } : {}, replace: true })}
            />
          </span>
          {may && (
            <Button look="p" touch onClick={() => setAdds(true)}>
              <Plus className="i s" aria-hidden />
              <span className="max-sm:sr-only">
                <Trans>Add an organization</Trans>
              </span>
            </Button>
          )}
        </>
      }
    >
      <div className="scroll">
        <div className="px-4 py-3 sm:px-6">
          <States
            of={orgs}
            empty={
              q ? (
                <Empty title={<Trans>No organization is called that.</Trans>}>
                  <Trans>Names and domains are searched, from the beginning of a word.</Trans>
                </Empty>
              ) : (
                <Empty title={<Trans>No organization is known yet.</Trans>}>
                  <Trans>Hotels, shops, offices: whom your customers work for.</Trans>
                </Empty>
              )
            }
          >
            {(rows) => (
              <>
                <Table
                  label={t`Organizations`}
                  head={
                    <>
                      <th>
                        <Trans>Name</Trans>
                      </th>
                      <th className="max-sm:hidden">
                        <Trans>Industry</Trans>
                      </th>
                      <th className="num">
                        <Trans>People</Trans>
                      </th>
                      <th className="num">
                        <Trans>Open opportunities</Trans>
                      </th>
                    </>
                  }
                >
                  {rows.map((o) => (
                    <tr key={o.id} className="relative">
                      <td className="!h-13">
                        <Link
                          to="/people/organizations/$id"
                          params={{ id: o.id }}
                          className="flex items-center gap-3 rounded-sm after:absolute after:inset-0"
                        >
                          <Avatar name={o.name} org />
                          <span className="min-w-0">
                            <span className="block truncate font-strong">{o.name}</span>
                            <span className="block truncate text-xs text-ink-3">
                              {o.domain || o.parent?.name}
                            </span>
                          </span>
                        </Link>
                      </td>
                      <td className="max-sm:hidden">{o.industry}</td>
                      <td className="num">{count(o.people)}</td>
                      <td className="num">{count(o.open)}</td>
                    </tr>
                  ))}
                </Table>
                <div className="py-4 text-ink-3">
                  {orgs.hasMore ? (
                    <Button size="sm" touch busy={orgs.loadingMore} onClick={orgs.more}>
                      <Trans>Show more</Trans>
                    </Button>
                  ) : (
                    <Plural value={rows.length} one="One organization." other="# organizations." />
                  )}
                </div>
              </>
            )}
          </States>
        </div>
      </div>
      <WriteOrg open={adds} onOpenChange={setAdds} />
    </Page>
  );
}
