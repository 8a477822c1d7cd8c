import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import {
  AppLink,
  Avatar,
  Button,
  btn,
  Chip,
  Def,
  Empty,
  Facts,
  Menu,
  MenuItem,
  Page,
  Segments,
  Skeleton,
  States,
  Table,
} from "../../kit";
import { count, day, short } from "../../lib/format";
import { reasons } from "../../lib/influence";
import { useMay } from "../../lib/session";
import { useNames } from "./Look";
import type { NetworkSearch } from "./search";
import { type Net, useInfluence, useMap, useNetwork, useNetworkPeople, type Who } from "./web";

const route = getRouteApi("/frame/analyze/network");
const Drawn = lazy(() => import("./Drawn").then((m) => ({ default: m.Drawn })));

// Network is who talks to whom: who is listened to and why, who belongs together,
// who stands between. As a map, and as a list that says the same.
export function Network() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const set = (next: { [K in keyof NetworkSearch]?: NetworkSearch[K] | undefined }) =>
    void go({
      search: (s) =>
        Object.fromEntries(
          Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined),
        ) as NetworkSearch,
      replace: true,
      resetScroll: false,
    });
  const net = useNetwork(search.programme);
  return (
    <Page
      name={t`Network`}
      title={<Trans>Network</Trans>}
      beside={
        <Link to="/analyze" className="link max-sm:hidden">
          <Trans>Explorer</Trans>
        </Link>
      }
      acts={
        <>
          <Programme
            of={search.programme}
            onChange={(programme) => set({ programme, circle: undefined, who: undefined })}
          />
          <Segments
            label={t`View`}
            value={search.as ?? "map"}
            parts={[
              { value: "map", label: t`Map` },
              { value: "list", label: t`List` },
            ]}
            onChange={(v) => set({ as: v === "list" ? "list" : undefined })}
          />
        </>
      }
    >
      <States
        of={net}
        pad
        none={(n) => !n.ready || n.people === 0}
        empty={<Nothing ready={net.data?.ready ?? false} />}
      >
        {(n) => (
          <div className="scroll lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(20rem,25rem)] lg:overflow-hidden">
            <div className="flex min-w-0 flex-col px-4 py-5 sm:px-6 lg:overflow-y-auto">
              <Lead of={n} />
              {search.as === "list" ? (
                <People search={search} set={set} />
              ) : (
                <Drawing of={n} search={search} set={set} />
              )}
            </div>
            <aside
              className="min-w-0 border-line max-lg:border-t lg:overflow-y-auto lg:border-s"
              aria-label={t`Who they are`}
            >
              {search.who ? (
                <One
                  id={search.who}
                  programme={search.programme}
                  onClose={() => set({ who: undefined })}
                  onWho={(who) => set({ who })}
                />
              ) : (
                <Circles
                  of={n}
                  chosen={search.circle}
                  onChoose={(circle) => set({ circle })}
                  onWho={(who) => set({ who })}
                />
              )}
            </aside>
          </div>
        )}
      </States>
    </Page>
  );
}

function Programme({
  of: id,
  onChange,
}: {
  of: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const names = useNames();
  if (names.programmes.length === 0) return null;
  return (
    <Menu
      align="end"
      trigger={
        <Button look="g" touch>
          <span className="max-w-40 truncate">
            {id ? (names.programme(id) ?? t`This programme`) : t`All channels`}
          </span>
          <ChevronDown className="i s" aria-hidden />
        </Button>
      }
    >
      <MenuItem chosen={!id} onSelect={() => onChange(undefined)}>
        <Trans>All channels</Trans>
      </MenuItem>
      {names.programmes.map((p) => (
        <MenuItem key={p.id} chosen={p.id === id} onSelect={() => onChange(p.id)}>
          {p.name}
        </MenuItem>
      ))}
    </Menu>
  );
}

function Lead({ of: n }: { of: Net }) {
  const first = n.circles?.flatMap((c) => c.top ?? []).sort((a, b) => a.place - b.place)[0];
  const people = count(n.people);
  return (
    <div className="mb-4 max-w-3xl">
      <p className="text-xl font-strong tracking-tight text-balance">
        {n.circle_count > 1 ? (
          <Trans>
            {people} people speak with each other in public, in {count(n.circle_count)} circles.
          </Trans>
        ) : (
          <Trans>{people} people speak with each other in public.</Trans>
        )}{" "}
        {first && (
          <Trans>
            {first.name} is listened to most: {reasons(first.why)}.
          </Trans>
        )}
      </p>
      <p className="mt-1.5 text-xs text-ink-3">
        <Def
          text={
            <Trans>
              Somebody is listened to when many answer or name them, and above all when those who do are
              listened to themselves (PageRank). Our own accounts are left out. No network tells who shares
              what, so shares make no bond.
            </Trans>
          }
        >
          <Trans>replies and mentions since {day(n.since)}</Trans>
        </Def>
        {" · "}
        <Plural value={n.bonds} one="# bond" other="# bonds" /> {" · "}
        <Trans>looked at {day(n.at)}</Trans>
      </p>
    </div>
  );
}

function Drawing({
  of: n,
  search,
  set,
}: {
  of: Net;
  search: NetworkSearch;
  set: (n: { who?: string | undefined; as?: "list" | undefined }) => void;
}) {
  const map = useMap(search.programme, n.at);
  const [broken, setBroken] = useState(false);
  if (broken)
    return (
      <Empty
        title={<Trans>This browser cannot draw the map.</Trans>}
        acts={
          <Button size="sm" onClick={() => set({ as: "list" })}>
            <Trans>See the list</Trans>
          </Button>
        }
      >
        <Trans>It needs WebGL, which is off or missing here. The list says the same.</Trans>
      </Empty>
    );
  return (
    <States of={map} skeleton={<Skeleton rows={6} />}>
      {(m) => (
        <Suspense fallback={<Skeleton rows={6} />}>
          <Drawn
            of={m}
            circle={search.circle}
            who={search.who}
            onWho={(who) => set({ who })}
            onBroken={() => setBroken(true)}
          />
        </Suspense>
      )}
    </States>
  );
}

function People({
  search,
  set,
}: {
  search: NetworkSearch;
  set: (n: { [K in keyof NetworkSearch]?: NetworkSearch[K] | undefined }) => void;
}) {
  const people = useNetworkPeople(search.programme, search.circle, search.by);
  return (
    <div className="flex-none">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Segments
          label={t`Order`}
          value={search.by ?? "influence"}
          parts={[
            { value: "influence", label: t`Listened to most` },
            { value: "bridge", label: t`Bridges` },
          ]}
          onChange={(v) => set({ by: v === "bridge" ? "bridge" : undefined })}
        />
        {search.circle !== undefined && (
          <Chip tone="voice" onRemove={() => set({ circle: undefined })}>
            <Trans>circle {search.circle + 1}</Trans>
          </Chip>
        )}
      </div>
      <States of={people}>
        {(rows) => (
          <>
            <Table
              label={t`People of the network`}
              head={
                <>
                  <th className="num">
                    <Trans>Place</Trans>
                  </th>
                  <th>
                    <Trans>Name</Trans>
                  </th>
                  <th>
                    <Trans>Why</Trans>
                  </th>
                  <th className="num max-md:hidden">
                    <Trans>Followers</Trans>
                  </th>
                  <th className="num max-sm:hidden">
                    <Def
                      text={
                        <Trans>
                          On how many of the shortest ways between others they stand; 100 is whoever stands on
                          most. Estimated from two hundred people.
                        </Trans>
                      }
                    >
                      <Trans>Bridge</Trans>
                    </Def>
                  </th>
                  <th className="num max-md:hidden">
                    <Trans>Circle</Trans>
                  </th>
                </>
              }
            >
              {rows.map((w) => (
                <tr key={w.identity} className={w.identity === search.who ? "bg-chosen" : ""}>
                  <td className="num text-ink-3">{count(w.place)}</td>
                  <td>
                    <button
                      type="button"
                      className="flex min-h-7 items-center gap-2.5 text-start hover:underline"
                      onClick={() => set({ who: w.identity })}
                    >
                      <Avatar name={w.name} size="sm" />
                      <span>
                        {w.name} <span className="text-ink-3">@{w.handle}</span>
                      </span>
                    </button>
                  </td>
                  <td className="text-ink-2">{reasons(w.why)}</td>
                  <td className="num max-md:hidden">{short(w.followers)}</td>
                  <td className="num max-sm:hidden">{Math.round(w.bridge)}</td>
                  <td className="num max-md:hidden">{w.circle + 1}</td>
                </tr>
              ))}
            </Table>
            <div className="py-4 text-ink-3">
              {people.hasMore ? (
                <Button size="sm" touch busy={people.loadingMore} onClick={people.more}>
                  <Trans>Show more</Trans>
                </Button>
              ) : (
                <Trans>That is all.</Trans>
              )}
            </div>
          </>
        )}
      </States>
    </div>
  );
}

function Circles({
  of: n,
  chosen,
  onChoose,
  onWho,
}: {
  of: Net;
  chosen: number | undefined;
  onChoose: (c: number | undefined) => void;
  onWho: (id: string) => void;
}) {
  return (
    <div className="px-5 py-4">
      <h2 className="text-md font-strong">
        <Def
          text={
            <Trans>
              People who turn to each other more than chance would have it (Louvain). A circle is called after
              whoever is listened to most in it.
            </Trans>
          }
        >
          <Trans>Circles</Trans>
        </Def>
      </h2>
      {(n.circles ?? []).length === 0 && (
        <p className="mt-2 text-ink-2">
          <Trans>Nobody stands together yet: a circle has more than two people.</Trans>
        </p>
      )}
      <ul className="mt-1">
        {(n.circles ?? []).map((c) => {
          const first = c.top?.[0];
          return (
            <li
              key={c.no}
              className={`border-b border-line py-2.5${chosen === c.no ? " -mx-5 bg-chosen px-5" : ""}`}
            >
              <button
                type="button"
                aria-pressed={chosen === c.no}
                className="flex min-h-6 w-full items-baseline gap-2 text-start hover:underline"
                onClick={() => onChoose(chosen === c.no ? undefined : c.no)}
              >
                <span
                  aria-hidden
                  className={`size-2.5 flex-none rounded-full ${dots[c.no] ?? "bg-context"}`}
                />
                <span className="truncate">
                  <Trans>around {first?.name ?? ""}</Trans>
                </span>
                <span className="ms-auto text-xs text-ink-3">
                  <Plural value={c.people} one="# person" other="# people" />
                </span>
              </button>
              <p className="mt-1 flex flex-wrap gap-x-3 ps-4.5 text-xs text-ink-2">
                {(c.top ?? []).map((w: Who) => (
                  <button
                    key={w.identity}
                    type="button"
                    className="min-h-6 hover:underline"
                    onClick={() => onWho(w.identity)}
                  >
                    {w.name}
                  </button>
                ))}
              </p>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const dots = ["bg-cat-1", "bg-cat-2", "bg-cat-3", "bg-cat-4", "bg-cat-5", "bg-cat-6", "bg-cat-7", "bg-cat-8"];

function One({
  id,
  programme,
  onClose,
  onWho,
}: {
  id: string;
  programme: string | undefined;
  onClose: () => void;
  onWho: (id: string) => void;
}) {
  const found = useInfluence([id], programme);
  const people = useMay("people.read");
  return (
    <div className="px-5 py-4">
      <Button look="g" size="sm" onClick={onClose}>
        <Trans>All circles</Trans>
      </Button>
      <States of={found} empty={<Empty title={<Trans>They are not in this network.</Trans>} />}>
        {([w]) =>
          w && (
            <>
              <div className="mt-3 flex items-center gap-3">
                <Avatar name={w.name} size="lg" />
                <div className="min-w-0">
                  <h2 className="truncate text-lg font-strong">{w.name}</h2>
                  <p className="truncate text-ink-3">@{w.handle}</p>
                </div>
              </div>
              <p className="mt-3 text-lg">
                <Trans>
                  Place {count(w.place)} of {count(w.people)}: {reasons(w.why)}.
                </Trans>
              </p>
              <div className="mt-3">
                <Facts
                  of={[
                    [<Trans key="f">Followers</Trans>, count(w.followers)],
                    [<Trans key="p">Posts we heard</Trans>, count(w.why.posts)],
                    [<Trans key="s">Shared, as told</Trans>, count(w.why.shares)],
                    [
                      <Trans key="t">Turns to</Trans>,
                      <Plural key="tv" value={w.why.turned} one="# person" other="# people" />,
                    ],
                    [<Trans key="c">Circles they talk with</Trans>, count(w.why.circles)],
                    [
                      <Trans key="b">Bridge</Trans>,
                      <Trans key="bv">
                        {Math.round(w.bridge)} of 100, place {count(w.bridge_no)}
                      </Trans>,
                    ],
                  ]}
                />
              </div>
              <p className="mt-3 flex flex-wrap gap-2">
                {w.person && people && (
                  <AppLink href={`/people/${w.person}`} className={btn("o", "sm")}>
                    <Trans>Open the person</Trans>
                  </AppLink>
                )}
                <Link to="/analyze" search={{ range: "90d", author: w.identity }} className={btn("g", "sm")}>
                  <Trans>What they say</Trans>
                </Link>
              </p>
              <h3 className="mt-5 text-xs text-ink-3">
                <Trans>Talks most with</Trans>
              </h3>
              <ul>
                {(w.neighbours ?? []).map((o) => (
                  <li key={o.identity} className="border-b border-line">
                    <button
                      type="button"
                      className="flex min-h-9 w-full items-center gap-2.5 text-start hover:underline"
                      onClick={() => onWho(o.identity)}
                    >
                      <Avatar name={o.name} size="sm" />
                      <span className="truncate">{o.name}</span>
                      <span className="ms-auto text-xs text-ink-3">
                        <Plural value={o.times} one="once" other="# times" />
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </States>
    </div>
  );
}

function Nothing({ ready }: { ready: boolean }) {
  return (
    <Empty
      title={
        ready ? (
          <Trans>Nobody has answered anybody yet.</Trans>
        ) : (
          <Trans>The network is not looked at yet.</Trans>
        )
      }
      acts={
        <AppLink href="/settings/channels" className={btn("o", "sm")}>
          <Trans>Look at the channels</Trans>
        </AppLink>
      }
    >
      <Trans>Who answers and names whom is kept as it is heard, and looked at every minute.</Trans>
    </Empty>
  );
}
