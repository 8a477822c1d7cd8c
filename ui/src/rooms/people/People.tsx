import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import {
  Avatar,
  asFeeling,
  Button,
  btn,
  ChannelMark,
  Empty,
  feelingWord,
  Page,
  Sign,
  States,
  Table,
} from "../../kit";
import { useCommands } from "../../lib/commands";
import { useSettled } from "../../lib/debounce";
import { count, short } from "../../lib/format";
import { type Row, usePeople } from "./data";
import { Heard } from "./Heard";
import { PeopleShelf, shelfName } from "./Shelf";
import { Waiting } from "./SuggestMaybe";

const route = getRouteApi("/frame/people");

// People is everybody we have heard, the latest first.
export function People() {
  const { q } = route.useSearch();
  const go = route.useNavigate();
  const [words, setWords] = useState(q ?? "");
  const settled = useSettled(words.trim());
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (settled !== (q ?? "")) void go({ search: settled ? { q: settled } : {}, replace: true });
  }, [settled, q, go]);
  const list = useRef<HTMLDivElement>(null);
  const step = (by: 1 | -1) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>("[data-person]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    (at < 0 ? all[0] : all[at + by])?.focus();
  };
  useCommands(t`People`, [
    { id: "find", label: t`Find a person`, keys: "/", run: () => field.current?.focus() },
    { id: "next", label: t`Next person`, keys: "j", run: () => step(1) },
    { id: "previous", label: t`Previous person`, keys: "k", run: () => step(-1) },
  ]);
  const people = usePeople(q);
  return (
    <Page
      name={t`People`}
      title={<Trans>People</Trans>}
      shelf={<PeopleShelf here="people" />}
      shelfName={shelfName()}
      acts={
        <>
          <Waiting />
          <label className="input find max-w-67">
            <Search className="i s" aria-hidden />
            <span className="sr-only">
              <Trans>Find a person</Trans>
            </span>
            <input
              ref={field}
              type="search"
              value={words}
              onChange={(e) => setWords(e.target.value)}
              placeholder={t`Name or handle`}
              className="min-w-0 flex-1 bg-transparent text-ink outline-none focus-visible:shadow-none"
            />
          </label>
        </>
      }
    >
      <div className="scroll">
        <div ref={list} className="px-4 py-3 sm:px-6">
          <States
            of={people}
            empty={
              q ? (
                <Empty title={<Trans>Nobody is called that.</Trans>}>
                  <Trans>Names and handles are searched, from the beginning of a word.</Trans>
                </Empty>
              ) : (
                <Empty
                  title={<Trans>Nobody has spoken yet.</Trans>}
                  acts={
                    <Link to="/" className={btn("o", "sm")}>
                      <Trans>See what is heard</Trans>
                    </Link>
                  }
                >
                  <Trans>
                    Whoever writes to you, or is found by a monitor, stands here with all their channels
                    joined.
                  </Trans>
                </Empty>
              )
            }
          >
            {(rows) => (
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
                  {people.hasMore ? (
                    <Button size="sm" touch busy={people.loadingMore} onClick={people.more}>
                      <Trans>Show more</Trans>
                    </Button>
                  ) : (
                    <Plural value={rows.length} one="One person." other="# people." />
                  )}
                </div>
              </>
            )}
          </States>
        </div>
      </div>
    </Page>
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
