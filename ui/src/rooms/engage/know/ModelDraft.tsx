import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { BotMessageSquare, X } from "lucide-react";
import { useState } from "react";
import { Button, type Door, tell } from "../../../kit";
import type { Got } from "../../../lib/api";
import { sentenceOf } from "../../../lib/problem";
import { useMayDraft, useModelDraft } from "./data";

type Suggestion = NonNullable<Got<"/api/conversations/{id}/suggestions">["items"]>[number];
export interface Drafted {
  text: string;
  model: string;
  removed: number;
  sources: readonly Suggestion[];
}

// useDrafts lets a language model draft into the composer, where one is connected. A
// person reads, changes and sends; nothing leaves by itself.
export function useDrafts(
  conversation: string,
  door: Door,
  put: (text: string) => void,
): { tool: React.ReactNode; mark: React.ReactNode; done: () => void } {
  const on = useMayDraft();
  const draft = useModelDraft(conversation);
  const [drafted, setDrafted] = useState<Drafted>();
  const tool =
    on && door !== "note" ? (
      <Button
        look="g"
        size="sm"
        busy={draft.isPending}
        onClick={() =>
          draft.mutate(door === "public" ? "public" : "direct", {
            onSuccess: (d) => {
              setDrafted({ ...d, sources: d.sources ?? [] });
              put(d.text);
            },
            onError: (e) => tell({ text: sentenceOf(e), bad: true }),
          })
        }
      >
        <BotMessageSquare className="i s" aria-hidden />
        <Trans>Draft a reply</Trans>
      </Button>
    ) : null;
  const mark = drafted && (
    <div
      className="flex items-start gap-2 border-b border-line bg-wait-wash px-3.5 py-1.5 text-xs text-wait"
      role="status"
    >
      <BotMessageSquare className="i s mt-0.5 flex-none" aria-hidden />
      <div className="min-w-0 flex-1">
        <b className="font-strong">
          <Trans>Drafted by a model; check it.</Trans>
        </b>{" "}
        {drafted.sources.length === 0 ? (
          <Trans>It had no source to go by.</Trans>
        ) : (
          <>
            <Trans>It was given:</Trans>{" "}
            {drafted.sources.map((s, i) => (
              <span key={s.kind + s.id}>
                {i > 0 && ", "}
                {s.kind === "article" ? (
                  <Link to="/engage/know/$id" params={{ id: s.id }} className="underline">
                    {s.title}
                  </Link>
                ) : (
                  <span className="italic">{s.title}</span>
                )}
              </span>
            ))}
            .
          </>
        )}{" "}
        {drafted.removed > 0 && (
          <Plural
            value={drafted.removed}
            one="One address that no source names was taken out."
            other="# addresses that no source names were taken out."
          />
        )}
      </div>
      <button
        type="button"
        className="grid size-6 flex-none place-items-center"
        aria-label={t`I have checked it`}
        onClick={() => setDrafted(undefined)}
      >
        <X className="i s" aria-hidden />
      </button>
    </div>
  );
  return { tool, mark, done: () => setDrafted(undefined) };
}
