import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Reply as Icon, PencilLine, Send, StickyNote } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Composer, type Door, tell } from "../../kit";
import { useCommands } from "../../lib/commands";
import { useSettled } from "../../lib/debounce";
import { short } from "../../lib/format";
import { useMates } from "../../lib/live";
import { Problem, sentenceOf } from "../../lib/problem";
import { useMay, useSession } from "../../lib/session";
import { useNow } from "../../lib/tick";
import { Crossed, useCrossed } from "./Crossed";
import { freshKey, type Message, type TalkFull, useDelivery, useSay, type Visibility } from "./data";
import { useDeed } from "./desk";
import { itemsOf, useDraft } from "./draft";
import { useGoing } from "./Going";
import { joined, useInserted } from "./insert";
import { useDrafts } from "./know/ModelDraft";
import { throughWay } from "./merges";
import { useNaming } from "./Naming";
import { LookButton, Parting, Preview, useLook } from "./Preview";
import { useCopying } from "./Recipients";
import { Refusal, Told } from "./Refused";
import { SendAnd, type Then } from "./SendAnd";
import { useTongue } from "./translate/useTongue";
import { UseMacro } from "./UseMacro";
import { Ways } from "./Ways";
import { over, until, Window } from "./Window";
import { firstName, soon, startDoor } from "./words";

interface Props {
  talk: TalkFull;
  messages: readonly Message[] | undefined; // newest first
  last: Visibility | undefined; // how they wrote last
  onTyping: (on: boolean) => void;
}

// Whether one wants to see how it will look stays until the tab is closed.
const lookKey = "parley.look";
const remembered = () => sessionStorage.getItem(lookKey) === "1";

// Reply is the composer of one conversation. A reply leaves ten seconds after it was sent; until then it can be taken back.
export function Reply({ talk, messages, last, onTyping }: Props) {
  const session = useSession();
  const mayReply = useMay("inbox.reply");
  const mayWork = useMay("inbox.work");
  const [via, setVia] = useState<string>();
  const c = throughWay(talk, via);
  const came = c.ways?.[0]?.conversation === (via ?? c.ways?.[0]?.conversation) ? last : undefined;
  const draft = useDraft(c.id, startDoor(c, came));
  const say = useSay(c.id);
  const delivery = useDelivery(c.id);
  const field = useRef<HTMLTextAreaElement>(null);
  const [key, setKey] = useState(freshKey);
  const [refused, setRefused] = useState<Problem>();
  const to = firstName(c.author.name);
  const house = session?.brand?.name;
  const { door, text, files } = draft;
  const outward = door !== "note";
  const crossed = useCrossed(c.version, messages, outward ? text : "", session?.member?.id);
  const settled = useSettled(text, 250);
  const paused = useSettled(text, 4000);
  const typing = text !== paused && text.trim() !== "";
  useEffect(() => onTyping(typing), [typing, onTyping]);
  const look = useLook(c.id, via, door === "direct" ? "direct" : "public", settled, outward).data;
  const [looking, setLooking] = useState(remembered);
  const [parting, setParting] = useState(false);
  const parts = look && !look.room.fits ? (look.parts?.length ?? 0) : 0;
  const parted = parting && parts > 1;
  const shut = doors(c, mayReply, mayWork);
  const now = useNow();
  const writing = useMates(c.id).find((m) => m.typing && m.id !== session?.member?.id);

  // Words from elsewhere come in at the caret; nothing is sent by that.
  const put = (words: string) => {
    const el = field.current;
    const to = el?.selectionEnd ?? text.length;
    const next = joined(text, el?.selectionStart ?? to, to, words);
    draft.write(next.text);
    const stand = (caret: number) =>
      requestAnimationFrame(() => {
        field.current?.focus();
        field.current?.setSelectionRange(caret, caret);
      });
    stand(next.caret);
    const undo = () => {
      draft.write(text);
      stand(to);
    };
    tell({ text: t`Put into your reply.`, undo });
  };
  useInserted(c.id, put);
  const model = useDrafts(c.id, door, put);
  const tongue = useTongue(c, door, text, draft.write);
  const going = useGoing(c, door, draft);
  const copying = useCopying(c, via, door, draft);
  const deed = useDeed();
  const [finding, setFinding] = useState(false);
  const naming = useNaming(text, door === "note", draft.write);
  const words = (macro: string) => {
    if (door === "note" && !shut[startDoor(c, came)]) draft.open(startDoor(c, came));
    draft.write(text.trim() === "" ? macro : `${text.trimEnd()}\n\n${macro}`);
    field.current?.focus();
  };
  // What comes after sending is done at once; one press takes both back while the words have not left.
  const onThen = async (then: Then, message: string, until: string | undefined) => {
    const resolve = then === "resolve";
    try {
      const done = await deed.act.mutateAsync({
        talks: [c],
        act: resolve ? "resolve" : "snooze",
        ...(resolve ? {} : { until: soon(then === "week" ? "week" : "tomorrow").toISOString() }),
      });
      const id = done.undo;
      tell({
        text: resolve ? t`Sent and resolved.` : t`Sent and snoozed.`,
        icon: <Send className="i s" aria-hidden />,
        ...(until ? { until } : {}),
        undo: () => {
          if (id) deed.undo.mutate(id);
          if (door !== "note")
            delivery.undo.mutate(message, { onSuccess: () => draft.put(text, files, copying.cc) });
        },
      });
    } catch {
      // the cache has told why; the reply is on its way all the same
    }
  };

  const open = (d: Door) => {
    if (!shut[d]) draft.open(d);
    field.current?.focus();
  };
  useCommands(t`Conversation`, [
    {
      id: "reply",
      label: t`Reply`,
      keys: "r",
      icon: <Icon className="i" aria-hidden />,
      run: () => open(startDoor(c, came)),
    },
    {
      id: "note",
      label: t`Internal note`,
      keys: "n",
      icon: <StickyNote className="i" aria-hidden />,
      run: () => open("note"),
    },
  ]);

  const send = (then?: Then) => {
    setRefused(undefined);
    const sent = draft.files;
    const cc = copying.cc;
    say.mutate(
      {
        key,
        text: text.trim(),
        door,
        seen: crossed.seen,
        via: door === "note" ? undefined : via,
        files: itemsOf(sent),
        cc,
        parted: door !== "note" && parted,
      },
      {
        onSuccess: (m) => {
          setKey(freshKey());
          draft.drop();
          setParting(false);
          model.done();
          if (then) void onThen(then, m.id, m.delivery?.undo_until);
          if (door === "note" || then) return;
          const until = m.delivery?.undo_until;
          const undo = () => delivery.undo.mutate(m.id, { onSuccess: () => draft.put(text, sent, cc) });
          tell({
            text: door === "public" ? t`On its way, in public.` : t`On its way to ${to}.`,
            icon: <Send className="i s" aria-hidden />,
            ...(until ? { undo, until } : {}),
          });
        },
        onError: (e) => {
          if (e instanceof Problem && (e.status === 403 || e.status === 409)) setRefused(e);
          else tell({ text: sentenceOf(e), bad: true });
        },
      },
    );
  };

  if (!mayReply && !mayWork)
    return (
      <p className="border-t border-line px-6 py-3 text-ink-3">
        <Trans>You can read here. Answering takes the role of a responder.</Trans>
      </p>
    );
  const stopped = outward && !c.gate.clear;
  const end = until(c, door);
  const late = over(c, door, now);
  return (
    <div className="px-3 pb-3 sm:px-6 sm:pb-5">
      <Composer
        door={door}
        onDoor={(d) => {
          setRefused(undefined);
          draft.open(d);
        }}
        shut={shut}
        text={text}
        onText={draft.write}
        onSend={() => send()}
        onKey={(e) => {
          if (naming.onKey(e)) return true;
          if (e.key !== "/" || text !== "" || !mayWork) return false;
          e.preventDefault();
          setFinding(true);
          return true;
        }}
        more={mayWork && <SendAnd door={door} onThen={send} />}
        busy={say.isPending}
        to={to}
        field={field}
        audience={audience(door, c, to, house, copying.cc.length)}
        {...(stopped
          ? { why: c.gate.why ?? t`You may not answer yet.` }
          : late
            ? { why: t`They must write again first.` }
            : crossed.by
              ? { why: t`A colleague has replied. Choose first.` }
              : (going.why ?? copying.why)
                ? { why: going.why ?? copying.why }
                : {})}
        room={
          look && outward
            ? { ...look.room, network: c.channel.name, ...(parted ? { fits: true, parts } : {}) }
            : undefined
        }
        saved={draft.kept ? <Trans>Draft kept</Trans> : undefined}
        tools={
          <>
            {going.tool}
            {model.tool}
            {tongue.tool}
            {outward && (
              <LookButton
                open={looking}
                onOpen={(on) => {
                  setLooking(on);
                  sessionStorage.setItem(lookKey, on ? "1" : "");
                }}
              />
            )}
          </>
        }
        below={
          <>
            {going.list}
            {outward && looking && look && <Preview look={look} talk={c} house={house} parted={parted} />}
          </>
        }
        lang={outward && c.lang && c.lang !== "und" ? c.lang : undefined}
        onFiles={going.take}
        notice={
          <>
            {model.mark}
            {tongue.mark}
            {naming.list}
            {outward && (
              <Ways
                talk={c}
                via={via}
                onVia={(to) => {
                  setVia(to);
                  setRefused(undefined);
                  const next = throughWay(talk, to);
                  if (doors(next, mayReply, mayWork)[door]) draft.open(startDoor(next));
                }}
              />
            )}
            {door === "direct" && !stopped && copying.head}
            {stopped && <Refusal gate={c.gate} />}
            {!stopped && end && <Window end={end} network={c.channel.name} who={to} now={now} />}
            {crossed.by && !stopped && (
              <Crossed
                by={crossed.by}
                onGo={() => {
                  setRefused(undefined);
                  crossed.accept();
                }}
                onDrop={() => {
                  setRefused(undefined);
                  draft.drop();
                  tell({ text: t`Thrown away.`, undo: () => draft.put(text, files) });
                }}
              />
            )}
            {outward && look && !stopped && (
              <Parting look={look} network={c.channel.name} parted={parted} onParted={setParting} />
            )}
            {refused && !stopped && !late && !crossed.by && <Told problem={refused} />}
            {writing && (
              <p className="flex items-center gap-1.5 border-b border-line px-3.5 py-1.5 text-xs text-wait">
                <PencilLine className="i s" aria-hidden />
                <Trans>{writing.name} is writing here too.</Trans>
              </p>
            )}
          </>
        }
      />
      {mayWork && <UseMacro talk={c} finding={finding} onFinding={setFinding} onWords={words} />}
    </div>
  );
}

function doors(c: TalkFull, mayReply: boolean, mayWork: boolean): Partial<Record<Door, string>> {
  const role = t`Your role does not answer customers.`;
  const out: Partial<Record<Door, string>> = {};
  if (!mayReply) out.public = out.direct = role;
  if (!c.abilities.public) out.public ??= t`${c.channel.name} has no public replies.`;
  if (!c.abilities.direct) out.direct ??= t`${c.channel.name} has no direct messages.`;
  if (!mayWork) out.note = t`Your role does not keep notes.`;
  return out;
}

function audience(door: Door, c: TalkFull, to: string, house: string | undefined, others: number) {
  if (door === "note") return house ? <Trans>Stays inside {house}</Trans> : <Trans>Stays inside</Trans>;
  if (door === "direct" && others > 0)
    return <Plural value={others} one={`${to} and one more`} other={`${to} and # more`} />;
  if (door === "direct") return <Trans>Only {to} sees this</Trans>;
  const n = c.author.followers;
  return n > 0 ? <Trans>Open to all · {short(n)} follow</Trans> : <Trans>Open to all</Trans>;
}
