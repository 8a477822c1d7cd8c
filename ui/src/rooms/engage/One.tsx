import { Trans } from "@lingui/react/macro";
import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Delivery, Direct, Happened, Note, Public, Reading, Sentiment, Theirs } from "../../kit";
import { useMay, useSession } from "../../lib/session";
import { AsSent } from "./AsSent";
import { type Message, type TalkFull, useColleagues, useDelivery } from "./data";
import { happened } from "./event";
import { Keep } from "./Keep";
import { KeepAnswer } from "./know/KeepAnswer";
import { useMerges } from "./merges";
import { Acts } from "./moderate/Acts";
import { LikeLine, SightLine, SightMark, unseen } from "./moderate/Sight";
import { Copied } from "./Recipients";
import { Rest } from "./Rest";
import { Translated } from "./translate/Translated";

// One is one message, in the form of who said it to whom.
export function One({ m, talk, pick }: { m: Message; talk: TalkFull | undefined; pick?: ReactNode }) {
  const house = useSession()?.brand?.name;
  const mates = useColleagues().data ?? [];
  const common = {
    name: m.author.name,
    at: m.at,
    text: m.text,
    edited: Boolean(m.edited_at),
    deleted: Boolean(m.deleted_at),
    files: m.files ?? [],
    unseen: unseen(m),
  };
  // What was said in a conversation that was merged into this one may have come from another network.
  const from = talk?.ways?.find((w) => w.conversation === (m.origin ?? talk.id))?.channel;
  const link = m.url && (
    <a
      href={m.url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="grid size-6 place-items-center self-center hover:text-ink"
      title={(from ?? talk?.channel)?.name}
    >
      <ExternalLink className="i s !size-3" aria-hidden />
      <span className="sr-only">
        <Trans>See it on the network</Trans>
      </span>
    </a>
  );
  if (m.kind === "event")
    return (
      <Happened at={m.at} end={m.event?.verb === "merge" && talk && <Apart m={m} talk={talk} />}>
        {happened(m, (id) => mates.find((x) => x.id === id)?.name)}
      </Happened>
    );
  if (pick)
    return (
      <div className="flex items-start gap-1">
        {pick}
        <div className="min-w-0 flex-1">
          <One m={m} talk={talk} />
        </div>
      </div>
    );
  const place = (from ?? talk?.channel)?.name ?? "";
  const acts = talk && !m.deleted_at && <Acts m={m} talk={talk} place={place} />;
  const sight = talk && !m.deleted_at && (
    <>
      <SightLine m={m} talk={talk} place={place} />
      <LikeLine m={m} />
    </>
  );
  const tongue = !m.deleted_at && <Translated id={m.id} text={m.text} lang={m.lang} />;
  if (m.kind === "note") return <Note {...common} house={house} />;
  if (m.kind === "theirs")
    return (
      <Theirs
        {...common}
        foot={
          <>
            {sight}
            {tongue}
            {m.html && !m.deleted_at && <AsSent id={m.id} name={m.author.name} />}
            {m.more && !m.deleted_at && <Rest id={m.id} />}
          </>
        }
        visibility={m.visibility === "direct" ? "direct" : "public"}
        avatar={m.author.avatar}
        unverified={m.author.unverified}
        channel={from ?? talk?.channel}
        meta={
          <>
            <SightMark m={m} />
            <span className="inline-flex items-center gap-1 self-center">
              {link}
              <Keep m={m} talk={talk} />
              {acts}
            </span>
          </>
        }
        end={
          m.activity && !m.deleted_at ? (
            <Reading activity={m.activity} felt={m.sentiment} />
          ) : (
            m.sentiment && <Sentiment {...m.sentiment} />
          )
        }
      />
    );
  const meta = (
    <>
      {m.delivery?.parts ? (
        <span>
          <Trans>
            {m.delivery.part} of {m.delivery.parts}
          </Trans>
        </span>
      ) : null}
      {unseen(m) || !m.delivery ? <SightMark m={m} /> : <Delivery state={m.delivery.state} />}
      {m.sight?.state === "refused" && m.delivery && <SightMark m={m} />}
      {talk && !unseen(m) && <KeepAnswer conversation={talk.id} version={talk.version} message={m.id} />}
      <span className="inline-flex items-center gap-1 self-center">
        {link}
        <Keep m={m} talk={talk} />
        {acts}
      </span>
    </>
  );
  const foot = (
    <>
      {sight}
      {tongue}
      {m.delivery?.cc && <Copied cc={m.delivery.cc} />}
      {m.delivery && talk && <Settle m={m} talk={talk} />}
    </>
  );
  return m.visibility === "direct" ? (
    <Direct {...common} meta={meta} foot={foot} />
  ) : (
    <Public {...common} meta={meta} foot={foot} />
  );
}

// Apart takes a merged conversation out again, at the place where it was merged.
function Apart({ m, talk }: { m: Message; talk: TalkFull }) {
  const may = useMay("inbox.work");
  const { unmerge } = useMerges();
  const id = m.event?.detail?.conversation;
  if (!may || typeof id !== "string" || !talk.ways?.some((w) => w.conversation === id)) return null;
  return (
    <Button look="g" size="sm" className="mx-1" busy={unmerge.isPending} onClick={() => unmerge.mutate(id)}>
      <Trans>Take apart</Trans>
    </Button>
  );
}

// Settle is what a person has to decide, where no machine can know.
function Settle({ m, talk }: { m: Message; talk: TalkFull }) {
  const acts = useDelivery(talk.id);
  const d = m.delivery;
  if (!d || (d.state !== "needs_check" && d.state !== "failed")) return null;
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2 rounded-sm border border-line bg-paper px-3 py-2 text-ink">
      <p className="w-full">
        {d.text ??
          (d.state === "failed" ? (
            <Trans>{talk.channel.name} did not take it.</Trans>
          ) : (
            <Trans>
              Nobody can tell whether {talk.channel.name} posted this. It is never sent again by itself.
            </Trans>
          ))}
      </p>
      {d.state === "failed" && (
        <Button size="sm" touch busy={acts.retry.isPending} onClick={() => acts.retry.mutate(m.id)}>
          <Trans>Send it again</Trans>
        </Button>
      )}
      {d.state === "needs_check" && (
        <>
          <Button size="sm" touch busy={acts.check.isPending} onClick={() => acts.check.mutate(m.id)}>
            <Trans>Look again</Trans>
          </Button>
          <Button look="g" size="sm" touch onClick={() => acts.settle.mutate({ id: m.id, sent: true })}>
            <Trans>It is there</Trans>
          </Button>
          <Button look="g" size="sm" touch onClick={() => acts.settle.mutate({ id: m.id, sent: false })}>
            <Trans>It is not there</Trans>
          </Button>
        </>
      )}
    </div>
  );
}
