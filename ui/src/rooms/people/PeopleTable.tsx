import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Avatar, asFeeling, Button, ChannelMark, feelingWord, Sign, Table } from "../../kit";
import { count, short } from "../../lib/format";
import type { Pages } from "../../lib/pages";
import type { Row } from "./data";
import { Heard } from "./Heard";

// PeopleTable is people, those heard last first, and the way to more of them.
export function PeopleTable({ rows, of }: { rows: Row[]; of: Pages<Row> }) {
  return (
    <>
      <Table
        label={t`People`}
        head={
          <>
            <th>
              <Trans>Who</Trans>
            </th>
            <th className="max-sm:hidden">
              <Trans>Where</Trans>
            </th>
            <th className="max-md:hidden">
              <Trans>Mood</Trans>
            </th>
            <th className="num max-md:hidden">
              <Trans>Followers</Trans>
            </th>
            <th className="num max-sm:hidden">
              <Trans>Said</Trans>
            </th>
            <th className="num">
              <Trans>Last heard</Trans>
            </th>
          </>
        }
      >
        {rows.map((p) => (
          <PersonRow key={p.id} p={p} />
        ))}
      </Table>
      <div className="py-4 text-ink-3">
        {of.hasMore ? (
          <Button size="sm" touch busy={of.loadingMore} onClick={of.more}>
            <Trans>Show more</Trans>
          </Button>
        ) : (
          <Plural value={rows.length} one="One person." other="# people." />
        )}
      </div>
    </>
  );
}

// Where is the first place we know somebody from, and how many more there are.
function Where({ of: p }: { of: Row }) {
  const places = new Map(
    (p.identities ?? []).map((i) => [
      i.channel?.name ?? i.scheme,
      { kind: i.channel?.kind ?? i.scheme, mark: i.channel?.mark },
    ]),
  );
  const [first, ...more] = [...places];
  if (!first) return null;
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap" title={[...places.keys()].join(", ")}>
      <ChannelMark kind={first[1].kind} mark={first[1].mark} inline />
      <span className="text-ink-2">{first[0]}</span>
      {more.length > 0 && <span className="text-ink-3">+{count(more.length)}</span>}
    </span>
  );
}

function PersonRow({ p }: { p: Row }) {
  const mood = asFeeling(p.mood);
  const followers = Math.max(0, ...(p.identities ?? []).map((i) => i.followers));
  return (
    <tr className="relative">
      <td className="!h-13">
        <Link
          to="/people/$id"
          params={{ id: p.id }}
          data-person
          className="flex items-center gap-3 rounded-sm after:absolute after:inset-0"
        >
          <Avatar name={p.name} />
          <span className="min-w-0">
            <span className="block truncate font-strong">{p.name}</span>
            <span className="block truncate text-xs text-ink-3">
              {p.identities?.[0]?.handle || p.identities?.[0]?.value}
            </span>
          </span>
        </Link>
      </td>
      <td className="max-sm:hidden">
        <Where of={p} />
      </td>
      <td className="max-md:hidden">
        {mood ? (
          <span className="sent">
            <Sign of={mood} />
            {feelingWord(mood)}
          </span>
        ) : (
          <span className="text-ink-3">–</span>
        )}
      </td>
      <td className="num max-md:hidden">{short(followers)}</td>
      <td className="num max-sm:hidden">{count(p.activities)}</td>
      <td className="num">
        <Heard at={p.last_seen_at} className="text-ink-2" />
      </td>
    </tr>
  );
}
