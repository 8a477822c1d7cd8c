import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { CalendarClock, ListEnd, Scale, Send } from "lucide-react";
import { useState } from "react";
import { Button, Field, Input, tell } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { type ContentFull, useAct, useBest, useQueues } from "./data";
import { fromInput, toInput } from "./moment";
import { dayName } from "./words";
import { here, instant, wall } from "./zone";

const two = (n: number) => String(n).padStart(2, "0");

// When gives a content its time, or asks for a review first.
export function When({
  of,
  at,
  problems,
  ready,
  onDone,
}: {
  of: ContentFull | undefined;
  at: string | undefined;
  problems: number;
  ready: () => Promise<string | undefined>;
  onDone: (id: string) => void;
}) {
  const zone = here();
  const go = useAct();
  const queues = useQueues().data ?? [];
  const planned = of?.posts?.find((p) => p.at && p.state !== "published")?.at;
  const first = planned ?? at;
  const [when, setWhen] = useState(() =>
    toInput(first ? new Date(first) : new Date(Math.ceil(Date.now() / 3_600_000 + 1) * 3_600_000), zone),
  );
  const channel = of?.posts?.[0]?.channel.id;
  const best = useBest(channel, zone).data;
  const [busy, setBusy] = useState(false);
  type Doing = { do: "schedule"; at?: string } | { do: "queue" } | { do: "submit"; text: string };
  const run = async (acts: Doing[], done: string) => {
    setBusy(true);
    try {
      const id = await ready();
      if (!id) return;
      let is: ContentFull | undefined;
      for (const a of acts) is = await go.mutateAsync({ id, ...a });
      const asks = is?.review && is.posts?.some((p) => p.state === "draft");
      tell({ text: asks ? t`It keeps this time, and somebody must approve it first.` : done });
      onDone(id);
    } catch (e) {
      tell({ text: sentenceOf(e), bad: true });
    } finally {
      setBusy(false);
    }
  };
  const open = (of?.posts ?? []).filter((p) => !["publishing", "unknown", "published"].includes(p.state));
  if (of && open.length === 0) return null;
  const review = of?.review === true && open.some((p) => p.state === "draft" || p.state === "failed");
  const waiting = open.length > 0 && open.every((p) => p.state === "in_review");
  const moment = fromInput(when, zone);
  const why = problems > 0 ? t`First mend what stands in red above.` : of?.why_not || undefined;
  const off = why ? { why } : {};
  const slots = open.every((p) =>
    queues.some((q) => q.channel === p.channel.id && (q.slots ?? []).length > 0),
  );
  return (
    <div className="look flex flex-col gap-3 p-3.5" role="group" aria-label={t`Plan`}>
      <div className="flex flex-wrap items-end gap-3">
        <Field
          label={<Trans>When</Trans>}
          help={zone.replaceAll("_", " ")}
          error={moment && moment.getTime() < Date.now() - 120_000 ? t`This time is over.` : undefined}
        >
          <Input
            type="datetime-local"
            className="!w-56"
            value={when}
            onChange={(e) => setWhen((e.target as unknown as HTMLInputElement).value)}
          />
        </Field>
      </div>
      {best && best.n > 0 && (best.times ?? []).length > 0 && (
        <p className="text-xs text-ink-2">
          <Trans>Most came back at</Trans>{" "}
          {(best.times ?? []).slice(0, 3).map((b, i) => (
            <span key={`${b.day}-${b.hour}`}>
              {i > 0 && ", "}
              <button
                type="button"
                className="underline"
                onClick={() => setWhen(toInput(next(b.day, b.hour, zone), zone))}
              >
                {dayName(b.day)} {two(b.hour)}:00
              </button>{" "}
              ({b.n})
            </span>
          ))}
          {". "}
          <Trans>It rests on {best.n} answers and mentions of eight weeks.</Trans>
        </p>
      )}
      <div className="touch flex flex-wrap gap-2">
        {review ? (
          <Button
            look="p"
            busy={busy}
            {...off}
            onClick={() =>
              void run(
                [
                  ...(moment && moment.getTime() > Date.now()
                    ? [{ do: "schedule" as const, at: moment.toISOString() }]
                    : []),
                  { do: "submit", text: "" },
                ],
                t`It waits for a review and leaves at its time once it is approved.`,
              )
            }
          >
            <Scale className="i s" aria-hidden />
            <Trans>Submit for review</Trans>
          </Button>
        ) : (
          <>
            <Button
              look="p"
              busy={busy}
              disabled={!moment}
              {...off}
              onClick={() =>
                moment && void run([{ do: "schedule", at: moment.toISOString() }], t`It is in the plan.`)
              }
            >
              <CalendarClock className="i s" aria-hidden />
              {waiting ? <Trans>Change the time</Trans> : <Trans>Schedule</Trans>}
            </Button>
            {slots && of && (
              <Button
                busy={busy}
                {...off}
                onClick={() => void run([{ do: "queue" }], t`It takes the next free slots.`)}
              >
                <ListEnd className="i s" aria-hidden />
                <Trans>Next free slot</Trans>
              </Button>
            )}
            {!waiting && (
              <Button
                busy={busy}
                {...off}
                onClick={() => void run([{ do: "schedule" }], t`It is on its way.`)}
              >
                <Send className="i s" aria-hidden />
                <Trans>Publish now</Trans>
              </Button>
            )}
          </>
        )}
        {!review && of && open.some((p) => p.state === "draft") && !of.review && (
          <Button
            look="g"
            busy={busy}
            {...off}
            onClick={() => void run([{ do: "submit", text: "" }], t`It waits for a review.`)}
          >
            <Trans>Ask for a review</Trans>
          </Button>
        )}
      </div>
    </div>
  );
}

// next is the next time that an hour of the week comes.
function next(day: number, hour: number, zone: string): Date {
  const w = wall(new Date(), zone);
  for (let d = 0; d < 8; d++) {
    const u = new Date(Date.UTC(w.y, w.m - 1, w.d + d));
    if (u.getUTCDay() !== day) continue;
    const at = instant(
      { y: u.getUTCFullYear(), m: u.getUTCMonth() + 1, d: u.getUTCDate(), h: hour, min: 0 },
      zone,
    );
    if (at.getTime() > Date.now()) return at;
  }
  return new Date(Date.now() + 3_600_000);
}
