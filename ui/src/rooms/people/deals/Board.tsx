import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { type KeyboardEvent, useState } from "react";
import { Avatar, Button, Chip, Skeleton, tell } from "../../../kit";
import { count, day, minor } from "../../../lib/format";
import { type Deal, type Forecast, type Pipeline, type Stage, useDealActs, useDeals } from "./data";
import { Lose } from "./Lose";

interface Moved {
  deal: Deal;
  to: string;
}

// Board is a pipeline as columns. A card is dragged, or moved with Shift and an
// arrow; what is moved stands there at once and goes back if it fails.
export function Board({
  pipeline,
  totals,
  owner,
  may,
  onOpen,
}: {
  pipeline: Pipeline;
  totals: Forecast | undefined;
  owner: string | undefined;
  may: boolean;
  onOpen: (id: string) => void;
}) {
  const { move } = useDealActs();
  const [moved, setMoved] = useState<Moved>();
  const [losing, setLosing] = useState<Moved>();
  const stages = pipeline.stages ?? [];
  const name = (id: string) => stages.find((s) => s.id === id)?.name ?? "";
  const go = (deal: Deal, to: string, reason?: string, back = false) => {
    const from = deal.stage;
    if (to === from) return;
    if (stages.find((s) => s.id === to)?.kind === "lost" && !reason) return setLosing({ deal, to });
    setMoved({ deal, to });
    move.mutate(
      { id: deal.id, to, from, ...(reason ? { reason } : {}) },
      {
        onSuccess: (now) => {
          if (!back)
            tell({
              text: t`${deal.name} is in ${name(to)} now.`,
              undo: () => go({ ...deal, stage: now.stage }, from, deal.reason || t`Put back`, true),
            });
        },
        onSettled: () => setMoved(undefined),
      },
    );
  };
  const step = (deal: Deal, by: 1 | -1) => {
    const to = stages[stages.findIndex((s) => s.id === deal.stage) + by];
    if (to?.id) go(deal, to.id);
  };
  return (
    <>
      <ul
        className="relative flex min-h-0 flex-1 snap-x snap-mandatory scroll-px-4 gap-3 overflow-x-auto px-4 pt-4 pb-4 sm:snap-none sm:px-6"
        aria-label={t`Stages of ${pipeline.name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard, without a card too
        tabIndex={0}
      >
        {stages.map((s) => (
          <Column
            key={s.id}
            stage={s}
            totals={totals}
            owner={owner}
            moved={moved}
            may={may}
            onDrop={(d) => go(d, s.id ?? "")}
            onStep={step}
            onOpen={onOpen}
          />
        ))}
      </ul>
      <Lose
        key={losing?.deal.id}
        deal={losing?.deal}
        reasons={pipeline.reasons ?? []}
        onClose={() => setLosing(undefined)}
        onLose={(why) => {
          if (losing) go(losing.deal, losing.to, why);
          setLosing(undefined);
        }}
      />
    </>
  );
}

let dragged: Deal | undefined;

function Column({
  stage,
  totals,
  owner,
  moved,
  may,
  onDrop,
  onStep,
  onOpen,
}: {
  stage: Stage;
  totals: Forecast | undefined;
  owner: string | undefined;
  moved: Moved | undefined;
  may: boolean;
  onDrop: (d: Deal) => void;
  onStep: (d: Deal, by: 1 | -1) => void;
  onOpen: (id: string) => void;
}) {
  const [over, setOver] = useState(false);
  const found = useDeals({ stage: stage.id ?? "", ...(owner ? { owner } : {}) });
  let rows = found.data ?? [];
  if (moved) {
    rows = rows.filter((d) => d.id !== moved.deal.id);
    if (moved.to === stage.id) rows = [{ ...moved.deal, stage: moved.to }, ...rows];
  }
  const sums = (totals?.stages ?? []).filter((x) => x.stage === stage.id);
  const n = sums.reduce((all, x) => all + x.n, 0);
  return (
    <li
      className={`flex w-[84vw] flex-none snap-start flex-col rounded-md sm:w-64 ${over ? "bg-chosen" : "bg-sunken"}`}
      onDragOver={(e) => {
        if (!dragged || !may) return;
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault();
        setOver(false);
        if (dragged) onDrop(dragged);
      }}
    >
      <div className="px-3 pt-3 pb-2">
        <h2 className="flex items-baseline gap-2 font-strong">
          <span className="truncate">{stage.name}</span>
          <span className="text-ink-3">{count(n)}</span>
          {stage.kind === "open" && <span className="ms-auto text-xs text-ink-3">{stage.probability} %</span>}
        </h2>
        <p className="min-h-4 truncate text-xs text-ink-2">
          {sums
            .filter((x) => x.currency)
            .map((x) => minor(x.amount, x.currency))
            .join(" · ")}
        </p>
      </div>
      <ul className="flex min-h-24 flex-1 flex-col gap-2 overflow-y-auto px-2 pb-2" aria-label={stage.name}>
        {found.data === undefined && !found.error ? (
          <Skeleton rows={2} avatar={false} />
        ) : (
          rows.map((d) => <Card key={d.id} deal={d} may={may} onStep={onStep} onOpen={onOpen} />)
        )}
        {found.hasMore && (
          <Button size="sm" look="g" busy={found.loadingMore} onClick={found.more}>
            <Trans>Show more</Trans>
          </Button>
        )}
      </ul>
    </li>
  );
}

function Card({
  deal: d,
  may,
  onStep,
  onOpen,
}: {
  deal: Deal;
  may: boolean;
  onStep: (d: Deal, by: 1 | -1) => void;
  onOpen: (id: string) => void;
}) {
  const keys = (e: KeyboardEvent<HTMLButtonElement>) => {
    const by = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
    if (by && e.shiftKey && may) {
      e.preventDefault();
      const id = d.id;
      onStep(d, document.dir === "rtl" ? (-by as 1 | -1) : by);
      setTimeout(() => document.querySelector<HTMLElement>(`[data-deal="${id}"]`)?.focus(), 30);
      return;
    }
    if (by && !e.shiftKey) {
      e.preventDefault();
      beside(e.currentTarget, by);
    }
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      const row = e.currentTarget.closest("li");
      const to = e.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
      to?.querySelector<HTMLElement>("[data-deal]")?.focus();
    }
  };
  const late = d.state === "open" && d.close_on && d.close_on < new Date().toISOString().slice(0, 10);
  const whom = d.organization?.name ?? d.person?.name;
  return (
    <li>
      <button
        type="button"
        data-deal={d.id}
        draggable={may}
        onDragStart={(e) => {
          dragged = d;
          e.dataTransfer.effectAllowed = "move";
          e.dataTransfer.setData("text/plain", d.name);
        }}
        onDragEnd={() => {
          dragged = undefined;
        }}
        onClick={() => onOpen(d.id)}
        onKeyDown={keys}
        aria-describedby="board-keys"
        className="w-full rounded-md border border-line bg-paper p-3 text-start hover:border-line-2"
      >
        <span className="line-clamp-2 font-strong wrap-anywhere">{d.name}</span>
        {whom && <span className="mt-0.5 block truncate text-ink-2">{whom}</span>}
        <span className="mt-2 flex min-h-5 items-center gap-2">
          {d.currency ? (
            <b className="font-strong">{minor(d.amount, d.currency)}</b>
          ) : (
            <span className="text-ink-3">
              <Trans>no amount</Trans>
            </span>
          )}
          <span className="ms-auto flex items-center gap-2 text-xs text-ink-3">
            {d.close_on &&
              (late ? <Chip tone="alarm">{day(d.close_on)}</Chip> : <span>{day(d.close_on)}</span>)}
            {d.owner && <Avatar name={d.owner.name} size="xs" us />}
            {d.owner && <span className="sr-only">{d.owner.name}</span>}
          </span>
        </span>
        {d.next_step && <span className="mt-1 block truncate text-xs text-ink-3">{d.next_step}</span>}
        {d.state === "lost" && d.reason && (
          <span className="mt-1 block truncate text-xs text-ink-3">{d.reason}</span>
        )}
        {d.conversations > 1 && (
          <span className="mt-1 block text-xs text-ink-3">
            <Plural value={d.conversations} one="# conversation" other="# conversations" />
          </span>
        )}
      </button>
    </li>
  );
}

// beside moves the focus to the next column that has a card.
function beside(from: HTMLElement, by: 1 | -1) {
  const columns = [...document.querySelectorAll("[data-deal]")].map((c) => c.closest("ul"));
  const lists = [...new Set(columns)];
  const to = lists[lists.indexOf(from.closest("ul")) + by];
  to?.querySelector<HTMLElement>("[data-deal]")?.focus();
}
