import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ChevronLeft, MoreHorizontal, Pencil, Trash2, X } from "lucide-react";
import { useState } from "react";
import {
  AsidePart,
  Avatar,
  Button,
  btn,
  ChannelMark,
  Chip,
  Confirm,
  Empty,
  Menu,
  MenuItem,
  Page,
  PageBody,
  Section,
  States,
  Time,
  Timeline,
  TimelineItem,
  tell,
} from "../../../kit";
import { day, minor } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { Changes } from "../Changes";
import { Values } from "../Values";
import { type DealFull, type Pipeline, useDeal, useDealActs, usePipelines } from "./data";
import { Lose } from "./Lose";
import { EditDeal } from "./Write";

const route = getRouteApi("/frame/people/opportunities/$id");

// DealPage is one opportunity: where it stands, what is next, and what was said about it.
export function DealPage() {
  const { id } = route.useParams();
  const go = useNavigate();
  const deal = useDeal(id);
  const may = useMay("people.write");
  const { remove } = useDealActs();
  const [asks, setAsks] = useState<"edit" | "remove">();
  const pipeline = (usePipelines().data ?? []).find((p) => p.id === deal.data?.pipeline);
  const name = deal.data?.name ?? t`Opportunity`;
  return (
    <Page
      name={name}
      title={
        <span className="flex items-center gap-1">
          <Link
            to="/people/opportunities"
            className={btn("g", "sm", "sq -ms-2")}
            aria-label={t`All opportunities`}
          >
            <ChevronLeft className="i rtl:-scale-x-100" aria-hidden />
          </Link>
          <span className="truncate">{name}</span>
        </span>
      }
      acts={
        may &&
        deal.data && (
          <>
            <Button size="sm" touch onClick={() => setAsks("edit")}>
              <Pencil className="i s" aria-hidden />
              <span className="max-sm:sr-only">
                <Trans>Change</Trans>
              </span>
            </Button>
            <Menu
              align="end"
              trigger={
                <Button look="g" square touch aria-label={t`More`}>
                  <MoreHorizontal className="i" aria-hidden />
                </Button>
              }
            >
              <MenuItem danger icon={<Trash2 className="i" aria-hidden />} onSelect={() => setAsks("remove")}>
                <Trans>Take it away</Trans>
              </MenuItem>
            </Menu>
          </>
        )
      }
      aside={deal.data && <About of={deal.data} />}
      asideName={t`About it`}
    >
      <PageBody className="max-w-3xl">
        <States of={deal}>
          {(d) => (
            <>
              <p className="text-xl font-strong tracking-tight">
                {d.currency ? minor(d.amount, d.currency) : <Trans>Nobody knows the amount yet.</Trans>}
              </p>
              <p className="pb-4 text-ink-3">
                {d.close_on && d.state === "open" && (
                  <Trans>should close on {day(`${d.close_on}T12:00:00`)}</Trans>
                )}
                {d.state !== "open" && (
                  <Trans>
                    closed <Time at={d.moved_at} />
                  </Trans>
                )}
                {d.reason && ` · ${d.reason}`}
              </p>
              {pipeline && <Stages of={d} pipeline={pipeline} may={may} />}
              {d.next_step && (
                <Section
                  title={<Trans>Next step</Trans>}
                  end={d.next_on && day(`${d.next_on}T12:00:00`)}
                  className="pt-6"
                >
                  <p className="pt-3">{d.next_step}</p>
                </Section>
              )}
              <Talks of={d} may={may} />
              <Section title={<Trans>History</Trans>} className="pt-6">
                <div className="pt-3">
                  <Timeline label={t`History`}>
                    {(d.steps ?? []).map((s) => (
                      <TimelineItem key={s.at + s.to} tone="ours">
                        <div className="pb-3">
                          <span className="text-xs text-ink-3">
                            {s.by?.name} · <Time at={s.at} />
                          </span>
                          <p>
                            {s.from && s.from !== s.to ? (
                              <Trans>
                                from {called(pipeline, s.from)} to {called(pipeline, s.to)}
                              </Trans>
                            ) : s.from ? (
                              <Trans>the amount changed</Trans>
                            ) : (
                              <Trans>began in {called(pipeline, s.to)}</Trans>
                            )}
                            {s.currency && `, ${minor(s.amount, s.currency)}`}
                            {s.reason && `: ${s.reason}`}
                          </p>
                        </div>
                      </TimelineItem>
                    ))}
                  </Timeline>
                </div>
              </Section>
              <Changes object="opportunity" id={d.id} />
              <EditDeal of={d} open={asks === "edit"} onOpenChange={(o) => setAsks(o ? "edit" : undefined)} />
            </>
          )}
        </States>
      </PageBody>
      <Confirm
        open={asks === "remove"}
        onOpenChange={(o) => setAsks(o ? "remove" : undefined)}
        title={<Trans>Take {name} away?</Trans>}
        text={
          <Trans>
            It goes as if it had never been, and out of every total. What was lost is better called lost.
          </Trans>
        }
        act={<Trans>Take it away</Trans>}
        look="d"
        busy={remove.isPending}
        onAct={() => remove.mutate(id, { onSuccess: () => void go({ to: "/people/opportunities" }) })}
      />
    </Page>
  );
}

const called = (p: Pipeline | undefined, stage: string) =>
  p?.stages?.find((s) => s.id === stage)?.name ?? "–";

// Stages is the way with where it stands; a press moves it.
function Stages({ of: d, pipeline, may }: { of: DealFull; pipeline: Pipeline; may: boolean }) {
  const { move } = useDealActs();
  const [losing, setLosing] = useState<string>();
  const go = (to: string, reason?: string, back = false) =>
    move.mutate(
      { id: d.id, to, ...(reason ? { reason } : {}) },
      {
        onSuccess: () => {
          const name = called(pipeline, to);
          const from = d.stage;
          if (!back)
            tell({ text: t`It is in ${name} now.`, undo: () => go(from, d.reason || t`Put back`, true) });
        },
      },
    );
  const here = move.isPending ? move.variables?.to : d.stage;
  return (
    <>
      <div className="touch flex flex-wrap gap-1.5" role="group" aria-label={t`Stage`}>
        {(pipeline.stages ?? []).map((s) => (
          <Button
            key={s.id}
            size="sm"
            look={s.id === here ? "p" : "o"}
            aria-pressed={s.id === here}
            disabled={!may}
            onClick={() => {
              if (s.id === d.stage || !s.id) return;
              if (s.kind === "lost") setLosing(s.id);
              else go(s.id);
            }}
          >
            {s.name}
          </Button>
        ))}
      </div>
      <Lose
        key={losing}
        deal={losing ? d : undefined}
        reasons={pipeline.reasons ?? []}
        onClose={() => setLosing(undefined)}
        onLose={(why) => {
          if (losing) go(losing, why);
          setLosing(undefined);
        }}
      />
    </>
  );
}

function Talks({ of: d, may }: { of: DealFull; may: boolean }) {
  const { hold } = useDealActs();
  return (
    <Section title={<Trans>Conversations</Trans>} n={d.conversations || undefined} className="pt-6">
      {(d.talks ?? []).length === 0 ? (
        <div className="pt-3">
          <Empty title={<Trans>No conversation belongs to it.</Trans>}>
            <Trans>In a conversation, press Opportunity in what stands beside it.</Trans>
          </Empty>
        </div>
      ) : (
        <ul>
          {(d.talks ?? []).map((c) => (
            <li key={c.id} className="flex min-h-10 items-center gap-2 border-b border-line">
              {c.channel && <ChannelMark kind={c.channel.kind} mark={c.channel.mark} inline />}
              <Link
                to="/engage"
                search={{ view: "all", c: c.id }}
                className="min-w-0 flex-1 truncate hover:underline"
              >
                {c.subject}
              </Link>
              <Time at={c.at} className="text-xs text-ink-3" />
              {may && (
                <Button
                  look="g"
                  size="sm"
                  square
                  touch
                  aria-label={t`Take ${c.subject} away from it`}
                  onClick={() =>
                    hold.mutate(
                      { id: d.id, conversation: c.id, on: false },
                      {
                        onSuccess: () =>
                          tell({
                            text: t`The conversation no longer belongs to it.`,
                            undo: () => hold.mutate({ id: d.id, conversation: c.id, on: true }),
                          }),
                      },
                    )
                  }
                >
                  <X className="i s" aria-hidden />
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function About({ of: d }: { of: DealFull }) {
  return (
    <>
      <AsidePart title={<Trans>Whom it is with</Trans>}>
        <ul className="flex flex-col gap-2">
          {d.organization && (
            <li className="flex items-center gap-2">
              <Avatar name={d.organization.name} size="sm" org />
              <Link
                to="/people/organizations/$id"
                params={{ id: d.organization.id }}
                className="truncate hover:underline"
              >
                {d.organization.name}
              </Link>
            </li>
          )}
          {d.person && (
            <li className="flex items-center gap-2">
              <Avatar name={d.person.name} size="sm" />
              <Link to="/people/$id" params={{ id: d.person.id }} className="truncate hover:underline">
                {d.person.name}
              </Link>
            </li>
          )}
          {!d.person && !d.organization && (
            <li className="text-ink-3">
              <Trans>Nobody yet.</Trans>
            </li>
          )}
        </ul>
      </AsidePart>
      <AsidePart title={<Trans>Looked after by</Trans>}>
        {d.owner ? (
          <span className="flex items-center gap-2">
            <Avatar name={d.owner.name} size="sm" us />
            {d.owner.name}
          </span>
        ) : (
          <Chip tone="wait">
            <Trans>Nobody</Trans>
          </Chip>
        )}
      </AsidePart>
      <Values of="opportunity" id={d.id} />
    </>
  );
}
