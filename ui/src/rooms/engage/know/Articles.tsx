import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Download, FileUp, Folder, MoreHorizontal, Plus } from "lucide-react";
import { useEffect, useState } from "react";
import {
  Button,
  btn,
  Chip,
  Empty,
  Input,
  Menu,
  MenuItem,
  Page,
  PageBody,
  Select,
  States,
  Table,
  Time,
} from "../../../kit";
import { useSettled } from "../../../lib/debounce";
import { language } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { Categories } from "./Categories";
import { type Article, useArticles, useCategories, useKnowCounts } from "./data";
import { Import } from "./Import";
import { NewArticle } from "./NewArticle";
import { KnowShelf, shelfName } from "./Shelf";
import type { KnowSearch } from "./search";
import { Standing } from "./words";

const route = getRouteApi("/frame/engage/know");

// Articles lists what is written down: by words, state, language and subject.
export function Articles() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const may = useMay("know.write");
  const articles = useArticles(search);
  const counts = useKnowCounts().data;
  const category = (useCategories().data ?? []).find((c) => c.id === search.category);
  const [asks, setAsks] = useState<"new" | "import" | "categories">();
  const set = (next: { [K in keyof KnowSearch]?: KnowSearch[K] | undefined }) =>
    void go({
      search: (s) =>
        Object.fromEntries(
          Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined),
        ) as KnowSearch,
      replace: true,
    });
  const acts = (
    <>
      <Menu
        align="end"
        trigger={
          <Button look="g" square touch aria-label={t`More`}>
            <MoreHorizontal className="i" aria-hidden />
          </Button>
        }
      >
        {may && (
          <MenuItem icon={<FileUp className="i" aria-hidden />} onSelect={() => setAsks("import")}>
            <Trans>Bring in Markdown files</Trans>
          </MenuItem>
        )}
        <MenuItem
          icon={<Download className="i" aria-hidden />}
          link={<a href="/api/know/articles.zip" download aria-label={t`All as Markdown files`} />}
        >
          <Trans>All as Markdown files</Trans>
        </MenuItem>
        {may && (
          <MenuItem icon={<Folder className="i" aria-hidden />} onSelect={() => setAsks("categories")}>
            <Trans>Subjects</Trans>
          </MenuItem>
        )}
      </Menu>
      {may && (
        <Button look="p" touch onClick={() => setAsks("new")}>
          <Plus className="i s" aria-hidden />
          <Trans>Write an article</Trans>
        </Button>
      )}
    </>
  );
  const narrowed = Object.keys(search).length > 0;
  const title = category?.name ?? (search.due ? t`To look at again` : t`Articles`);
  return (
    <Page name={title} title={title} shelf={<KnowShelf here={search} />} shelfName={shelfName()} acts={acts}>
      <PageBody>
        {counts && !narrowed && counts.published + counts.draft > 0 && (
          <p className="mb-4 max-w-3xl text-xl font-strong tracking-tight text-balance">
            <Plural value={counts.published} one="# article is published" other="# articles are published" />
            {", "}
            <Plural value={counts.public} one="# for everybody to read." other="# for everybody to read." />
          </p>
        )}
        <div className="touch mb-3 flex flex-wrap items-center gap-2">
          <Find key={search.category ?? ""} q={search.q} onFind={(q) => set({ q })} />
          {(counts?.langs ?? []).length > 1 && (
            <Select
              className="!w-40"
              label={t`Language`}
              value={search.lang ?? ""}
              onChange={(l) => set({ lang: l || undefined })}
              choices={[
                { value: "", label: t`Every language` },
                ...(counts?.langs ?? []).map((l) => ({ value: l, label: language(l) })),
              ]}
            />
          )}
          <Select
            className="!w-40"
            label={t`Who may read it`}
            value={search.visibility ?? ""}
            onChange={(v) => set({ visibility: v === "" ? undefined : v })}
            choices={[
              { value: "" as const, label: t`Inside and public` },
              { value: "public" as const, label: t`Public` },
              { value: "internal" as const, label: t`Inside only` },
            ]}
          />
          {narrowed && (
            <Button
              look="g"
              size="sm"
              onClick={() =>
                set({
                  q: undefined,
                  lang: undefined,
                  visibility: undefined,
                  state: undefined,
                  category: undefined,
                  due: undefined,
                })
              }
            >
              <Trans>Show all</Trans>
            </Button>
          )}
        </div>
        <States
          of={articles}
          empty={<Nothing search={search} onNew={may ? () => setAsks("new") : undefined} />}
        >
          {(rows) => (
            <>
              <List rows={rows} />
              {articles.hasMore && (
                <Button className="mt-4" busy={articles.loadingMore} onClick={articles.more}>
                  <Trans>Show more</Trans>
                </Button>
              )}
            </>
          )}
        </States>
      </PageBody>
      <NewArticle open={asks === "new"} onOpenChange={(o) => setAsks(o ? "new" : undefined)} />
      <Import open={asks === "import"} onOpenChange={(o) => setAsks(o ? "import" : undefined)} />
      <Categories open={asks === "categories"} onOpenChange={(o) => setAsks(o ? "categories" : undefined)} />
    </Page>
  );
}

function Find({ q, onFind }: { q: string | undefined; onFind: (q: string | undefined) => void }) {
  const [words, setWords] = useState(q ?? "");
  const settled = useSettled(words.trim(), 200);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the words came to rest
  useEffect(() => {
    if (settled !== (q ?? "")) onFind(settled || undefined);
  }, [settled]);
  return (
    <Input
      type="search"
      aria-label={t`Search articles`}
      placeholder={t`Search in every language`}
      className="!w-64"
      value={words}
      onChange={(e) => setWords(e.currentTarget.value)}
    />
  );
}

function Nothing({ search, onNew }: { search: KnowSearch; onNew: (() => void) | undefined }) {
  if (search.q)
    return (
      <Empty title={<Trans>No article speaks of this.</Trans>}>
        <Trans>Try other words, or write the article that is missing.</Trans>
      </Empty>
    );
  if (search.due)
    return (
      <Empty title={<Trans>Every article has been looked at.</Trans>}>
        <Trans>When the day of an article comes, it stands here.</Trans>
      </Empty>
    );
  return (
    <Empty
      title={<Trans>Nothing is written down yet.</Trans>}
      acts={
        onNew && (
          <button type="button" className={btn("p", "sm")} onClick={onNew}>
            <Trans>Write an article</Trans>
          </button>
        )
      }
    >
      <Trans>
        What you write once is suggested to whoever answers next, and can help customers by itself.
      </Trans>
    </Empty>
  );
}

function List({ rows }: { rows: readonly Article[] }) {
  return (
    <Table
      label={t`Articles`}
      head={
        <>
          <th>
            <Trans>Article</Trans>
          </th>
          <th>
            <Trans>Stands</Trans>
          </th>
          <th className="max-md:hidden">
            <Trans>Language</Trans>
          </th>
          <th className="max-lg:hidden">
            <Trans>Looks after it</Trans>
          </th>
          <th className="num max-sm:hidden">
            <Trans>Changed</Trans>
          </th>
        </>
      }
    >
      {rows.map((a) => (
        <tr key={a.id}>
          <td className="max-w-0 min-w-48 w-full py-2">
            <Link
              to="/engage/know/$id"
              params={{ id: a.id }}
              className="block truncate font-strong hover:underline"
              lang={a.lang}
            >
              {a.title}
            </Link>
            <span className="block truncate text-xs text-ink-3" lang={a.lang}>
              {a.lead}
            </span>
          </td>
          <td>
            <span className="flex flex-wrap gap-1">
              <Standing of={a} />
              {a.stale && (
                <Chip tone="wait">
                  <Trans>look again</Trans>
                </Chip>
              )}
            </span>
          </td>
          <td className="max-md:hidden whitespace-nowrap">{language(a.lang)}</td>
          <td className="max-lg:hidden whitespace-nowrap">{a.owner?.name ?? "–"}</td>
          <td className="num max-sm:hidden">
            <Time at={a.updated_at} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
