import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import {
  Button,
  Empty,
  feelingOf,
  Reading,
  Segments,
  Select,
  States,
  Time,
  Timeline,
  TimelineItem,
} from "../../kit";
import { clock, longDay, minor, money } from "../../lib/format";
import { statusName } from "./card/Bought";
import { type Full, type Moment, type Shown, useHabits, useTimeline } from "./data";
import { Find } from "./Find";
import { aboutName, Marked, WhyHere } from "./Moments";

const route = getRouteApi("/frame/people/$id");

// History is the timeline, by words, kind, channel, time and subject. What is asked for stands in the address.
export function History({ of: p }: { of: Full }) {
  const search = route.useSearch();
  const go = route.useNavigate();
  const set = (change: Partial<Shown>) =>
    void go({ search: (s) => ({ ...s, ...change }), replace: true, resetScroll: false });
  const timeline = useTimeline(p.id, search);
  const channels = useHabits(p.id).data?.channels ?? [];
  const narrowed = Object.values(search).some(Boolean);
  return (
    <div className="pt-4">
      <div className="touch flex flex-wrap items-center gap-2 pb-4">
        <Segments<NonNullable<Shown["show"]> | "all">
          label={t`What is shown`}
          value={search.show ?? "all"}
          onChange={(show) => set({ show: show === "all" ? undefined : show })}
          parts={[
            { value: "all", label: <Trans>All</Trans> },
            { value: "said", label: <Trans>Said</Trans> },
            { value: "bought", label: <Trans>Bought</Trans> },
            { value: "known", label: <Trans>Noted</Trans> },
          ]}
        />
        <Find q={search.q} onFind={(q) => set({ q })} label={t`Find in the timeline`} />
        {(channels.length > 1 || search.on) && (
          <Select
            className="w-auto! max-w-44"
            label={t`Channel`}
            value={search.on ?? "all"}
            onChange={(on) => set({ on: on === "all" ? undefined : on })}
            choices={[
              { value: "all", label: <Trans>Every channel</Trans> },
              ...channels.map((c) => ({ value: c.channel.id, label: c.channel.name })),
            ]}
          />
        )}
        <Select
          className="w-auto!"
          label={t`Time`}
          value={search.back ?? "all"}
          onChange={(back) => set({ back: back === "all" ? undefined : back })}
          choices={[
            { value: "all", label: <Trans>Any time</Trans> },
            { value: "30d", label: <Trans>Last 30 days</Trans> },
            { value: "90d", label: <Trans>Last 90 days</Trans> },
            { value: "1y", label: <Trans>Last year</Trans> },
          ]}
        />
        {search.about && (
          <Button size="sm" touch onClick={() => set({ about: undefined })}>
            <Trans>About {aboutName(search.about)}</Trans>
            <X className="i s" aria-label={t`Take it away`} />
          </Button>
        )}
      </div>
      <States
        of={timeline}
        empty={
          timeline.hasMore ? (
            <Empty title={<Trans>Nothing like it among the newest {timeline.looked} moments.</Trans>}>
              <Button size="sm" touch busy={timeline.loadingMore} onClick={timeline.more}>
                <Trans>Look further back</Trans>
              </Button>
            </Empty>
          ) : (
            <Empty
              title={
                narrowed ? (
                  <Trans>Nothing of this kind is kept about {p.name}.</Trans>
                ) : (
                  <Trans>Nothing is kept about {p.name} yet.</Trans>
                )
              }
            >
              {narrowed ? (
                <Button
                  size="sm"
                  touch
                  onClick={() => void go({ search: {}, replace: true, resetScroll: false })}
                >
                  <Trans>Show the whole timeline</Trans>
                </Button>
              ) : (
                <Trans>What is said on either side stands here, newest first.</Trans>
              )}
            </Empty>
          )
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
                  <Fragment key={`${m.kind}${m.id}`}>
                    {(!before || longDay(before.at) !== day) && <Day at={m.at} />}
                    <One m={m} of={p} words={search.q} />
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

function One({ m, of, words }: { m: Moment; of: Full; words: string | undefined }) {
  const tone = m.kind === "answered" || m.kind === "note" ? "ours" : unhappy(m) ? "trouble" : "rest";
  return (
    <TimelineItem tone={tone}>
      <div className="flex flex-wrap items-baseline gap-x-2 pb-3">
        <span className="text-xs text-ink-3">
          {m.text || m.kind === "said" || !m.conversation ? heading(m) : talk(m, heading(m))} ·{" "}
          <Time at={m.at} show={clock} />
        </span>
        <span className="ms-auto flex items-baseline gap-3">
          {m.kind === "said" && m.activity && m.text && <Reading activity={m.activity} felt={m.sentiment} />}
          <WhyHere of={m} person={of} />
        </span>
        {(m.text || m.kind === "said" || m.value !== undefined) && (
          <p
            className={`mt-0.5 w-full ${m.kind === "said" && m.text ? "said text-[15px] leading-[22px]" : "text-ink-2"} wrap-anywhere`}
            dir="auto"
          >
            {body(m, words)}
          </p>
        )}
        {(m.with ?? []).length > 0 && (
          <ul
            className="mt-0.5 flex w-full flex-wrap gap-x-3 text-xs text-ink-3"
            aria-label={t`What came with it`}
          >
            {(m.with ?? []).map((w, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
              <li key={i} className="wrap-anywhere" dir="auto">
                <Marked text={w.text} words={words} />
              </li>
            ))}
          </ul>
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
    case "file":
      return by ? <Trans>file, added by {by}</Trans> : <Trans>file</Trans>;
  }
}

function talk(m: Moment, words: ReactNode) {
  return (
    <Link to="/engage" search={{ view: "all", c: m.conversation ?? "" }} className="hover:underline">
      {words}
    </Link>
  );
}

function body(m: Moment, words: string | undefined) {
  const plain =
    m.value !== undefined && m.currency
      ? `${m.text} ${money(m.value, m.currency)}`
      : m.text || (m.kind === "said" ? t`Wrote in private` : "");
  const text = <Marked text={plain} words={words} />;
  if (m.kind === "opportunity" && m.object)
    return (
      <Link to="/people/opportunities/$id" params={{ id: m.object }} className="hover:underline">
        {text}
        {m.currency && ` ${minor(m.amount ?? 0, m.currency)}`}
      </Link>
    );
  if (m.kind === "order" && m.object)
    return (
      <Link to="/people/orders/$id" params={{ id: m.object }} className="hover:underline">
        {text}
        {m.currency && ` ${minor(m.amount ?? 0, m.currency)}`}
      </Link>
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
