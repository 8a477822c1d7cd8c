import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { BookmarkCheck, BookmarkPlus } from "lucide-react";
import { tell } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { useAnswerActs, useGoodAnswers } from "./data";

// KeepAnswer is the press at a reply of ours by which it is kept as a good answer.
export function KeepAnswer({
  conversation,
  version,
  message,
}: {
  conversation: string;
  version: number; // what looks good changes with the conversation
  message: string;
}) {
  const may = useMay("know.write");
  const good = useGoodAnswers(conversation, version, may).data?.find((g) => g.message === message);
  const { keep, drop, bring } = useAnswerActs();
  if (!may || !good) return null;
  if (good.answer) {
    const id = good.answer;
    return (
      <button
        type="button"
        className="inline-flex items-center gap-1 self-center hover:underline"
        aria-pressed
        title={t`Suggested where the same is asked. Press to keep it no longer.`}
        onClick={() =>
          drop.mutate(id, {
            onSuccess: () => tell({ text: t`No longer kept as an answer.`, undo: () => bring.mutate(id) }),
          })
        }
      >
        <BookmarkCheck className="i s" aria-hidden />
        <Trans>Kept as an answer</Trans>
      </button>
    );
  }
  return (
    <button
      type="button"
      className="inline-flex items-center gap-1 self-center hover:underline"
      aria-pressed={false}
      disabled={keep.isPending}
      title={
        good.why === "thanked"
          ? t`They thanked for it: suggest it where the same is asked`
          : t`Suggest it where the same is asked`
      }
      onClick={() =>
        keep.mutate(
          { conversation, message },
          {
            onSuccess: (a) =>
              tell({
                text: t`Kept: it is suggested where the same is asked.`,
                undo: () => drop.mutate(a.id),
              }),
            onError: (e) => tell({ text: sentenceOf(e), bad: true }),
          },
        )
      }
    >
      <BookmarkPlus className="i s" aria-hidden />
      {good.why ? <Trans>Good answer? Keep it</Trans> : <Trans>Keep as answer</Trans>}
    </button>
  );
}
