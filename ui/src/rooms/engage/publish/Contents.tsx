import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, btn, ChannelMark, Empty, Input, Page, PageBody, States, Table, Time } from "../../../kit";
import { useSettled } from "../../../lib/debounce";
import { useMay } from "../../../lib/session";
import { type Content, useContents } from "./data";
import { HeldBar } from "./Holds";
import { small } from "./item";
import { PublishShelf, shelfName } from "./Shelf";
import { type ListSearch, type State, stateNames } from "./search";
import { StateChip, stateName } from "./words";

const route = getRouteApi("/frame/publish/list");

// Contents lists what we have to say, by where it stands.
export function Contents() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const contents = useContents(search);
  const may = useMay("publish.write");
  const [words, setWords] = useState(search.q ?? "");
  const settled = useSettled(words.trim(), 200);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the words came to rest
  useEffect(() => {
    if (settled === (search.q ?? "")) return;
    void go({
      search: (s) => {
        const { q: _, ...rest } = s as ListSearch;
        return settled ? { ...rest, q: settled } : rest;
      },
      replace: true,
    });
  }, [settled]);
  const title = search.stands
    ? search.stands === "in_review"
      ? t`To review`
      : stateName(search.stands)
    : t`Everything`;
  return (
    <Page
      name={title}
      title={title}
      shelf={<PublishShelf here={search.stands ?? "list"} />}
      shelfName={shelfName()}
      acts={
        may && (
          <Link to="/publish/new" className={btn("p", "md", "touch")}>
            <Plus className="i s" aria-hidden />
            <Trans>Write a post</Trans>
          </Link>
        )
      }
    >
      <HeldBar />
      <PageBody>
        <div className="touch mb-3">
          <Input
            type="search"
            aria-label={t`Search posts`}
            placeholder={t`Search posts`}
            className="!w-64"
            value={words}
            onChange={(e) => setWords((e.target as unknown as HTMLInputElement).value)}
          />
        </div>
        <States of={contents} empty={<Nothing search={search} />}>
          {(rows) => (
            <>
              <List rows={rows} />
              {contents.hasMore && (
                <Button className="mt-4" busy={contents.loadingMore} onClick={contents.more}>
                  <Trans>Show more</Trans>
                </Button>
              )}
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

function Nothing({ search }: { search: ListSearch }) {
  if (search.q) return <Empty title={<Trans>Nothing says this.</Trans>} />;
  switch (search.stands) {
    case "in_review":
      return (
        <Empty title={<Trans>Nothing waits for a review.</Trans>}>
          <Trans>What somebody submits stands here until it is approved.</Trans>
        </Empty>
      );
    case "failed":
      return <Empty title={<Trans>Everything that should have left has left.</Trans>} />;
    case "held":
      return <Empty title={<Trans>Nothing is held.</Trans>} />;
    default:
      return (
        <Empty title={<Trans>There is nothing here yet.</Trans>}>
          <Trans>Write once, and say it on every channel in its own way.</Trans>
        </Empty>
      );
  }
}

const states = (c: Content): State[] => stateNames.filter((s) => c.posts?.some((p) => p.state === s));

const pictured = (c: Content) => small(c.posts?.flatMap((p) => p.files ?? []).find((f) => f.shown)?.url);

function List({ rows }: { rows: readonly Content[] }) {
  return (
    <Table
      label={t`Posts`}
      head={
        <>
          <th>
            <Trans>What</Trans>
          </th>
          <th>
            <Trans>Where</Trans>
          </th>
          <th>
            <Trans>State</Trans>
          </th>
          <th className="max-sm:hidden">
            <Trans>By</Trans>
          </th>
          <th className="num max-sm:hidden">
            <Trans>Changed</Trans>
          </th>
        </>
      }
    >
      {rows.map((c) => (
        <tr key={c.id}>
          <td className="max-w-100">
            {pictured(c) && (
              <img
                src={pictured(c)}
                alt=""
                loading="lazy"
                className="float-start me-3 size-9 rounded-sm border border-line object-cover"
              />
            )}
            <Link to="/publish/$id" params={{ id: c.id }} className="block min-h-6 truncate font-strong">
              {c.name || t`Without words yet`}
            </Link>
            {c.programme && <span className="block truncate text-xs text-ink-3">{c.programme.name}</span>}
          </td>
          <td>
            <span className="flex gap-1">
              {c.posts?.map((p) => (
                <ChannelMark
                  key={p.id}
                  kind={p.channel.kind}
                  mark={p.channel.mark}
                  name={p.channel.name}
                  inline
                />
              ))}
            </span>
          </td>
          <td>
            <span className="flex flex-wrap gap-1">
              {states(c).map((s) => (
                <StateChip key={s} of={s} asks={c.posts?.some((p) => p.state === s && p.asks) ?? false} />
              ))}
            </span>
          </td>
          <td className="max-sm:hidden">{c.author.name}</td>
          <td className="num max-sm:hidden">
            <Time at={c.updated_at} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
