import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowLeft, Check } from "lucide-react";
import { useState } from "react";
import {
  AsidePart,
  Avatar,
  Button,
  btn,
  Chip,
  Page,
  PageBody,
  States,
  Time,
  Timeline,
  TimelineItem,
  tell,
} from "../../kit";
import { count } from "../../lib/format";
import { useMay } from "../../lib/session";
import { type Reader, usePolicy, useReaders, useRules, type Wording } from "./data";
import { Revise } from "./Revise";
import { GovernShelf, shelfName } from "./Shelf";
import { Words } from "./Words";

const route = getRouteApi("/frame/govern/policies/$id");

// Policy is a rule to be read, its versions, and who has acknowledged it.
export function Policy() {
  const { id } = route.useParams();
  const policy = usePolicy(id);
  const may = useMay("govern.write");
  const [shown, setShown] = useState<number>();
  const p = policy.data;
  return (
    <Page
      name={p?.name ?? t`Policy`}
      title={p?.name ?? t`Policy`}
      beside={
        p?.required && (
          <span className="max-sm:hidden">
            <Chip tone="outline">{t`required`}</Chip>
          </span>
        )
      }
      shelf={<GovernShelf />}
      shelfName={shelfName()}
      acts={
        <>
          <Link to="/govern/policies" className={btn("g", "md")}>
            <ArrowLeft className="i s rtl:-scale-x-100" aria-hidden />
            <span className="max-sm:sr-only">
              <Trans>Policies</Trans>
            </span>
          </Link>
          {may && p && <Revise of={p} />}
        </>
      }
      aside={p && <Beside of={p} shown={shown ?? p.version} onShow={setShown} />}
      asideName={t`Versions and readers`}
    >
      <PageBody>
        <States of={policy}>{(x) => <Body of={x} n={shown ?? x.version} />}</States>
      </PageBody>
    </Page>
  );
}

function Body({ of: p, n }: { of: Wording; n: number }) {
  const version = (p.versions ?? []).find((v) => v.n === n);
  const { acknowledge } = useRules();
  if (!version) return null;
  const old = n !== p.version;
  return (
    <article className="flex max-w-(--measure) flex-col gap-5">
      {old && (
        <p className="rounded-sm bg-wait-wash px-3 py-2 text-wait">
          <Trans>This is version {n}, which no longer holds.</Trans>
        </p>
      )}
      {version.summary && <p className="text-xl font-strong tracking-tight">{version.summary}</p>}
      <Words text={version.body} />
      {!old && (
        <div className="sticky bottom-0 flex flex-wrap items-center gap-3 border-t border-line bg-paper py-4">
          {p.mine.acknowledged ? (
            <p className="flex items-center gap-2 text-good">
              <Check className="i" aria-hidden />
              <Trans>You acknowledged version {p.version}.</Trans> {p.mine.at && <Time at={p.mine.at} />}
            </p>
          ) : (
            <>
              <Button
                look="p"
                touch
                busy={acknowledge.isPending}
                onClick={() =>
                  acknowledge.mutate(
                    { id: p.id, version: p.version },
                    {
                      onSuccess: () => tell({ text: t`Acknowledged.` }),
                      onError: (e) => tell({ text: e.message, bad: true }),
                    },
                  )
                }
              >
                <Check className="i s" aria-hidden />
                <Trans>I have read this and will keep to it</Trans>
              </Button>
              {p.required && (
                <span className="text-ink-3">
                  <Trans>Until then you can’t speak in our name.</Trans>
                </span>
              )}
            </>
          )}
        </div>
      )}
    </article>
  );
}

function Beside({ of: p, shown, onShow }: { of: Wording; shown: number; onShow: (n: number) => void }) {
  const reads = useMay("govern.read");
  return (
    <>
      <AsidePart
        title={<Trans>Versions</Trans>}
        end={p.programme?.name ?? <Trans>holds for everybody</Trans>}
      >
        <Timeline label={t`Versions`}>
          {[...(p.versions ?? [])]
            .sort((a, b) => b.n - a.n)
            .map((v) => (
              <TimelineItem key={v.id} tone={v.n === p.version ? "ours" : "rest"}>
                <button
                  type="button"
                  className="rounded-sm text-start hover:underline"
                  aria-current={v.n === shown ? "true" : undefined}
                  onClick={() => onShow(v.n)}
                >
                  <span className={v.n === shown ? "font-strong" : ""}>
                    <Trans>Version {v.n}</Trans>
                  </span>{" "}
                  <span className="text-ink-3">
                    {v.by.name} · <Time at={v.effective_at} />
                  </span>
                </button>
              </TimelineItem>
            ))}
        </Timeline>
      </AsidePart>
      {reads && <Readers of={p} />}
    </>
  );
}

// missingFirst puts those who have not read it on top: they are what there is to do.
const missingFirst = (a: Reader, b: Reader) =>
  Number(Boolean(a.at)) - Number(Boolean(b.at)) || a.member.name.localeCompare(b.member.name);

function Readers({ of: p }: { of: Wording }) {
  const readers = useReaders(p.id, true);
  return (
    <AsidePart
      title={<Trans>Readers</Trans>}
      end={
        <Trans>
          {count(p.acknowledged)} of {count(p.of)}
        </Trans>
      }
    >
      <States of={readers}>
        {(rows) => (
          <ul className="flex flex-col gap-2">
            {[...rows].sort(missingFirst).map((r) => (
              <li key={r.member.id} className="flex items-center gap-2.5">
                <Avatar name={r.member.name} us size="sm" />
                <span className="min-w-0 flex-1 truncate">{r.member.name}</span>
                {r.at ? (
                  <span className="flex items-center gap-1 text-xs text-good">
                    <Check className="i s" aria-label={t`acknowledged`} />
                    <Time at={r.at} />
                  </span>
                ) : (
                  <span className="text-xs text-wait">
                    <Trans>not yet</Trans>
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </States>
      {readers.hasMore && (
        <Button size="sm" look="g" busy={readers.loadingMore} onClick={readers.more}>
          <Trans>Show more</Trans>
        </Button>
      )}
    </AsidePart>
  );
}
