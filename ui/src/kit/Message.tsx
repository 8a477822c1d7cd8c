import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import {
  Check,
  CheckCheck,
  CircleHelp,
  Clock,
  Eye,
  Globe,
  LockKeyhole,
  Send,
  ShieldQuestion,
  StickyNote,
  TriangleAlert,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import { linked } from "../lib/highlight";
import { Avatar } from "./Avatar";
import { Time } from "./Time";
import { With, type WithFile } from "./With";

interface Common {
  name: string;
  at: string;
  text: string;
  edited?: boolean;
  deleted?: boolean;
  unseen?: boolean; // others do not see it at the network
  meta?: ReactNode; // after the time: who can see it, boosts, the state of delivery
  end?: ReactNode; // at the end of the head line: feeling
  files?: readonly WithFile[]; // that go with the words
  foot?: ReactNode; // below: what a person has to do
}

function Words({
  text,
  deleted,
  said,
  files,
}: {
  text: string;
  deleted?: boolean | undefined;
  said?: boolean;
  files?: readonly WithFile[] | undefined;
}) {
  if (deleted)
    return (
      <p className="text-ink-3 italic">
        <Trans>Deleted by its author.</Trans>
      </p>
    );
  return (
    <>
      {text && (
        <p className={said ? "words said" : "words"} dir="auto">
          {linked(text)}
        </p>
      )}
      {files && <With files={files} />}
    </>
  );
}

function Edited({ on }: { on?: boolean | undefined }) {
  return on ? (
    <span>
      <Trans>edited</Trans>
    </span>
  ) : null;
}

// Theirs is what somebody said: no box, set in their voice.
export function Theirs({
  visibility,
  avatar,
  channel,
  unverified,
  ...m
}: Common & {
  unverified?: boolean | undefined; // nothing proved that it was really they
  visibility: "public" | "direct";
  avatar?: string | undefined;
  channel?: { kind: string; name?: string } | undefined;
}) {
  return (
    <article className={m.unseen ? "msg unseen" : "msg"}>
      <Avatar name={m.name} src={avatar} channel={channel} />
      <div className="min-w-0 flex-1">
        <header className="hd">
          <b>{m.name}</b>
          <span className="kind">
            {visibility === "public" ? (
              <Globe className="i s" aria-hidden />
            ) : (
              <LockKeyhole className="i s" aria-hidden />
            )}
            {visibility === "public" ? <Trans>in the open</Trans> : <Trans>direct</Trans>}
          </span>
          <Time at={m.at} />
          <Edited on={m.edited} />
          {unverified && (
            <span
              className="state wait"
              title={t`Anybody can write this name into a mail, and nothing proved that it was really they. Ask back on a way that you know before you tell them anything.`}
            >
              <ShieldQuestion aria-hidden />
              <Trans>unverified sender</Trans>
            </span>
          )}
          {m.meta}
          {m.end && <span className="ms-auto">{m.end}</span>}
        </header>
        <Words text={m.text} deleted={m.deleted} files={m.files} said />
        {m.foot}
      </div>
    </article>
  );
}

// Ours is a colleague's name: on a phone the first of it.
function Ours({ name }: { name: string }) {
  const first = name.split(" ")[0];
  return (
    <b>
      {first}
      {first !== name && <span className="max-sm:sr-only">{name.slice(first?.length)}</span>}
    </b>
  );
}

// Public is ours, in the open: flush, with our rule at its side.
export function Public(m: Common) {
  return (
    <article className={m.unseen ? "pub unseen" : "pub"}>
      <header className="hd">
        <Ours name={m.name} />
        <span className="kind">
          <Globe className="i s" aria-hidden />
          <Trans>Public reply</Trans>
        </span>
        <Time at={m.at} />
        <Edited on={m.edited} />
        {m.meta}
      </header>
      <Words text={m.text} deleted={m.deleted} files={m.files} />
      {m.foot}
    </article>
  );
}

// Direct is ours, to one person: a filled bubble from our side.
export function Direct(m: Common) {
  return (
    <article className={m.unseen ? "dir unseen" : "dir"}>
      <header className="hd">
        <Ours name={m.name} />
        <span className="kind">
          <LockKeyhole className="i s" aria-hidden />
          <Trans>Direct</Trans>
        </span>
        <span className="dim inline-flex gap-1.5">
          <Time at={m.at} />
          <Edited on={m.edited} />
          {m.meta}
        </span>
      </header>
      <Words text={m.text} deleted={m.deleted} files={m.files} />
      {m.foot}
    </article>
  );
}

// Note is ours, to ourselves: a slip that never leaves the house.
export function Note({ house, ...m }: Common & { house?: string | undefined }) {
  return (
    <article className="note">
      <header className="hd">
        <Ours name={m.name} />
        <span className="kind">
          <StickyNote className="i s" aria-hidden />
          <Trans>Internal note</Trans>
        </span>
        <span className="text-note">
          <Time at={m.at} /> · {house ? <Trans>stays inside {house}</Trans> : <Trans>stays inside</Trans>}
        </span>
      </header>
      <Words text={m.text} files={m.files} />
      {m.foot}
    </article>
  );
}

// Happened is a line across the thread: assigned, resolved, moved.
export function Happened({ children, at, end }: { children: ReactNode; at: string; end?: ReactNode }) {
  return (
    <div className="ev">
      <span>
        {children}, <Time at={at} />
        {end}
      </span>
    </div>
  );
}

export type DeliveryState =
  | "queued"
  | "sending"
  | "sent"
  | "confirmed"
  | "delivered"
  | "read"
  | "needs_check"
  | "failed"
  | "cancelled";

// Delivery says how far a reply has come: a sign and a word.
export function Delivery({ state }: { state: DeliveryState }) {
  switch (state) {
    case "queued":
      return (
        <span className="state">
          <Clock aria-hidden />
          <Trans>waits to be sent</Trans>
        </span>
      );
    case "sending":
      return (
        <span className="state">
          <Send aria-hidden />
          <Trans>sending</Trans>
        </span>
      );
    case "sent":
      return (
        <span className="state">
          <Check aria-hidden />
          <Trans>sent</Trans>
        </span>
      );
    case "confirmed":
      return (
        <span className="state">
          <CheckCheck aria-hidden />
          <span className="max-sm:sr-only">
            <Trans>seen on the network</Trans>
          </span>
        </span>
      );
    case "delivered":
      return (
        <span className="state">
          <CheckCheck aria-hidden />
          <Trans>delivered</Trans>
        </span>
      );
    case "read":
      return (
        <span className="state">
          <Eye aria-hidden />
          <Trans>read by them</Trans>
        </span>
      );
    case "needs_check":
      return (
        <span className="state wait">
          <CircleHelp aria-hidden />
          <Trans>needs check</Trans>
        </span>
      );
    case "failed":
      return (
        <span className="state alarm">
          <TriangleAlert aria-hidden />
          <Trans>not sent</Trans>
        </span>
      );
    case "cancelled":
      return (
        <span className="state">
          <X aria-hidden />
          <Trans>taken back</Trans>
        </span>
      );
  }
}
