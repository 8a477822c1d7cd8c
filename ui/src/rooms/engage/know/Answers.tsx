import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { PencilLine, Trash2 } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import {
  Button,
  Chip,
  Dialog,
  Empty,
  Field,
  Input,
  Page,
  PageBody,
  States,
  Textarea,
  Time,
  tell,
} from "../../../kit";
import { useSettled } from "../../../lib/debounce";
import { language } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { type Answer, useAnswerActs, useAnswers } from "./data";
import { KnowShelf, shelfName } from "./Shelf";

const route = getRouteApi("/frame/engage/know/answers");

// Answers are replies of ours that were found good, with what they answered.
export function Answers() {
  const { q } = route.useSearch();
  const go = route.useNavigate();
  const answers = useAnswers(q);
  const [words, setWords] = useState(q ?? "");
  const settled = useSettled(words.trim(), 200);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the words came to rest
  useEffect(() => {
    if (settled !== (q ?? "")) void go({ search: settled ? { q: settled } : {}, replace: true });
  }, [settled]);
  return (
    <Page name={t`Answers`} title={<Trans>Answers</Trans>} shelf={<KnowShelf />} shelfName={shelfName()}>
      <PageBody>
        <p className="mb-4 max-w-3xl text-ink-2">
          <Trans>
            Replies that a colleague kept because they were good. They are suggested where the same is asked.
            Mail addresses, handles and long numbers are left out.
          </Trans>
        </p>
        <Input
          type="search"
          className="!w-64"
          aria-label={t`Search answers`}
          placeholder={t`Search answers`}
          value={words}
          onChange={(e) => setWords(e.currentTarget.value)}
        />
        <States
          of={answers}
          empty={
            q ? (
              <Empty title={<Trans>No answer speaks of this.</Trans>} />
            ) : (
              <Empty title={<Trans>No answer is kept yet.</Trans>}>
                <Trans>Open a conversation and press “Keep as answer” at a reply that helped.</Trans>
              </Empty>
            )
          }
        >
          {(rows) => (
            <>
              <ul className="mt-3 max-w-4xl">
                {rows.map((a) => (
                  <One key={a.id} of={a} />
                ))}
              </ul>
              {answers.hasMore && (
                <Button className="mt-4" busy={answers.loadingMore} onClick={answers.more}>
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

function One({ of: a }: { of: Answer }) {
  const may = useMay("know.write");
  const { edit, drop, bring } = useAnswerActs();
  const [writes, setWrites] = useState(false);
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    edit.mutate(
      { id: a.id, question: String(f.get("question") ?? ""), answer: String(f.get("answer") ?? "") },
      { onSuccess: () => setWrites(false) },
    );
  };
  return (
    <li className="border-b border-line py-3">
      <p className="said line-clamp-3 text-ink-2" lang={a.lang} dir="auto">
        {a.question}
      </p>
      <p className="words mt-1.5 border-s-3 border-voice ps-3" lang={a.lang} dir="auto">
        {a.answer}
      </p>
      <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3">
        <Chip tone={a.why === "kept" ? "outline" : "good"}>
          {a.why === "thanked" ? (
            <Trans>they thanked for it</Trans>
          ) : a.why === "resolved" ? (
            <Trans>resolved by it</Trans>
          ) : (
            <Trans>kept</Trans>
          )}
        </Chip>
        <span>{a.by?.name}</span>
        <Time at={a.at} />
        <span>{language(a.lang)}</span>
        {a.programme && <span>{a.programme.name}</span>}
        {a.used > 0 && <Plural value={a.used} one="used once" other="used # times" />}
        <Link to="/engage" search={{ view: "all", c: a.conversation }} className="link">
          <Trans>Conversation</Trans>
        </Link>
        {may && (
          <span className="touch ms-auto flex">
            <Button look="g" size="sm" onClick={() => setWrites(true)}>
              <PencilLine className="i s" aria-hidden />
              <Trans>Change</Trans>
            </Button>
            <Button
              look="g"
              size="sm"
              square
              aria-label={t`Keep it no longer`}
              title={t`Keep it no longer`}
              onClick={() =>
                drop.mutate(a.id, {
                  onSuccess: () =>
                    tell({ text: t`No longer kept as an answer.`, undo: () => bring.mutate(a.id) }),
                })
              }
            >
              <Trash2 className="i s" aria-hidden />
            </Button>
          </span>
        )}
      </div>
      <Dialog wide open={writes} onOpenChange={setWrites} title={<Trans>Change this answer</Trans>}>
        <form className="touch flex flex-col gap-3" onSubmit={send}>
          <Field label={<Trans>Question</Trans>}>
            <Textarea name="question" rows={3} maxLength={1000} defaultValue={a.question} />
          </Field>
          <Field label={<Trans>Answer</Trans>} error={edit.error ? sentenceOf(edit.error) : undefined}>
            <Textarea name="answer" rows={6} required maxLength={5000} defaultValue={a.answer} />
          </Field>
          <div className="flex justify-end">
            <Button type="submit" look="p" busy={edit.isPending}>
              <Trans>Keep it</Trans>
            </Button>
          </div>
        </form>
      </Dialog>
    </li>
  );
}
