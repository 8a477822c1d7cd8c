import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Fragment, type ReactNode, useState } from "react";
import { Button, Empty, feelingOf, Reading, Segments, States, Time, Timeline, TimelineItem } from "../../kit";
import { clock, longDay, minor, money } from "../../lib/format";
import { statusName } from "./card/Bought";
import { type Moment, useTimeline } from "./data";

type Sort = "all" | "said" | "bought" | "known";

// sorts are the kinds of moments that are shown together.
const sorts: Record<Sort, readonly Moment["kind"][]> = {
  all: [],
  said: ["said", "answered"],
  bought: ["order", "opportunity", "conversion", "click"],
  known: ["note", "about", "goal", "promise", "merge"],
};

export function History({ id, name }: { id: string; name: string }) {
  const [show, setShow] = useState<Sort>("all");
  const timeline = useTimeline(id, sorts[show]);
  return (
    <div className="pt-4">
      <div className="touch pb-4">
        <Segments
          label={t`What is shown`}
          value={show}
          onChange={setShow}
          parts={[
            { value: "all", label: <Trans>All</Trans> },
            { value: "said", label: <Trans>Said</Trans> },
            { value: "bought", label: <Trans>Bought</Trans> },
            { value: "known", label: <Trans>Noted</Trans> },
          ]}
        />
      </div>
      <States
        of={timeline}
        empty={
          <Empty
            title={
              show === "all" ? (
                <Trans>Nothing is kept about {name} yet.</Trans>
              ) : (
                <Trans>Nothing of this kind is kept about {name}.</Trans>
              )
            }
          >
            <Trans>What is said on either side stands here, newest first.</Trans>
          </Empty>
        }
      >
        {(moments) => (
          <>
            <Timeline label={t`Timeline`}>
              {moments.map((m, i) => {
                const before = moments[i - 1];
                const day = longDay(m.at);
                // Records joined at one moment are one line.
                if (m.kind === "merge" && before?.kind === "merge" && before.at === m.at) return null;
                return (
                  <Fragment key={`${m.at}${m.kind}${m.activity ?? ""}${m.text}`}>
                    {(!before || longDay(before.at) !== day) && <Day at={m.at} />}
                    <One m={m} />
                  </Fragment>
                );
              })}
            </Timeline>
            {timeline.hasMore && (
              <div className="pt-4">
                <Button size="sm" touch busy={timeline.loadingMore} onClick={timeline.more}>
                  <Trans>Earlier</Trans>
                </Button>
              </div>
            )}
          </>
        )}
      </States>
    </div>
  );
}

// Day is the head of what happened on one day.
function Day({ at }: { at: string }) {
  const year = new Date(at).getFullYear();
  return (
    <li className="day">
      {longDay(at)}
      {year !== new Date().getFullYear() && ` ${year}`}
    </li>
  );
}

const unhappy = (m: Moment) => m.kind === "said" && feelingOf(m.sentiment) === "negative";

function One({ m }: { m: Moment }) {
  const tone = m.kind === "answered" || m.kind === "note" ? "ours" : unhappy(m) ? "trouble" : "rest";
  return (
    <TimelineItem tone={tone}>
      <div className="flex flex-wrap items-baseline gap-x-2 pb-3">
        <span className="text-xs text-ink-3">
          {m.text || m.kind === "said" || !m.conversation ? heading(m) : talk(m, heading(m))} ·{" "}
          <Time at={m.at} show={clock} />
        </span>
        {m.kind === "said" && m.activity && m.text && (
          <span className="ms-auto">
            <Reading activity={m.activity} felt={m.sentiment} />
          </span>
        )}
        {(m.text || m.kind === "said" || m.value !== undefined) && (
          <p
            className={`mt-0.5 w-full ${m.kind === "said" && m.text ? "said text-[15px] leading-[22px]" : "text-ink-2"} wrap-anywhere`}
            dir="auto"
          >
            {body(m)}
          </p>
        )}
      </div>
    </TimelineItem>
  );
}

function heading(m: Moment) {
  const where = m.channel?.name ?? "";
  const by = m.by?.name ?? "";
  switch (m.kind) {
    case "said":
      return <Trans>said on {where}</Trans>;
    case "answered":
      return by ? (
        <Trans>
          {by} answered on {where}
        </Trans>
      ) : (
        <Trans>answered on {where}</Trans>
      );
    case "note":
      return by ? <Trans>note by {by}</Trans> : <Trans>note</Trans>;
    case "click":
      return <Trans>followed a link</Trans>;
    case "conversion":
      return <Trans>outcome</Trans>;
    case "merge":
      return <Trans>joined with</Trans>;
    case "order":
      return <Trans>order, {statusName(m.state ?? "")}</Trans>;
    case "opportunity":
      return <Trans>opportunity, {statusName(m.state ?? "")}</Trans>;
    case "about":
      return <Trans>note about them by {by}</Trans>;
    case "goal":
      return <Trans>what they want</Trans>;
    case "promise":
      return <Trans>promised by {by}</Trans>;
  }
}

function talk(m: Moment, words: ReactNode) {
  return (
    <Link to="/engage" search={{ view: "all", c: m.conversation ?? "" }} className="hover:underline">
      {words}
    </Link>
  );
}

function body(m: Moment) {
  const text =
    m.value !== undefined && m.currency
      ? `${m.text} ${money(m.value, m.currency)}`
      : m.text || (m.kind === "said" ? t`Wrote in private` : "");
  if (m.kind === "opportunity" && m.object)
    return (
      <Link to="/people/opportunities/$id" params={{ id: m.object }} className="hover:underline">
        {text}
        {m.currency && ` ${minor(m.amount ?? 0, m.currency)}`}
      </Link>
    );
  if (m.kind === "order" && m.currency)
    return (
      <>
        {m.url ? (
          <a href={m.url} target="_blank" rel="noopener noreferrer nofollow" className="hover:underline">
            {text}
          </a>
        ) : (
          text
        )}{" "}
        {minor(m.amount ?? 0, m.currency)}
      </>
    );
  if (m.conversation) return talk(m, text);
  return m.url ? (
    <a href={m.url} target="_blank" rel="noopener noreferrer nofollow" className="hover:underline">
      {text}
    </a>
  ) : (
    text
  );
}
