import { Trans } from "@lingui/react/macro";
import { ExternalLink } from "lucide-react";
import { Button, Delivery, Direct, Happened, Note, Public, Reading, Sentiment, Theirs } from "../../kit";
import { useSession } from "../../lib/session";
import { type Message, type TalkFull, useColleagues, useDelivery } from "./data";
import { happened } from "./event";
import { Keep } from "./Keep";
import { KeepAnswer } from "./know/KeepAnswer";

// One is one message, in the form of who said it to whom.
export function One({ m, talk }: { m: Message; talk: TalkFull | undefined }) {
  const house = useSession()?.brand?.name;
  const mates = useColleagues().data ?? [];
  const common = {
    name: m.author.name,
    at: m.at,
    text: m.text,
    edited: Boolean(m.edited_at),
    deleted: Boolean(m.deleted_at),
  };
  const link = m.url && (
    <a
      href={m.url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="inline-flex self-center hover:text-ink"
      title={talk?.channel.name}
    >
      <ExternalLink className="i s !size-3" aria-hidden />
      <span className="sr-only">
        <Trans>See it on the network</Trans>
      </span>
    </a>
  );
  if (m.kind === "event")
    return <Happened at={m.at}>{happened(m, (id) => mates.find((x) => x.id === id)?.name)}</Happened>;
  if (m.kind === "note") return <Note {...common} house={house} />;
  if (m.kind === "theirs")
    return (
      <Theirs
        {...common}
        visibility={m.visibility === "direct" ? "direct" : "public"}
        avatar={m.author.avatar}
        unverified={m.author.unverified}
        channel={talk?.channel}
        meta={
          <>
            {link}
            <Keep m={m} talk={talk} />
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
      {m.delivery && <Delivery state={m.delivery.state} />}
      {talk && <KeepAnswer conversation={talk.id} version={talk.version} message={m.id} />}
      {link}
      <Keep m={m} talk={talk} />
    </>
  );
  const foot = m.delivery && talk && <Settle m={m} talk={talk} />;
  return m.visibility === "direct" ? (
    <Direct {...common} meta={meta} foot={foot} />
  ) : (
    <Public {...common} meta={meta} foot={foot} />
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
