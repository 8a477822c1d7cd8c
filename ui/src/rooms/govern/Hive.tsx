import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { Empty, Page, PageBody, Segments, States, Table } from "../../kit";
import { count } from "../../lib/format";
import { phone, useMedia } from "../../lib/media";
import { useMay } from "../../lib/session";
import { type Programme, useProgrammes } from "./data";
import { HiveChart, levelName } from "./HiveChart";
import { NewProgramme } from "./NewProgramme";
import { GovernShelf, shelfName } from "./Shelf";
import { Sketch } from "./Sketch";

const route = getRouteApi("/frame/govern");

// Hive is all programmes at one look, and one of them beside.
export function Hive() {
  const { show = "hive", p } = route.useSearch();
  const go = route.useNavigate();
  const list = useProgrammes();
  const may = useMay("govern.write");
  const small = useMedia(phone);
  const active = (list.data ?? []).filter((x) => x.state === "active");
  const chosen = p ?? active[0]?.id;
  const choose = (id: string) => void go({ search: { ...(show === "hive" ? {} : { show }), p: id } });
  const people = active.reduce((n, x) => n + x.members, 0);
  return (
    <Page
      name={t`Hive`}
      title={<Trans>Hive</Trans>}
      beside={
        list.data && (
          <span className="truncate text-ink-3 max-sm:hidden">
            {plural(active.length, { one: "# programme", other: "# programmes" })},{" "}
            {plural(people, { one: "# seat", other: "# seats" })}
          </span>
        )
      }
      shelf={<GovernShelf />}
      shelfName={shelfName()}
      acts={
        <>
          <Segments
            label={t`View`}
            value={show}
            parts={[
              { value: "hive", label: t`Hive` },
              { value: "table", label: t`Table` },
            ]}
            onChange={(v) =>
              void go({ search: { ...(v === "hive" ? {} : { show: v }), ...(p ? { p } : {}) } })
            }
          />
          {may && <NewProgramme onMade={choose} />}
        </>
      }
      aside={chosen ? <Sketch id={chosen} /> : undefined}
      asideName={t`Programme`}
    >
      <PageBody>
        <States
          of={{ ...list, data: list.data && active }}
          empty={
            <Empty title={<Trans>No programme yet.</Trans>} acts={may && <NewProgramme onMade={choose} />}>
              <Trans>
                A programme is a piece of the dialogue with an owner: its people, its channels, its rules and
                its numbers.
              </Trans>
            </Empty>
          }
        >
          {(rows) => (
            <>
              <p className="mb-5 max-w-3xl text-xl font-strong tracking-tight">{lead(rows)}</p>
              {show === "hive" ? (
                <>
                  <HiveChart programmes={rows} chosen={chosen} onChoose={choose} />
                  {small && <AsList rows={rows} />}
                </>
              ) : (
                <AsTable rows={rows} chosen={chosen} onChoose={choose} />
              )}
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

// lead is what is so, in words, from the rows that are drawn.
export function lead(rows: readonly Programme[]): string {
  const measure = rows.filter((p) => p.maturity >= 4).length;
  const behind = rows.filter((p) => p.members > 0 && p.acknowledged < p.members);
  const first =
    measure === 0
      ? t`No programme measures what it does yet.`
      : plural(measure, {
          one: "One programme measures what it does.",
          other: "# programmes measure what they do.",
        });
  const second =
    behind.length === 0
      ? t`Everybody in them has read what is required.`
      : plural(behind.length, {
          one: "In one, somebody has not read what is required.",
          other: "In #, somebody has not read what is required.",
        });
  return `${first} ${second}`;
}

// AsList is the hive in words, where its cells have no room for them.
function AsList({ rows }: { rows: readonly Programme[] }) {
  return (
    <ul className="mt-6 border-t border-line">
      {rows.map((p) => (
        <li key={p.id} className="border-b border-line">
          <Link
            to="/govern/programmes/$id"
            params={{ id: p.id }}
            className="flex min-h-13 items-center gap-3"
          >
            <i
              className="size-3 flex-none rounded-xs"
              style={{ background: `var(--color-seq-${p.maturity})` }}
              aria-hidden
            />
            <span className="min-w-0 flex-1">
              <span className="block truncate font-strong">{p.name}</span>
              <span className="block truncate text-xs text-ink-3">
                {p.maturity} {levelName(p.maturity)}
                {p.lead && ` · ${p.lead.name}`}
              </span>
            </span>
            <span className="text-ink-2">{count(p.members)}</span>
            <ChevronRight className="i text-ink-3 rtl:-scale-x-100" aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function AsTable({
  rows,
  chosen,
  onChoose,
}: {
  rows: readonly Programme[];
  chosen?: string | undefined;
  onChoose: (id: string) => void;
}) {
  return (
    <Table
      label={t`Programmes`}
      head={
        <>
          <th>
            <Trans>Programme</Trans>
          </th>
          <th className="max-sm:hidden">
            <Trans>Lead</Trans>
          </th>
          <th className="num">
            <Trans>People</Trans>
          </th>
          <th className="num">
            <Trans>Ready to speak</Trans>
          </th>
          <th className="num max-sm:hidden">
            <Trans>Channels</Trans>
          </th>
          <th>
            <Trans>Maturity</Trans>
          </th>
        </>
      }
    >
      {rows.map((p) => (
        <tr key={p.id} data-chosen={p.id === chosen ? "" : undefined}>
          <td>
            <button
              type="button"
              className="rounded-sm text-start font-strong hover:underline"
              onClick={() => onChoose(p.id)}
            >
              {p.name}
            </button>
          </td>
          <td className="max-sm:hidden">{p.lead?.name ?? "–"}</td>
          <td className="num">{count(p.members)}</td>
          <td className={`num ${p.acknowledged < p.members ? "text-wait" : ""}`}>
            <Trans>
              {count(p.acknowledged)} of {count(p.members)}
            </Trans>
          </td>
          <td className="num max-sm:hidden">{count(p.channels)}</td>
          <td>
            {p.maturity} <span className="text-ink-3">{levelName(p.maturity)}</span>
          </td>
        </tr>
      ))}
    </Table>
  );
}
