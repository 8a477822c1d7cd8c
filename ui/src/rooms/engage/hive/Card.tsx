import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Check, Clock, Eye, Globe, HandHelping, LockKeyhole, ShieldAlert, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { AppLink, Avatar, Button, btn, Field, Menu, MenuItem, MenuNote, Textarea, tell } from "../../../kit";
import { useCommands } from "../../../lib/commands";
import { short, span } from "../../../lib/format";
import { linked } from "../../../lib/highlight";
import { useMates } from "../../../lib/live";
import { Problem, sentenceOf } from "../../../lib/problem";
import { useSession } from "../../../lib/session";
import { useNow } from "../../../lib/tick";
import { freshKey, type Question, useHiveActs } from "./data";
import { Further } from "./Further";
import { Ring } from "./Ring";
import { Why } from "./Why";

interface Props {
  q: Question;
  title: ReactNode;
  onClaim: () => void; // it stays open, whatever list it leaves
  onDone: () => void; // it was passed: the next has the floor
}

// Asked is who asks, where, and how long they have waited.
export function Asked({ q }: { q: Question }) {
  const s = Math.max(0, (useNow().getTime() - Date.parse(q.asked_at)) / 1000);
  const n = q.author.followers;
  const open = q.visibility === "public";
  return (
    <div className="flex items-center gap-3">
      <Avatar name={q.author.name} src={q.author.avatar} channel={q.channel} />
      <div className="min-w-0 flex-1">
        <b className="block truncate text-lg font-strong">{q.author.name}</b>
        <span className="flex flex-wrap items-center gap-x-1.5 text-sm text-ink-2">
          <span>{q.channel.name}</span>
          <span className="inline-flex items-center gap-1">
            {open ? <Globe className="i s" aria-hidden /> : <LockKeyhole className="i s" aria-hidden />}
            {open ? <Trans>in the open</Trans> : <Trans>in private</Trans>}
          </span>
          <span>{s < 60 ? <Trans>just now</Trans> : <Trans>waits {span(s)}</Trans>}</span>
          {open && n > 0 && <Trans>{short(n)} follow</Trans>}
        </span>
      </div>
    </div>
  );
}

function Looking({ id }: { id: string }) {
  const me = useSession()?.member?.id;
  const names = useMates(id)
    .filter((m) => m.id !== me)
    .map((m) => m.name.split(" ")[0] ?? m.name);
  if (names.length === 0) return null;
  const who = names.slice(0, 3).join(", ");
  return (
    <p className="flex items-center gap-1.5 text-sm text-ink-2">
      <Eye className="i s" aria-hidden />
      {names.length === 1 ? (
        <Trans>{who} is looking at it too</Trans>
      ) : (
        <Trans>{who} are looking at it too</Trans>
      )}
    </p>
  );
}

// Taken is the turn on the button that takes one.
function Taken() {
  return (
    <svg width="18" height="18" viewBox="0 0 28 28" aria-hidden="true" className="flex-none rtl:-scale-x-100">
      <path d="M13 2A9.5 9.5 0 0 0 13 21Z" fill="currentColor" opacity=".55" />
      <path d="M15 7A9.5 9.5 0 0 1 15 26Z" fill="currentColor" />
    </svg>
  );
}

// Card is a question that one may take: who asks, why one was asked, and three
// things to do, under the thumb.
export function Card({ q, title, onClaim, onDone }: Props) {
  const acts = useHiveActs(q.id);
  const [refused, setRefused] = useState<Problem>();
  const [further, setFurther] = useState(false);
  const offer = q.offer?.state === "open" ? q.offer : undefined;
  const claim = () => {
    setRefused(undefined);
    onClaim();
    acts.claim.mutate(undefined, {
      onError: (e) => (e instanceof Problem ? setRefused(e) : tell({ text: sentenceOf(e), bad: true })),
    });
  };
  const pass = (because: "not_mine" | "no_time") => () => {
    acts.pass.mutate(because, {
      onSuccess: () =>
        tell({
          text: because === "not_mine" ? t`Passed on. The hive remembers what is not yours.` : t`Passed on.`,
        }),
      onError: (e) => tell({ text: sentenceOf(e), bad: true }),
    });
    onDone();
  };
  useCommands(t`Question`, [
    { id: "claim", label: t`I’ll answer this`, keys: "c", run: claim },
    { id: "pass", label: t`Not for me`, keys: "p", run: pass("not_mine") },
    { id: "further", label: t`Who knows?`, keys: "w", run: () => setFurther(true) },
  ]);
  const centre = q.state === "centre";
  const lost = refused?.status === 409;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="scroll">
        <article
          className="mx-auto flex w-full max-w-[40rem] flex-col gap-4 px-5 py-4 sm:py-6"
          aria-label={t`Question of ${q.author.name}`}
        >
          <header className="flex items-start gap-3 border-b border-line pb-4">
            <div className="min-w-0 flex-1">{title}</div>
            {!centre && <Ring from={q.opened_at} to={q.end_at} />}
          </header>
          <Asked q={q} />
          <p className="words said text-xl" dir="auto" lang={q.lang === "und" ? undefined : q.lang}>
            {linked(q.text)}
          </p>
          {offer?.words && (
            <div className="note !ms-0" role="note">
              <div className="hd">
                <span className="kind">
                  <HandHelping className="i s" aria-hidden />
                  <Trans>{offer.by?.name ?? t`A colleague`} asks you, inside</Trans>
                </span>
              </div>
              <p className="words">{offer.words}</p>
            </div>
          )}
          <Looking id={q.id} />
          <Why q={q} offer={offer} />
        </article>
      </div>
      <div className="flex-none border-t border-line bg-paper px-5 pt-3 pb-3.5">
        <div className="mx-auto flex max-w-[40rem] flex-col gap-2">
          {refused && (
            <p
              className={`flex items-start gap-2 rounded-sm px-3 py-2 ${lost ? "bg-wait-wash text-wait" : "bg-alarm-wash text-alarm"}`}
              role="alert"
            >
              <ShieldAlert className="i mt-0.5 flex-none" aria-hidden />
              <span className="min-w-0 flex-1">{refused.message}</span>
              {refused.fix && (
                <AppLink href={refused.fix} className={btn("o", "sm")}>
                  <Trans>Mend it</Trans>
                </AppLink>
              )}
            </p>
          )}
          {q.state === "claimed" && !acts.claim.isPending ? (
            <Help q={q} onDone={onDone} />
          ) : lost ? (
            <Button look="p" size="lg" className="!h-12 w-full !text-lg" onClick={onDone}>
              <Trans>Go to the next</Trans>
            </Button>
          ) : (
            <>
              <Button
                look="p"
                size="lg"
                className="!h-12 w-full !text-lg"
                busy={acts.claim.isPending}
                onClick={claim}
              >
                <Taken />
                <Trans>I’ll answer this</Trans>
              </Button>
              <div className="grid grid-cols-2 gap-2">
                <Button size="lg" onClick={() => setFurther(true)}>
                  <HandHelping className="i" aria-hidden />
                  <Trans>Who knows?</Trans>
                </Button>
                <Menu
                  side="top"
                  align="end"
                  trigger={
                    <Button size="lg">
                      <X className="i" aria-hidden />
                      <Trans>Not for me</Trans>
                    </Button>
                  }
                >
                  <MenuItem icon={<X className="i" aria-hidden />} onSelect={pass("not_mine")}>
                    <Trans>I don’t know this</Trans>
                  </MenuItem>
                  <MenuItem icon={<Clock className="i" aria-hidden />} onSelect={pass("no_time")}>
                    <Trans>No time now</Trans>
                  </MenuItem>
                  <MenuNote>
                    <Trans>Nobody sees what you pass on.</Trans>
                  </MenuNote>
                </Menu>
              </div>
              <p className="text-center text-xs text-ink-3 max-sm:hidden">
                <Trans>Nobody sees what you pass on.</Trans>
              </p>
            </>
          )}
        </div>
      </div>
      {further && <Further q={q} onClose={() => setFurther(false)} />}
    </div>
  );
}

// Help is for whoever was asked by the colleague who has the question: what they
// know goes to that colleague, who sends the answer.
function Help({ q, onDone }: { q: Question; onDone: () => void }) {
  const acts = useHiveActs(q.id);
  const [text, setText] = useState("");
  const [key] = useState(freshKey);
  const who = q.claimed_by?.name.split(" ")[0] ?? t`your colleague`;
  const send = () =>
    acts.suggest.mutate(
      { text: text.trim(), key },
      {
        onSuccess: () => {
          tell({ text: t`${who} has it now. It stays inside.` });
          onDone();
        },
        onError: (e) => tell({ text: sentenceOf(e), bad: true }),
      },
    );
  return (
    <>
      <Field
        label={<Trans>{who} answers this one. What do you know?</Trans>}
        help={<Trans>A note inside; {who} sends the answer.</Trans>}
      >
        <Textarea
          value={text}
          onChange={(e) => setText((e.target as unknown as HTMLTextAreaElement).value)}
        />
      </Field>
      <div className="grid grid-cols-2 gap-2">
        <Button
          look="nt"
          size="lg"
          busy={acts.suggest.isPending}
          disabled={text.trim() === ""}
          onClick={send}
        >
          <Trans>Tell {who}</Trans>
        </Button>
        <Button
          size="lg"
          onClick={() => {
            acts.pass.mutate("not_mine");
            onDone();
          }}
        >
          <X className="i" aria-hidden />
          <Trans>I don’t know this</Trans>
        </Button>
      </div>
    </>
  );
}

// Done says that a question needs nobody any more.
export function Done({ q, onNext }: { q: Question; onNext: () => void }) {
  const me = useSession()?.member?.id;
  const who = q.claimed_by ?? q.answered_by;
  const mine = who?.id === me;
  const name = who?.name ?? t`A colleague`;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="scroll">
        <div className="mx-auto flex w-full max-w-[40rem] flex-col gap-4 px-5 py-6">
          <h2 className="flex items-center gap-2 text-xl font-strong">
            <Check className="i l text-good" aria-hidden />
            {q.state === "claimed" ? (
              <Trans>{name} has it</Trans>
            ) : q.state === "answered" ? (
              mine ? (
                <Trans>You answered it</Trans>
              ) : (
                <Trans>{name} answered it</Trans>
              )
            ) : (
              <Trans>It needs no answer any more</Trans>
            )}
          </h2>
          <Asked q={q} />
          <p className="words said text-lg text-ink-2" dir="auto">
            {linked(q.text)}
          </p>
          <div className="touch flex flex-wrap gap-2">
            <Button look="p" onClick={onNext}>
              <Trans>Go to the next</Trans>
            </Button>
            <AppLink href={`/engage?view=all&c=${q.id}`} className={btn("o")}>
              <Trans>Open the conversation</Trans>
            </AppLink>
          </div>
        </div>
      </div>
    </div>
  );
}
