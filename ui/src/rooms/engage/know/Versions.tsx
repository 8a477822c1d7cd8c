import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { Button, Section, Select, States, Time, tell } from "../../../kit";
import { type ArticleFull, type Piece, useCompared, useKnowActs, useVersions, type Version } from "./data";

// Versions lists what an article said at each time, compares two, and brings one back.
export function Versions({ of: a, onClose }: { of: ArticleFull; onClose: () => void }) {
  const versions = useVersions(a.id);
  const [to, setTo] = useState(a.version);
  const [from, setFrom] = useState(Math.max(1, a.version - 1));
  const { restore } = useKnowActs();
  const compared = useCompared(a.id, from, to, from !== to);
  const choices = (versions.data ?? []).map((v) => ({ value: String(v.n), label: t`Version ${v.n}` }));
  const back = (v: Version) =>
    restore.mutate(
      { id: a.id, n: v.n },
      {
        onSuccess: (x) => {
          setFrom(x.version - 1);
          setTo(x.version);
          tell({ text: t`The words of version ${v.n} are version ${x.version} now.` });
        },
      },
    );
  const stuck = !a.may_write || (a.state === "published" && a.visibility === "public" && !a.may_publish);
  return (
    <Section
      title={<Trans>Versions</Trans>}
      end={
        <Button look="g" size="sm" onClick={onClose}>
          <X className="i s" aria-hidden />
          <Trans>Back to the article</Trans>
        </Button>
      }
    >
      <States of={versions}>
        {(rows) => (
          <ul className="mb-6">
            {rows.map((v) => (
              <li
                key={v.n}
                className="flex min-h-10 flex-wrap items-center gap-x-3 border-b border-line py-1"
              >
                <button
                  type="button"
                  className="link font-strong"
                  onClick={() => {
                    setFrom(Math.max(1, v.n - 1));
                    setTo(v.n);
                  }}
                >
                  <Trans>Version {v.n}</Trans>
                </button>
                <span className="text-ink-2">{v.by?.name}</span>
                <span className="min-w-0 flex-1 truncate text-ink-3">{v.note}</span>
                <Time at={v.at} className="text-xs text-ink-3" />
                {v.n === a.version ? (
                  <span className="w-24 text-end text-xs text-ink-3">
                    <Trans>as it is now</Trans>
                  </span>
                ) : (
                  <Button
                    look="g"
                    size="sm"
                    className="w-24"
                    disabled={stuck}
                    busy={restore.isPending && restore.variables?.n === v.n}
                    onClick={() => back(v)}
                  >
                    <RotateCcw className="i s" aria-hidden />
                    <Trans>Restore</Trans>
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </States>
      {versions.hasMore && (
        <Button size="sm" className="mb-6" busy={versions.loadingMore} onClick={versions.more}>
          <Trans>Show more</Trans>
        </Button>
      )}
      {choices.length > 1 && (
        <>
          <div className="touch mb-3 flex flex-wrap items-center gap-2">
            <Select
              className="!w-36"
              label={t`From`}
              value={String(from)}
              onChange={(v) => setFrom(Number(v))}
              choices={choices}
            />
            <span className="text-ink-3">→</span>
            <Select
              className="!w-36"
              label={t`To`}
              value={String(to)}
              onChange={(v) => setTo(Number(v))}
              choices={choices}
            />
          </div>
          {from === to ? (
            <p className="text-ink-3">
              <Trans>Choose two different versions.</Trans>
            </p>
          ) : (
            <States of={compared}>
              {(c) => (
                <div className="max-w-3xl">
                  <p className="mb-2 font-strong">
                    <Difference of={c.title ?? []} />
                  </p>
                  <Difference of={c.body ?? []} />
                </div>
              )}
            </States>
          )}
        </>
      )}
    </Section>
  );
}

// Difference shows what went and what came, by line and sign and not by colour alone.
export function Difference({ of }: { of: readonly Piece[] }) {
  return (
    <span className="words diff" dir="auto">
      {of.map((p, i) =>
        p.kind === "gone" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces stand in their order
          <del key={i}>{p.text}</del>
        ) : p.kind === "new" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces stand in their order
          <ins key={i}>{p.text}</ins>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces stand in their order
          <span key={i}>{p.text}</span>
        ),
      )}
    </span>
  );
}
