import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { BookOpen, CornerDownLeft, House, Link as LinkIcon, MessageSquareQuote, Search } from "lucide-react";
import { useState } from "react";
import { AsidePart, Button, Chip, Input, Skeleton, tell } from "../../../kit";
import { useSettled } from "../../../lib/debounce";
import { language } from "../../../lib/format";
import { highlight } from "../../../lib/highlight";
import { useMay } from "../../../lib/session";
import type { TalkFull } from "../data";
import { insertInto } from "../insert";
import { type Suggestion, useInsert, useSuggestions } from "./data";

// Suggested is what is known already and may answer this conversation, each with its
// source. A press puts it into the composer; sending is for a person.
export function Suggested({ talk: c, onPut }: { talk: TalkFull; onPut?: () => void }) {
  const may = useMay("know.read");
  const [finding, setFinding] = useState(false);
  const [words, setWords] = useState("");
  const q = useSettled(words.trim(), 200);
  const found = useSuggestions(c.id, c.version, q, may);
  if (!may) return null;
  const rows = found.data ?? [];
  return (
    <AsidePart
      title={<Trans>What we know of this</Trans>}
      end={
        <button
          type="button"
          className="link inline-flex items-center gap-1"
          aria-expanded={finding}
          onClick={() => {
            setFinding(!finding);
            setWords("");
          }}
        >
          <Search className="i s" aria-hidden />
          {finding ? <Trans>Their words</Trans> : <Trans>Look for</Trans>}
        </button>
      }
    >
      {finding && (
        <Input
          type="search"
          className="mb-2"
          autoFocus
          aria-label={t`Look for articles and answers`}
          placeholder={t`Articles and answers`}
          value={words}
          onChange={(e) => setWords(e.currentTarget.value)}
        />
      )}
      {found.data === undefined && !found.error && <Skeleton rows={2} avatar={false} />}
      {found.error && (
        <p className="text-ink-3">
          <Trans>Suggestions are away just now. The conversation is not.</Trans>
        </p>
      )}
      {found.data && rows.length === 0 && (
        <p className="text-ink-3">
          {q ? (
            <Trans>Nothing speaks of these words.</Trans>
          ) : (
            <Trans>Nothing is written down that suits. A good reply can be kept as an answer.</Trans>
          )}
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {rows.map((s) => (
          <One key={s.kind + s.id} of={s} talk={c} onPut={onPut} />
        ))}
      </ul>
    </AsidePart>
  );
}

function One({ of: s, talk: c, onPut }: { of: Suggestion; talk: TalkFull; onPut: (() => void) | undefined }) {
  const may = useMay("inbox.work");
  const insert = useInsert(c.id);
  const put = (text: string) => {
    if (insertInto(c.id, text)) {
      insert.mutate({ kind: s.kind === "article" ? "article" : "answer", id: s.id });
      onPut?.();
    } else tell({ text: t`There is nowhere to write here.`, bad: true });
  };
  return (
    <li className="sug">
      <div className="flex items-start gap-1.5">
        {s.kind === "article" ? (
          <BookOpen className="i s mt-0.5 flex-none text-voice" aria-label={t`Article`} />
        ) : (
          <MessageSquareQuote
            className="i s mt-0.5 flex-none text-voice"
            aria-label={t`Answer that was kept`}
          />
        )}
        <span className="min-w-0 flex-1 font-strong wrap-anywhere" lang={s.lang}>
          {s.kind === "article" ? (
            <Link to="/engage/know/$id" params={{ id: s.id }} className="hover:underline">
              {s.title}
            </Link>
          ) : (
            <span className="line-clamp-2">{s.title}</span>
          )}
        </span>
      </div>
      <p className="mt-1 line-clamp-4 text-ink-2 whitespace-pre-line wrap-anywhere" lang={s.lang} dir="auto">
        {highlight(s.passage, s.marks ?? [])}
      </p>
      <div className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-3">
        {s.inside && (
          <Chip tone="note" icon={<House aria-hidden />}>
            <Trans>inside only</Trans>
          </Chip>
        )}
        <span>
          {s.kind === "article" ? (
            <Trans>Article</Trans>
          ) : s.why === "thanked" ? (
            <Trans>They thanked {s.by?.name ?? t`a colleague`} for it</Trans>
          ) : s.why === "resolved" ? (
            <Trans>Resolved by it, kept by {s.by?.name ?? t`a colleague`}</Trans>
          ) : (
            <Trans>Kept by {s.by?.name ?? t`a colleague`}</Trans>
          )}
        </span>
        {c.lang && s.lang.split("-")[0] !== c.lang.split("-")[0] && <span>{language(s.lang)}</span>}
        {s.used > 0 && (
          <span>
            <Plural value={s.used} one="used once" other="used # times" />
          </span>
        )}
      </div>
      {may && (
        <div className="touch mt-1.5 flex flex-wrap gap-1">
          <Button look="g" size="sm" className="-ms-2.5 !text-voice" onClick={() => put(s.text)}>
            <CornerDownLeft className="i s rtl:-scale-x-100" aria-hidden />
            <Trans>Insert</Trans>
          </Button>
          {s.link && (
            <Button look="g" size="sm" className="!text-voice" onClick={() => put(s.link ?? "")}>
              <LinkIcon className="i s" aria-hidden />
              <Trans>Insert link</Trans>
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
