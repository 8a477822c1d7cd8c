import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Archive, ExternalLink, History, Languages, MoreHorizontal, PencilLine, Trash2 } from "lucide-react";
import { useState } from "react";
import {
  Button,
  btn,
  Chip,
  Empty,
  Menu,
  MenuItem,
  MenuLine,
  Page,
  PageBody,
  States,
  Time,
  tell,
} from "../../../kit";
import { language } from "../../../lib/format";
import { About } from "./About";
import { type ArticleFull, useArticle, useKnowActs } from "./data";
import { NewArticle } from "./NewArticle";
import { KnowShelf, shelfName } from "./Shelf";
import { Versions } from "./Versions";
import { Write } from "./Write";
import { Standing, stateName } from "./words";

const route = getRouteApi("/frame/engage/know/$id");

// ArticlePage is one article: as it reads, being written, or its versions.
export function ArticlePage() {
  const { id } = route.useParams();
  const { write, show } = route.useSearch();
  const article = useArticle(id);
  const go = useNavigate();
  const acts = useKnowActs();
  const [translates, setTranslates] = useState(false);
  const a = article.data;
  const name = a?.title ?? t`Article`;
  const to = (search: { write?: true; show?: "versions" }) =>
    void go({ to: "/engage/know/$id", params: { id }, search });
  // Whoever may not change what the world reads is told so where the press would be.
  const stuck =
    a && a.visibility === "public" && !a.may_publish
      ? t`Publishing to everybody takes a manager.`
      : undefined;
  const remove = () =>
    acts.remove.mutate(id, {
      onSuccess: () => {
        tell({ text: t`“${name}” is deleted.`, undo: () => acts.bring.mutate(id) });
        void go({ to: "/engage/know" });
      },
    });
  return (
    <Page
      name={name}
      title={<span lang={a?.lang}>{name}</span>}
      beside={
        a && (
          <span className="flex gap-1 max-sm:hidden">
            <Standing of={a} />
            <Chip tone="outline">{language(a.lang)}</Chip>
          </span>
        )
      }
      shelf={<KnowShelf />}
      shelfName={shelfName()}
      aside={a ? <About key={a.id} of={a} /> : undefined}
      asideName={t`About this article`}
      acts={
        a && (
          <>
            <Menu
              align="end"
              trigger={
                <Button look="g" square touch aria-label={t`More`}>
                  <MoreHorizontal className="i" aria-hidden />
                </Button>
              }
            >
              <MenuItem
                icon={<History className="i" aria-hidden />}
                onSelect={() => to({ show: "versions" })}
              >
                <Trans>Versions</Trans>
              </MenuItem>
              {a.may_write && (
                <>
                  <MenuItem
                    icon={<Languages className="i" aria-hidden />}
                    onSelect={() => setTranslates(true)}
                  >
                    <Trans>Translate it</Trans>
                  </MenuItem>
                  {a.state === "published" && (
                    <MenuItem
                      icon={<PencilLine className="i" aria-hidden />}
                      disabled={Boolean(stuck)}
                      onSelect={() => acts.turn.mutate({ id, state: "draft" })}
                    >
                      <Trans>Make it a draft again</Trans>
                    </MenuItem>
                  )}
                  {a.state !== "archived" && (
                    <MenuItem
                      icon={<Archive className="i" aria-hidden />}
                      disabled={a.state === "published" && Boolean(stuck)}
                      onSelect={() => acts.turn.mutate({ id, state: "archived" })}
                    >
                      <Trans>Archive it</Trans>
                    </MenuItem>
                  )}
                  <MenuLine />
                  <MenuItem
                    danger
                    icon={<Trash2 className="i" aria-hidden />}
                    disabled={a.state === "published" && Boolean(stuck)}
                    onSelect={remove}
                  >
                    <Trans>Delete it</Trans>
                  </MenuItem>
                </>
              )}
            </Menu>
            {a.may_write && !write && (
              <Button look={a.state === "published" ? "p" : "o"} touch onClick={() => to({ write: true })}>
                <PencilLine className="i s" aria-hidden />
                {a.writing ? <Trans>Go on writing</Trans> : <Trans>Change</Trans>}
              </Button>
            )}
            {a.may_write && !write && a.state !== "published" && (
              <Button
                look="p"
                touch
                busy={acts.turn.isPending}
                {...(stuck ? { why: stuck } : a.body.trim() ? {} : { why: t`There are no words yet.` })}
                onClick={() =>
                  acts.turn.mutate(
                    { id, state: "published" },
                    {
                      onSuccess: () =>
                        tell({
                          text:
                            a.visibility === "public"
                              ? t`Everybody can read it now.`
                              : t`Everybody inside can read it now.`,
                        }),
                    },
                  )
                }
              >
                <Trans>Publish</Trans>
              </Button>
            )}
          </>
        )
      }
    >
      <States of={article} pad>
        {(x) =>
          write && x.may_write ? (
            <Write
              key={x.id}
              of={x}
              stuck={x.state === "published" ? stuck : undefined}
              onDone={() => to({})}
            />
          ) : (
            <PageBody>
              {show === "versions" ? <Versions of={x} onClose={() => to({})} /> : <Reads of={x} />}
            </PageBody>
          )
        }
      </States>
      {a && (
        <NewArticle
          open={translates}
          onOpenChange={setTranslates}
          start={{ of: a.id, title: a.title, body: a.body }}
        />
      )}
    </Page>
  );
}

// Reads is the article as its readers see it.
function Reads({ of: a }: { of: ArticleFull }) {
  return (
    <article className="max-w-(--measure)" lang={a.lang} dir="auto">
      {(a.translations ?? []).length > 0 && (
        <nav className="mb-4 flex flex-wrap gap-2" aria-label={t`Languages`}>
          {(a.translations ?? []).map((x) => (
            <Link key={x.id} to="/engage/know/$id" params={{ id: x.id }} className={btn("o", "sm")}>
              {language(x.lang)}
              {x.state !== "published" && <span className="text-ink-3">{stateName(x.state)}</span>}
            </Link>
          ))}
        </nav>
      )}
      {a.writing && (
        <p className="mb-4 rounded-sm bg-wait-wash px-3 py-2 text-wait">
          <Trans>
            You began to change this <Time at={a.writing.at} />. Nobody sees it until you keep it.
          </Trans>
        </p>
      )}
      {a.body.trim() === "" ? (
        <Empty title={<Trans>There are no words yet.</Trans>}>
          <Trans>Write what a customer needs to know, and nothing else.</Trans>
        </Empty>
      ) : (
        <Rendered html={a.html} />
      )}
    </article>
  );
}

// Rendered shows Markdown that the server has made into safe HTML.
export function Rendered({ html }: { html: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the server renders it and lets only an allow-list through
  return <div className="read" dangerouslySetInnerHTML={{ __html: html }} />;
}

export function OpenLink({ href, children }: { href: string; children: React.ReactNode }) {
  return (
    <a href={href} target="_blank" rel="noopener" className="link inline-flex items-center gap-1">
      {children}
      <ExternalLink className="i s" aria-hidden />
    </a>
  );
}
