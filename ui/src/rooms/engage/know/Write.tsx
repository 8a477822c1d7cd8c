import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Bold, Heading, Italic, Link as LinkIcon, List, ListOrdered, Quote } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button, Confirm, Input, Segments, tell } from "../../../kit";
import { api, ok } from "../../../lib/api";
import { useSettled } from "../../../lib/debounce";
import { medium, useMedia } from "../../../lib/media";
import { Problem, sentenceOf } from "../../../lib/problem";
import { Rendered } from "./ArticlePage";
import { type ArticleFull, useCompared, useKnowActs, usePreview } from "./data";
import { Difference } from "./Versions";

const wait = 700;

// Write is where an article is written: the words beside how they read. What is
// written is kept on the server while it is typed, and becomes a version when it is kept.
export function Write({
  of: a,
  stuck,
  onDone,
}: {
  of: ArticleFull;
  stuck: string | undefined;
  onDone: () => void;
}) {
  const acts = useKnowActs();
  const cache = useQueryClient();
  const narrow = useMedia(medium);
  const first = a.writing ?? { title: a.title, body: a.body, version: a.version };
  const [title, setTitle] = useState(first.title);
  const [body, setBody] = useState(first.body);
  const [seen, setSeen] = useState(first.version);
  const [note, setNote] = useState("");
  const [side, setSide] = useState<"words" | "reads">("words");
  const [state, setState] = useState<"same" | "changed" | "kept" | "away">(a.writing ? "kept" : "same");
  const [drops, setDrops] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const preview = usePreview(useSettled(body, 250), !narrow || side === "reads");
  const now = useRef({ title, body, seen, state });
  now.current = { title, body, seen, state };
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = useRef(async () => {});
  save.current = async () => {
    clearTimeout(timer.current);
    const { title, body, seen } = now.current;
    try {
      await ok(
        api.PUT("/api/know/articles/{id}/draft", {
          params: { path: { id: a.id } },
          body: { title, body, seen },
        }),
      );
      if (now.current.title === title && now.current.body === body) setState("kept");
    } catch {
      setState("away"); // the words are still here; keep trying
      timer.current = setTimeout(() => void save.current(), 5000);
    }
  };
  const changed = () => {
    setState("changed");
    now.current.state = "changed";
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save.current(), wait);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is left
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      const leave = async () => {
        if (now.current.state === "changed" || now.current.state === "away") await save.current();
        void cache.invalidateQueries({ queryKey: ["know", "article", a.id] });
      };
      void leave();
    },
    [],
  );

  const clash = acts.keep.error instanceof Problem && acts.keep.error.status === 409;
  const keep = (over = seen) => {
    clearTimeout(timer.current);
    acts.keep.mutate(
      { id: a.id, title, body, seen: over, ...(note.trim() ? { note: note.trim() } : {}) },
      {
        onSuccess: (x) => {
          now.current.state = "same";
          tell({ text: t`Kept as version ${x.version}.` });
          onDone();
        },
        onError: async (e) => {
          if (!(e instanceof Problem && e.status === 409)) return;
          await save.current();
          void cache.invalidateQueries({ queryKey: ["know", "article", a.id] });
        },
      },
    );
  };
  const drop = async () => {
    clearTimeout(timer.current);
    now.current.state = "same";
    await ok(api.DELETE("/api/know/articles/{id}/draft", { params: { path: { id: a.id } } }));
    void cache.invalidateQueries({ queryKey: ["know", "article", a.id] });
    onDone();
  };
  // around puts signs around what is chosen, or before each of its lines.
  const around = (before: string, after = "", lines = false) => {
    const el = field.current;
    if (!el) return;
    const [from, to] = [el.selectionStart, el.selectionEnd];
    const chosen = body.slice(from, to);
    const put = lines
      ? (chosen || t`words`)
          .split("\n")
          .map((l) => before + l)
          .join("\n")
      : before + (chosen || t`words`) + after;
    el.focus();
    // So that the browser's own undo knows of it.
    if (!document.execCommand("insertText", false, put)) setBody(body.slice(0, from) + put + body.slice(to));
    changed();
  };
  const words = (
    <div className="flex min-h-0 flex-1 flex-col">
      <div
        className="flex flex-wrap gap-0.5 border-b border-line pb-1"
        role="toolbar"
        aria-label={t`Form of the words`}
      >
        <Tool label={t`Heading`} onPress={() => around("## ", "", true)}>
          <Heading className="i s" aria-hidden />
        </Tool>
        <Tool label={t`Strong`} onPress={() => around("**", "**")}>
          <Bold className="i s" aria-hidden />
        </Tool>
        <Tool label={t`Emphasis`} onPress={() => around("*", "*")}>
          <Italic className="i s" aria-hidden />
        </Tool>
        <Tool label={t`List`} onPress={() => around("- ", "", true)}>
          <List className="i s" aria-hidden />
        </Tool>
        <Tool label={t`Steps`} onPress={() => around("1. ", "", true)}>
          <ListOrdered className="i s" aria-hidden />
        </Tool>
        <Tool label={t`Quote`} onPress={() => around("> ", "", true)}>
          <Quote className="i s" aria-hidden />
        </Tool>
        <Tool label={t`Link`} onPress={() => around("[", "](https://)")}>
          <LinkIcon className="i s" aria-hidden />
        </Tool>
      </div>
      <textarea
        ref={field}
        className="min-h-64 w-full flex-1 resize-none bg-transparent py-3 text-[14px] leading-6 outline-none"
        aria-label={t`Words of the article, in Markdown`}
        placeholder={t`What to do, step by step`}
        lang={a.lang}
        dir="auto"
        value={body}
        maxLength={99_000}
        onChange={(e) => {
          setBody(e.target.value);
          changed();
        }}
      />
    </div>
  );
  const reads = (
    <div
      className="min-h-0 min-w-0 flex-1 overflow-y-auto py-3"
      lang={a.lang}
      dir="auto"
      aria-label={t`How it reads`}
      role="region"
    >
      <Rendered html={preview.data ?? ""} />
    </div>
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 sm:px-6">
        <Input
          aria-label={t`Title`}
          className="!h-9 min-w-48 flex-1 !text-md font-strong"
          value={title}
          maxLength={200}
          lang={a.lang}
          dir="auto"
          onChange={(e) => {
            setTitle(e.currentTarget.value);
            changed();
          }}
        />
        {narrow && (
          <Segments
            label={t`Show`}
            value={side}
            onChange={setSide}
            parts={[
              { value: "words", label: t`Words` },
              { value: "reads", label: t`How it reads` },
            ]}
          />
        )}
      </div>
      {clash && (
        <Clash
          of={a}
          onOver={() => {
            setSeen(a.version);
            keep(a.version);
          }}
        />
      )}
      <div className="flex min-h-0 flex-1 gap-8 px-4 pt-2 sm:px-6">
        {(!narrow || side === "words") && words}
        {(!narrow || side === "reads") && reads}
      </div>
      <div className="touch flex flex-wrap items-center gap-2 border-t border-line px-4 py-2 sm:px-6">
        <Input
          aria-label={t`What was changed, and why`}
          placeholder={t`What was changed, and why (may stay empty)`}
          className="min-w-40 flex-1"
          maxLength={300}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        <span className="min-w-20 text-xs text-ink-3" aria-live="polite">
          {state === "kept" ? (
            <Trans>Draft kept</Trans>
          ) : state === "changed" ? (
            <Trans>Writing</Trans>
          ) : state === "away" ? (
            <span className="text-wait">
              <Trans>Not kept yet; trying again</Trans>
            </span>
          ) : null}
        </span>
        {acts.keep.error && !clash && (
          <span className="text-alarm" role="alert">
            {sentenceOf(acts.keep.error)}
          </span>
        )}
        <Button look="g" onClick={() => (state === "same" ? onDone() : setDrops(true))}>
          <Trans>Throw away</Trans>
        </Button>
        <Button
          look="p"
          busy={acts.keep.isPending}
          disabled={title.trim() === ""}
          {...(stuck ? { why: stuck } : {})}
          onClick={() => keep()}
        >
          {a.state === "published" ? <Trans>Keep and publish</Trans> : <Trans>Keep this version</Trans>}
        </Button>
      </div>
      <Confirm
        open={drops}
        onOpenChange={setDrops}
        title={<Trans>Throw away what you wrote?</Trans>}
        text={<Trans>The article stays as version {a.version}.</Trans>}
        look="d"
        act={<Trans>Throw it away</Trans>}
        onAct={() => void drop()}
      />
    </div>
  );
}

function Tool({ label, onPress, children }: { label: string; onPress: () => void; children: ReactNode }) {
  return (
    <Button look="g" square size="sm" aria-label={label} title={label} onClick={onPress}>
      {children}
    </Button>
  );
}

// Clash says that somebody kept a version meanwhile, and shows the difference.
function Clash({ of: a, onOver }: { of: ArticleFull; onOver: () => void }) {
  const compared = useCompared(a.id, a.version, 0);
  return (
    <div className="border-b border-line bg-wait-wash px-4 py-3 sm:px-6" role="alert">
      <p className="mb-2">
        <Trans>Somebody kept version {a.version} while you wrote. This is how yours differs from it:</Trans>
      </p>
      {compared.data && (
        <div className="mb-2 max-h-48 overflow-y-auto rounded-sm bg-paper p-2">
          <Difference of={compared.data.body ?? []} />
        </div>
      )}
      <Button size="sm" onClick={onOver}>
        <Trans>Keep mine over it</Trans>
      </Button>
    </div>
  );
}
