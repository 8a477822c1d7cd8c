import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Columns3, Plus, Rows3 } from "lucide-react";
import { useState } from "react";
import { Button, Empty, Page, Segments, Select, States, Table, Time } from "../../../kit";
import { useCommands } from "../../../lib/commands";
import { minor } from "../../../lib/format";
import { useMay, useSession } from "../../../lib/session";
import { Find } from "../Find";
import { PeopleShelf, shelfName } from "../Shelf";
import { Board } from "./Board";
import { type Deal, type Pipeline, useDeals, useForecast, usePipelines } from "./data";
import { Outlook } from "./Outlook";
import { NewDeal } from "./Write";

const route = getRouteApi("/frame/people/opportunities");

// Deals is what customers may order: a board or a list.
export function Deals() {
  const { q, show, pipeline: chosen, mine } = route.useSearch();
  const go = route.useNavigate();
  const may = useMay("people.write");
  const me = useSession()?.member?.id;
  const [adds, setAdds] = useState(false);
  const pipelines = usePipelines();
  const living = (pipelines.data ?? []).filter((p) => !p.archived);
  const pipeline = living.find((p) => p.id === chosen) ?? living[0];
  const totals = useForecast(pipeline?.id).data;
  const owner = mine ? me : undefined;
  const set = (next: Record<string, string | true | undefined>) =>
    void go({
      search: (s) =>
        Object.fromEntries(Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined)) as typeof s,
      replace: true,
    });
  useCommands(t`Opportunities`, [
    ...(may ? [{ id: "new", label: t`New opportunity`, keys: "n", run: () => setAdds(true) }] : []),
    { id: "next-deal", label: t`Next opportunity`, keys: "j", run: () => step(1) },
    { id: "previous-deal", label: t`Previous opportunity`, keys: "k", run: () => step(-1) },
  ]);
  const list = show === "list" || Boolean(q);
  return (
    <Page
      name={t`Opportunities`}
      title={<Trans>Opportunities</Trans>}
      shelf={<PeopleShelf here="opportunities" />}
      shelfName={shelfName()}
      acts={
        <>
          <span className="max-md:hidden">
            <Find q={q} onFind={(w) => set({ q: w })} label={t`Find an opportunity`} />
          </span>
          {may && (
            <Button look="p" touch onClick={() => setAdds(true)}>
              <Plus className="i s" aria-hidden />
              <span className="max-sm:sr-only">
                <Trans>New opportunity</Trans>
              </span>
            </Button>
          )}
        </>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col">
        <div className="touch flex flex-wrap items-center gap-2 px-4 pt-4 sm:px-6">
          <Segments
            label={t`View`}
            value={list ? "list" : "board"}
            onChange={(v) => set({ show: v === "list" ? "list" : undefined, q: undefined })}
            parts={[
              {
                value: "board",
                label: (
                  <Look icon={<Columns3 className="i s" aria-hidden />}>
                    <Trans>Board</Trans>
                  </Look>
                ),
              },
              {
                value: "list",
                label: (
                  <Look icon={<Rows3 className="i s" aria-hidden />}>
                    <Trans>List</Trans>
                  </Look>
                ),
              },
            ]}
          />
          {living.length > 1 && pipeline && (
            <Select
              className="!w-40"
              label={t`Pipeline`}
              value={pipeline.id}
              onChange={(p) => set({ pipeline: p })}
              choices={living.map((p) => ({ value: p.id, label: p.name }))}
            />
          )}
          <Button
            size="sm"
            look="g"
            aria-pressed={Boolean(mine)}
            onClick={() => set({ mine: mine ? undefined : true })}
          >
            <Trans>Mine only</Trans>
          </Button>
          {pipeline && totals && <Outlook pipeline={pipeline} totals={totals} />}
        </div>
        <p id="board-keys" className="sr-only">
          <Trans>Shift and an arrow move it to the next stage; arrows alone go from card to card.</Trans>
        </p>
        {list ? (
          <List q={q} owner={owner} pipeline={pipeline} />
        ) : (
          <States of={pipelines} pad>
            {() =>
              pipeline && (
                <Board
                  key={pipeline.id}
                  pipeline={pipeline}
                  totals={totals}
                  owner={owner}
                  may={may}
                  onOpen={(id) => void go({ to: "/people/opportunities/$id", params: { id } })}
                />
              )
            }
          </States>
        )}
      </div>
      <NewDeal open={adds} onOpenChange={setAdds} pipeline={pipeline} />
    </Page>
  );
}

// step goes from card to card, or from line to line.
function step(by: 1 | -1) {
  const all = [...document.querySelectorAll<HTMLElement>("[data-deal]")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  (at < 0 ? all[0] : all[at + by])?.focus();
}

function Look({ icon, children }: { icon: React.ReactNode; children: React.ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {icon}
      {children}
    </span>
  );
}

function List({
  q,
  owner,
  pipeline,
}: {
  q: string | undefined;
  owner: string | undefined;
  pipeline: Pipeline | undefined;
}) {
  const deals = useDeals({
    ...(q ? { q } : {}),
    ...(owner ? { owner } : {}),
    ...(pipeline ? { pipeline: pipeline.id } : {}),
  });
  return (
    <div className="scroll">
      <div className="px-4 py-3 sm:px-6">
        <States
          of={deals}
          empty={
            q ? (
              <Empty title={<Trans>No opportunity is called that.</Trans>}>
                <Trans>Names are searched, from the beginning of a word.</Trans>
              </Empty>
            ) : (
              <Empty title={<Trans>Nobody wants to buy yet, as far as we know.</Trans>}>
                <Trans>Begin one here, or from a conversation in which it comes up.</Trans>
              </Empty>
            )
          }
        >
          {(rows) => (
            <>
              <DealTable rows={rows} stage={(id) => pipeline?.stages?.find((s) => s.id === id)?.name ?? ""} />
              <div className="py-4 text-ink-3">
                {deals.hasMore ? (
                  <Button size="sm" touch busy={deals.loadingMore} onClick={deals.more}>
                    <Trans>Show more</Trans>
                  </Button>
                ) : (
                  <Plural value={rows.length} one="One opportunity." other="# opportunities." />
                )}
              </div>
            </>
          )}
        </States>
      </div>
    </div>
  );
}

// DealTable lists opportunities, each leading to its page.
export function DealTable({ rows, stage }: { rows: readonly Deal[]; stage: (id: string) => string }) {
  return (
    <Table
      label={t`Opportunities`}
      head={
        <>
          <th>
            <Trans>What</Trans>
          </th>
          <th>
            <Trans>Stage</Trans>
          </th>
          <th className="max-md:hidden">
            <Trans>Owner</Trans>
          </th>
          <th className="num">
            <Trans>Amount</Trans>
          </th>
          <th className="num max-sm:hidden">
            <Trans>Changed</Trans>
          </th>
        </>
      }
    >
      {rows.map((d) => (
        <tr key={d.id}>
          <td className="w-full max-w-0 min-w-40 py-2">
            <Link
              to="/people/opportunities/$id"
              params={{ id: d.id }}
              data-deal={d.id}
              className="block truncate font-strong hover:underline"
            >
              {d.name}
            </Link>
            <span className="block truncate text-xs text-ink-3">
              {[d.organization?.name, d.person?.name].filter(Boolean).join(" · ")}
            </span>
          </td>
          <td className="whitespace-nowrap">{stage(d.stage)}</td>
          <td className="whitespace-nowrap max-md:hidden">{d.owner?.name}</td>
          <td className="num whitespace-nowrap">{d.currency ? minor(d.amount, d.currency) : "–"}</td>
          <td className="num max-sm:hidden">
            <Time at={d.updated_at} className="text-ink-2" />
          </td>
        </tr>
      ))}
    </Table>
  );
}
