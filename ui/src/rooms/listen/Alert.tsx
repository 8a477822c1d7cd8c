import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowRight, ChevronLeft } from "lucide-react";
import {
  AsidePart,
  btn,
  ChartFrame,
  Chip,
  Columns,
  NoData,
  Page,
  Section,
  States,
  Swatch,
  Time,
  Timeline,
  TimelineItem,
} from "../../kit";
import { clock, count, day } from "../../lib/format";
import { AlertActs, AlertStateChip, StepLine } from "./AlertParts";
import { type AlertFull, lead, proof, subjectOf, useAlert } from "./alerts";
import { Post } from "./Post";
import { ListenShelf, shelfName } from "./Shelf";

const route = getRouteApi("/frame/listen/alerts/$id");

// AlertPage explains one incident: why, beside what is usual, the posts that caused it, and who did what.
export function AlertPage() {
  const { id } = route.useParams();
  const alert = useAlert(id);
  const a = alert.data;
  const name = a ? t`Alert: ${subjectOf(a)}` : t`Alert`;
  return (
    <Page
      name={name}
      title={
        <span className="flex items-center gap-1">
          <Link to="/listen/alerts" className={btn("g", "sm", "sq -ms-2")} aria-label={t`All alerts`}>
            <ChevronLeft className="i rtl:-scale-x-100" aria-hidden />
          </Link>
          <span className="truncate max-sm:sr-only">{a ? subjectOf(a) : t`Alert`}</span>
        </span>
      }
      beside={
        a && (
          <span className="max-sm:hidden">
            <AlertStateChip of={a} />
          </span>
        )
      }
      shelf={<ListenShelf />}
      shelfName={shelfName()}
      acts={a && <AlertActs of={a} />}
    >
      <States of={alert} pad>
        {(a) => (
          <div className="scroll lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(20rem,28rem)] lg:overflow-hidden">
            <div className="flex min-w-0 flex-col gap-7 px-4 py-5 sm:px-6 lg:overflow-y-auto">
              <Why of={a} />
              <Hours of={a} />
              <Section title={<Trans>What was done</Trans>}>
                <div className="pt-3">
                  <Timeline label={t`What was done, the newest first`}>
                    {[...a.steps].reverse().map((s) => (
                      <TimelineItem
                        key={`${s.at} ${s.verb}`}
                        tone={
                          s.verb === "raised" || s.verb === "grew" ? "trouble" : s.member ? "ours" : "rest"
                        }
                      >
                        <StepLine of={s} />
                      </TimelineItem>
                    ))}
                  </Timeline>
                </div>
              </Section>
            </div>
            <Causes of={a} />
          </div>
        )}
      </States>
    </Page>
  );
}

function Why({ of: a }: { of: AlertFull }) {
  return (
    <div>
      <span className="mb-2 flex flex-wrap items-center gap-2 sm:hidden">
        <b className="font-strong">{subjectOf(a)}</b>
        <AlertStateChip of={a} />
      </span>
      <p className="max-w-3xl text-xl font-strong tracking-tight text-balance">{lead(a)}.</p>
      <p className="mt-1 text-ink-2">
        {proof(a).join(" · ")} · <Time at={a.raised_at} />
      </p>
      {a.words.length > 0 && (
        <div className="mt-3 flex flex-wrap items-center gap-1.5">
          <span className="text-ink-3">
            <Trans>most repeated</Trans>
          </span>
          {a.words.map((w) => (
            <Chip key={w} tone="outline">
              {w}
            </Chip>
          ))}
        </div>
      )}
    </div>
  );
}

// label is an hour on the axis: the day where it begins.
const label = (at: string) => (new Date(at).getHours() === 0 ? day(at) : clock(at));

function Hours({ of: a }: { of: AlertFull }) {
  const hours = a.hours;
  const from = Math.max(
    0,
    hours.findLastIndex((h) => Date.parse(h.at) <= Date.parse(a.raised_at)),
  );
  const title = t`Posts per hour`;
  const total = hours.reduce((n, h) => n + h.count, 0);
  return (
    <ChartFrame
      title={title}
      def={{
        word: t`beside what is usual`,
        text: t`The shaded band is what nineteen of twenty such hours of the week have, learnt from up to eight weeks. The dashed line is the middle of it.`,
      }}
      aside={
        <span className="flex gap-3">
          <Swatch dashed>{t`usual`}</Swatch>
        </span>
      }
      n={total}
      missing={!a.known && <Trans>Less than a day is known, too little for a band</Trans>}
      table={{
        head: [t`From`, t`Posts`, t`Usual`, t`To`],
        rows: hours.map((h) => [
          `${day(h.at)} ${clock(h.at)}`,
          h.count,
          Math.round(h.usual * 10) / 10,
          Math.round(h.high * 10) / 10,
        ]),
      }}
    >
      {hours.length === 0 ? (
        <NoData />
      ) : (
        <Columns
          label={t`${title}, ${count(total)} in all, the alert at ${clock(a.raised_at)}`}
          columns={hours.map((h) => ({
            key: h.at,
            label: label(h.at),
            value: h.count,
            ...(a.known ? { before: h.usual, band: [h.low, h.high] as const } : {}),
            alarm: a.known
              ? h.count > h.high && Date.parse(h.at) + 3_600_000 > Date.parse(a.raised_at)
              : false,
          }))}
          note={{
            at: from,
            lines: [
              clock(a.raised_at),
              a.hush ? t`silence noticed` : t`${count(a.count)} posts at its height`,
            ],
          }}
        />
      )}
    </ChartFrame>
  );
}

function Causes({ of: a }: { of: AlertFull }) {
  const back = a.hush ? 7 * 24 * 60 : a.minutes; // before a silence, what was said last
  const since = new Date(Date.parse(a.raised_at) - back * 60_000).toISOString();
  const until = new Date(Date.parse(a.last_at) + 60_000).toISOString();
  const n = a.posts.length;
  const words = (
    <>
      <Trans>All of them</Trans>
      <ArrowRight className="i s rtl:-scale-x-100" aria-hidden />
    </>
  );
  return (
    <section
      aria-label={a.hush ? t`The last posts before` : t`The posts that caused it`}
      className="min-w-0 border-line max-lg:border-t lg:overflow-y-auto lg:border-s"
    >
      <div className="sticky top-0 z-(--z-sticky) flex min-h-10 items-center gap-2 border-b border-line bg-paper px-5 py-2">
        <b className="font-strong">
          {a.hush ? <Trans>The last posts before</Trans> : <Trans>What caused it</Trans>}
        </b>
        {!a.hush && (
          <span className="text-xs text-ink-3">
            <Trans>the {n} that weigh most</Trans>
          </span>
        )}
        {a.monitor ? (
          <Link
            to="/listen/monitors/$id"
            params={{ id: a.monitor.id }}
            search={{ since, until }}
            className={btn("g", "sm", "touch ms-auto")}
          >
            {words}
          </Link>
        ) : (
          <Link to="/listen" search={{ since, until }} className={btn("g", "sm", "touch ms-auto")}>
            {words}
          </Link>
        )}
      </div>
      {n === 0 ? (
        <AsidePart>
          <p className="px-5 py-4 text-ink-2">
            <Trans>Their authors have deleted them.</Trans>
          </p>
        </AsidePart>
      ) : (
        a.posts.map((p) => <Post key={p.id} post={p} tight />)
      )}
    </section>
  );
}
