import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Avatar, Button, Chip, Def, Empty, Segments, States, Table } from "../../../kit";
import { count, short } from "../../../lib/format";
import { reasons } from "../../../lib/influence";
import type { NetworkSearch } from "../search";
import { useNetworkPeople } from "../web";

// People is the network as a list.
export function People({
  search,
  set,
}: {
  search: NetworkSearch;
  set: (n: { [K in keyof NetworkSearch]?: NetworkSearch[K] | undefined }) => void;
}) {
  const people = useNetworkPeople(search.programme, search.circle, search.by, search.kind);
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
      <States of={people} empty={<Empty title={<Trans>There are no bonds of this kind yet.</Trans>} />}>
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
