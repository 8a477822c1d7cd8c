import { plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import {
  CircleAlert,
  CircleCheck,
  CircleHelp,
  CircleSlash2,
  Download,
  Plus,
  Radar,
  TriangleAlert,
} from "lucide-react";
import { useState } from "react";
import {
  Button,
  btn,
  Chip,
  Empty,
  Input,
  Menu,
  MenuItem,
  MenuNote,
  Page,
  PageBody,
  Section,
  States,
  Table,
  Time,
} from "../../../kit";
import { count } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { ListenShelf, shelfName } from "../Shelf";
import { type Matrix, type Profile, useMatrix, usePresenceActs, useProfiles } from "./data";
import { ProfileForm } from "./ProfileForm";
import type { PresenceSearch } from "./search";
import { kindName, statuses, statusName } from "./words";

const route = getRouteApi("/frame/listen/presence");

// Presence is the register: kinds of sites by regions as the picture, with its
// gaps, and below it the profiles.
export function Presence() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const may = useMay("listen.write");
  const matrix = useMatrix();
  const profiles = useProfiles(search);
  const [adds, setAdds] = useState<{ kind?: string; region?: string }>();
  const set = (next: { [K in keyof PresenceSearch]?: string | undefined }) =>
    void go({
      search: (s) =>
        Object.fromEntries(
          Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined),
        ) as PresenceSearch,
      replace: true,
    });
  const query = new URLSearchParams(search as Record<string, string>).toString();
  const acts = may && (
    <>
      <Button look="g" touch onClick={() => setAdds({})}>
        <Plus className="i s" aria-hidden />
        <span className="max-lg:sr-only">
          <Trans>Add a profile</Trans>
        </span>
      </Button>
      <Link to="/listen/presence/find" className={btn("p", "md", "touch")}>
        <Radar className="i s" aria-hidden />
        <span className="max-sm:sr-only">
          <Trans>Find profiles</Trans>
        </span>
      </Link>
    </>
  );
  return (
    <Page
      name={t`Presence`}
      title={<Trans>Presence</Trans>}
      shelf={<ListenShelf />}
      shelfName={shelfName()}
      acts={acts}
    >
      <PageBody>
        <States of={matrix}>
          {(m) => (
            <>
              <p className="mb-4 max-w-3xl text-xl font-strong tracking-tight text-balance">{lead(m)}</p>
              <Needs of={m} chosen={search.status} onStatus={(s) => set({ status: s })} />
              <Grid of={m} chosen={search} onChoose={set} onAdd={may ? setAdds : undefined} />
            </>
          )}
        </States>
        <Section
          className="mt-8"
          title={<Trans>Profiles</Trans>}
          n={profiles.data ? count((profiles.data.items ?? []).length) : undefined}
          end={
            <a
              href={`/api/presence/profiles.csv${query ? `?${query}` : ""}`}
              className={btn("g", "sm", "touch")}
              download
            >
              <Download className="i s" aria-hidden />
              <Trans>CSV</Trans>
            </a>
          }
        >
          <div className="touch my-3 flex flex-wrap items-center gap-2">
            <Input
              type="search"
              aria-label={t`Search profiles`}
              placeholder={t`Name, handle, address`}
              className="max-sm:!w-full sm:!w-56"
              defaultValue={search.q ?? ""}
              onChange={(e) => set({ q: e.currentTarget.value.trim() || undefined })}
            />
            {Object.keys(search).length > 0 && (
              <Button
                look="g"
                size="sm"
                onClick={() => set({ kind: undefined, region: undefined, status: undefined, q: undefined })}
              >
                <Trans>Show all</Trans>
              </Button>
            )}
            {search.kind && <Chip>{kindName(search.kind)}</Chip>}
            {search.region && <Chip>{search.region}</Chip>}
            {search.status && <Chip>{statusName(search.status)}</Chip>}
          </div>
          <States
            of={profiles}
            none={(d) => (d.items ?? []).length === 0}
            empty={
              <Empty title={<Trans>No profile stands here.</Trans>} acts={acts}>
                <Trans>Let Parley look for them by your names and domains, or put them in by hand.</Trans>
              </Empty>
            }
          >
            {(d) => <List rows={d.items ?? []} />}
          </States>
        </Section>
      </PageBody>
      <ProfileForm
        open={adds !== undefined}
        onOpenChange={(o) => !o && setAdds(undefined)}
        start={adds ?? {}}
      />
    </Page>
  );
}

function lead(m: Matrix): string {
  if (m.profiles === 0) return t`Nobody has told yet where we are. Unknown is not the same as nothing.`;
  const all = (m.squares ?? []).length;
  const gaps = (m.squares ?? []).filter((s) => s.answer === "unknown").length;
  const profiles = plural(m.profiles, { one: "# profile", other: "# profiles" });
  const unknown = plural(gaps, { one: "one of # place is unknown", other: "# places are unknown" });
  return gaps === 0
    ? t`${profiles}, and no gap among ${count(all)} places.`
    : t`${profiles}; of ${count(all)} kinds and regions ${unknown}.`;
}

function Needs({
  of: m,
  chosen,
  onStatus,
}: {
  of: Matrix;
  chosen: string | undefined;
  onStatus: (s: string | undefined) => void;
}) {
  const filters = [
    ...statuses
      .filter((s) => s !== "claimed" && s !== "closed")
      .map((s) => ({ s: s as string, n: m.status[s] ?? 0 })),
    { s: "ownerless", n: m.ownerless },
  ].filter((x) => x.n > 0);
  return (
    <ul className="touch mb-5 flex flex-wrap items-center gap-2">
      {m.open > 0 && (
        <li>
          <Link to="/listen/presence/find" className={btn("o", "sm")}>
            <Plural value={m.open} one="# proposal waits" other="# proposals wait" />
          </Link>
        </li>
      )}
      <li>
        <Link
          to="/listen/presence/audits"
          className={`${btn("o", "sm")} ${m.overdue > 0 ? "!text-alarm" : ""}`}
        >
          {m.overdue > 0 ? (
            <>
              <TriangleAlert className="i s" aria-hidden />
              <Plural value={m.overdue} one="# audit is overdue" other="# audits are overdue" />
            </>
          ) : m.due > 0 ? (
            <Plural value={m.due} one="# audit waits" other="# audits wait" />
          ) : (
            <Trans>Audits</Trans>
          )}
        </Link>
      </li>
      {filters.map((x) => (
        <li key={x.s}>
          <button
            type="button"
            className={`chip ol ${chosen === x.s ? "!bg-chosen" : ""}`}
            aria-pressed={chosen === x.s}
            onClick={() => onStatus(chosen === x.s ? undefined : x.s)}
          >
            <b className="font-strong">{count(x.n)}</b> {statusName(x.s)}
          </button>
        </li>
      ))}
    </ul>
  );
}

// Grid is the matrix. Each place says yes, no or unknown by sign and word.
function Grid({
  of: m,
  chosen,
  onChoose,
  onAdd,
}: {
  of: Matrix;
  chosen: PresenceSearch;
  onChoose: (next: { kind?: string | undefined; region?: string | undefined }) => void;
  onAdd: ((at: { kind: string; region: string }) => void) | undefined;
}) {
  const { say } = usePresenceActs();
  const squares = new Map((m.squares ?? []).map((s) => [`${s.kind} ${s.region}`, s]));
  return (
    <div className="overflow-x-auto">
      <table className="t" aria-label={t`Kinds of sites by regions`}>
        <thead>
          <tr>
            <th />
            {(m.regions ?? []).map((r) => (
              <th key={r} scope="col">
                {r}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(m.kinds ?? []).map((k) => (
            <tr key={k}>
              <th scope="row" className="whitespace-nowrap">
                {kindName(k)}
              </th>
              {(m.regions ?? []).map((r) => {
                const s = squares.get(`${k} ${r}`);
                if (!s) return <td key={r} />;
                const here = chosen.kind === k && chosen.region === r;
                return (
                  <td key={r} className={here ? "!bg-chosen" : undefined}>
                    {s.profiles + s.trouble > 0 ? (
                      <button
                        type="button"
                        className="flex min-h-6 w-full items-center gap-1.5 rounded-sm text-start hover:underline"
                        aria-pressed={here}
                        onClick={() =>
                          onChoose(here ? { kind: undefined, region: undefined } : { kind: k, region: r })
                        }
                      >
                        {s.answer === "yes" ? (
                          <CircleCheck className="i s text-good" aria-hidden />
                        ) : (
                          <CircleHelp className="i s text-wait" aria-hidden />
                        )}
                        {s.answer === "yes" ? (
                          <span className="whitespace-nowrap">
                            <Trans>yes, {count(s.profiles)}</Trans>
                          </span>
                        ) : (
                          <Trans>unknown</Trans>
                        )}
                        {s.trouble > 0 && (
                          <span className="inline-flex items-center gap-1 text-alarm">
                            <CircleAlert className="i s" aria-hidden />
                            {count(s.trouble)}
                            <span className="sr-only">
                              <Trans>need somebody</Trans>
                            </span>
                          </span>
                        )}
                      </button>
                    ) : (
                      <Menu
                        trigger={
                          <button
                            type="button"
                            className={`flex min-h-6 w-full items-center gap-1.5 rounded-sm text-start hover:underline ${s.answer === "no" ? "text-ink-2" : "text-wait"}`}
                          >
                            {s.answer === "no" ? (
                              <CircleSlash2 className="i s text-ink-3" aria-hidden />
                            ) : (
                              <CircleHelp className="i s text-wait" aria-hidden />
                            )}
                            {s.answer === "no" ? (
                              <Trans>no</Trans>
                            ) : (
                              <span className="max-sm:sr-only">
                                <Trans>unknown</Trans>
                              </span>
                            )}
                          </button>
                        }
                      >
                        <MenuNote>
                          {s.answer === "no" ? (
                            s.note || <Trans>Somebody looked: there is nothing.</Trans>
                          ) : (
                            <Trans>Nobody has looked yet.</Trans>
                          )}
                        </MenuNote>
                        {onAdd && (
                          <>
                            <MenuItem
                              icon={<Plus className="i" aria-hidden />}
                              onSelect={() => onAdd({ kind: k, region: r })}
                            >
                              <Trans>Yes: add the profile</Trans>
                            </MenuItem>
                            {s.answer === "no" ? (
                              <MenuItem
                                icon={<CircleHelp className="i" aria-hidden />}
                                onSelect={() => say.mutate({ kind: k, region: r, answer: "unknown" })}
                              >
                                <Trans>Unknown after all</Trans>
                              </MenuItem>
                            ) : (
                              <MenuItem
                                icon={<CircleSlash2 className="i" aria-hidden />}
                                onSelect={() => say.mutate({ kind: k, region: r, answer: "no" })}
                              >
                                <Trans>No: there is nothing</Trans>
                              </MenuItem>
                            )}
                          </>
                        )}
                      </Menu>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function List({ rows }: { rows: readonly Profile[] }) {
  return (
    <Table
      label={t`Profiles`}
      head={
        <>
          <th>
            <Trans>Profile</Trans>
          </th>
          <th className="max-sm:hidden">
            <Trans>Kind</Trans>
          </th>
          <th className="max-md:hidden">
            <Trans>Region</Trans>
          </th>
          <th>
            <Trans>Status</Trans>
          </th>
          <th className="max-md:hidden">
            <Trans>Answers for it</Trans>
          </th>
          <th className="num max-sm:hidden">
            <Trans>Last audit</Trans>
          </th>
        </>
      }
    >
      {rows.map((p) => (
        <tr key={p.id}>
          <td className="max-w-72">
            <Link
              to="/listen/presence/$id"
              params={{ id: p.id }}
              className="block truncate font-strong hover:underline"
            >
              {p.name}
            </Link>
            <span className="block truncate text-xs text-ink-3">{p.url || `@${p.handle}`}</span>
          </td>
          <td className="max-sm:hidden">
            {kindName(p.kind)} <span className="text-ink-3">{p.network}</span>
          </td>
          <td className="max-md:hidden">{p.region}</td>
          <td>
            <Status of={p.status} />
          </td>
          <td className="max-md:hidden">{p.owner?.name ?? <span className="text-wait">–</span>}</td>
          <td className="num max-sm:hidden">
            {p.audited_at ? <Time at={p.audited_at} /> : <span className="text-ink-3">{t`never`}</span>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

export function Status({ of: s }: { of: string }) {
  return (
    <Chip tone={s === "impostor" ? "alarm" : s === "orphaned" || s === "unclaimed" ? "wait" : "outline"}>
      {statusName(s)}
    </Chip>
  );
}
