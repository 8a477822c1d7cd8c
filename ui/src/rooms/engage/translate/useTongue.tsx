import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Languages, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button, type Door, tell } from "../../../kit";
import { language } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { base, foreign, useTranslates, useTranslateWords } from "./data";

// useTongue puts what somebody has written into the customer's language, by machine, and
// gives the words back on a press. Nothing is sent by that.
export function useTongue(
  talk: { id: string; lang: string },
  door: Door,
  text: string,
  write: (text: string) => void,
): { tool: ReactNode; mark: ReactNode } {
  const on = useTranslates();
  const words = useTranslateWords(talk.id);
  const [before, setBefore] = useState<{ talk: string; text: string; to: string }>();
  const empty = text.trim() === "";
  useEffect(() => {
    if (empty) setBefore(undefined);
  }, [empty]);
  const name = language(base(talk.lang));
  const mine = before?.talk === talk.id ? before : undefined;
  const tool =
    on && door !== "note" && !empty && !mine && foreign(talk.lang) ? (
      <Button
        look="g"
        size="sm"
        busy={words.isPending}
        onClick={() =>
          words.mutate(
            { text, to: base(talk.lang) },
            {
              onSuccess: (got) => {
                setBefore({ talk: talk.id, text, to: got.to });
                write(got.text);
              },
              onError: (e) => tell({ text: sentenceOf(e), bad: true }),
            },
          )
        }
      >
        <Languages className="i s" aria-hidden />
        <Trans>Translate into {name}</Trans>
      </Button>
    ) : null;
  const into = mine ? language(mine.to) : "";
  const mark = mine && (
    <div
      className="flex flex-wrap items-center gap-2 border-b border-line bg-wait-wash px-3.5 py-1.5 text-xs text-wait"
      role="status"
    >
      <Languages className="i s flex-none" aria-hidden />
      <span className="min-w-0 flex-1">
        <Trans>Translated by machine into {into}; check it.</Trans>
      </span>
      <Button
        look="g"
        size="sm"
        touch
        onClick={() => {
          write(mine.text);
          setBefore(undefined);
        }}
      >
        <Trans>Undo</Trans>
      </Button>
      <button
        type="button"
        className="grid size-6 flex-none place-items-center"
        aria-label={t`I have checked it`}
        onClick={() => setBefore(undefined)}
      >
        <X className="i s" aria-hidden />
      </button>
    </div>
  );
  return { tool, mark };
}
