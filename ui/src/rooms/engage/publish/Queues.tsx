import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import {
  Button,
  ChannelMark,
  Empty,
  Input,
  Page,
  PageBody,
  Section,
  States,
  Switch,
  Time,
  tell,
} from "../../../kit";
import { api, ok } from "../../../lib/api";
import { full } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import {
  type Outlet,
  type Queue,
  type Rule,
  useBest,
  useOutlets,
  useProgrammes,
  useQueues,
  useRules,
} from "./data";
import { HeldBar } from "./Holds";
import { PublishShelf, shelfName } from "./Shelf";
import { dayName } from "./words";
import { here } from "./zone";

const two = (n: number) => String(n).padStart(2, "0");
const clock = (min: number) => `${two(Math.floor(min / 60))}:${two(min % 60)}`;

// Queues is when each channel publishes, and what must be approved first.
export function Queues() {
  const outlets = useOutlets();
  const queues = useQueues();
  return (
    <Page
      name={t`Queues and approval`}
      title={t`Queues and approval`}
      shelf={<PublishShelf here="queues" />}
      shelfName={shelfName()}
    >
      <HeldBar />
      <PageBody className="flex max-w-5xl flex-col gap-8">
        <Rules />
        <States of={outlets} empty={<Empty title={<Trans>No channel can publish yet.</Trans>} />}>
          {(all) => (
            <>
              {all.map((o) => (
                <Week key={o.id} outlet={o} queue={queues.data?.find((q) => q.channel === o.id)} />
              ))}
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

function Rules() {
  const rules = useRules();
  const programmes = useProgrammes().data ?? [];
  const may = useMay("publish.approve");
  const cache = useQueryClient();
  const save = (r: Rule) =>
    ok(api.PUT("/api/publish/rules", { body: r })).then(
      (all) => {
        cache.setQueryData(["publish", "rules"], all.items ?? []);
        void cache.invalidateQueries({ queryKey: ["publish", "content"] });
      },
      (e) => tell({ text: sentenceOf(e), bad: true }),
    );
  return (
    <Section title={<Trans>Approval</Trans>}>
      <States of={rules}>
        {(all) => {
          const house = all.find((r) => r.programme === "") ?? {
            programme: "",
            review: false,
            four_eyes: true,
            own: false,
          };
          return (
            <div className="flex flex-col gap-5 py-3">
              <RuleOf name={t`The whole house`} rule={house} may={may} save={save} />
              {programmes.map((p) => (
                <RuleOf
                  key={p.id}
                  name={p.name}
                  rule={all.find((r) => r.programme === p.id) ?? { ...house, programme: p.id, own: false }}
                  may={may}
                  save={save}
                />
              ))}
            </div>
          );
        }}
      </States>
    </Section>
  );
}

function RuleOf({
  name,
  rule,
  may,
  save,
}: {
  name: string;
  rule: Rule;
  may: boolean;
  save: (r: Rule) => unknown;
}) {
  const house = rule.programme === "";
  const fixed = !may || (!house && !rule.own);
  return (
    <div role="group" aria-label={name}>
      <h3 className="mb-2 font-strong">{name}</h3>
      <div className="flex flex-wrap gap-x-8 gap-y-2">
        {!house && (
          <Switch
            label={<Trans>A rule of its own</Trans>}
            checked={rule.own}
            disabled={!may}
            onChange={(own) => save({ ...rule, own })}
          />
        )}
        <Switch
          label={<Trans>Somebody approves before it leaves</Trans>}
          checked={rule.review}
          disabled={fixed}
          onChange={(review) => save({ ...rule, review, own: true })}
        />
        <Switch
          label={<Trans>Never the author</Trans>}
          checked={rule.four_eyes}
          disabled={fixed || !rule.review}
          onChange={(four_eyes) => save({ ...rule, four_eyes, own: true })}
        />
      </div>
    </div>
  );
}

function Week({ outlet, queue }: { outlet: Outlet; queue: Queue | undefined }) {
  const may = useMay("publish.write");
  const cache = useQueryClient();
  const zone = queue?.zone ?? here();
  const slots = queue?.slots ?? [];
  const best = useBest(outlet.id, zone).data;
  const save = (next: Queue["slots"]) =>
    ok(
      api.PUT("/api/publish/queues/{channel}", {
        params: { path: { channel: outlet.id } },
        body: { zone, slots: next },
      }),
    ).then(
      (all) => cache.setQueryData(["publish", "queues"], all.items ?? []),
      (e) => tell({ text: sentenceOf(e), bad: true }),
    );
  const n = best?.n ?? 0;
  return (
    <Section
      title={
        <span className="flex items-center gap-2">
          <ChannelMark kind={outlet.kind} mark={outlet.mark} name="" inline />
          {outlet.name}
        </span>
      }
      end={zone.replaceAll("_", " ")}
    >
      <div className="py-3">
        <p className="mb-3 text-sm text-ink-2">
          {queue?.next ? (
            <Trans>
              The next free slot is <Time at={queue.next} show={full} />.
            </Trans>
          ) : (
            <Trans>It has no slots yet. Posts leave at the time that they are given.</Trans>
          )}{" "}
          {n > 0 && (best?.times ?? []).length > 0 && (
            <Trans>
              Most came back on {dayName(best?.times?.[0]?.day ?? 0)} at {two(best?.times?.[0]?.hour ?? 0)}
              :00, of {n} answers and mentions in eight weeks.
            </Trans>
          )}
        </p>
        <div className="week-slots">
          {[1, 2, 3, 4, 5, 6, 0].map((day) => (
            <div key={day} className="min-w-0 rounded-sm border border-line p-2">
              <h4 className="mb-1 truncate text-xs text-ink-2">{dayName(day)}</h4>
              <ul className="flex flex-col gap-1">
                {slots
                  .filter((s) => s.day === day)
                  .map((s) => (
                    <li key={s.minute} className="flex items-center gap-1">
                      <span className="chip">{clock(s.minute)}</span>
                      {may && (
                        <Button
                          look="g"
                          square
                          size="sm"
                          aria-label={t`Remove ${clock(s.minute)} on ${dayName(day)}`}
                          onClick={() => void save(slots.filter((x) => x !== s))}
                        >
                          <X className="i s" aria-hidden />
                        </Button>
                      )}
                    </li>
                  ))}
              </ul>
              {may && (
                <Adder
                  day={day}
                  add={(minute) =>
                    void save([...slots, { day: day as (typeof slots)[number]["day"], minute }])
                  }
                />
              )}
            </div>
          ))}
        </div>
      </div>
    </Section>
  );
}

function Adder({ day, add }: { day: number; add: (minute: number) => void }) {
  const [time, setTime] = useState("09:00");
  const name = dayName(day);
  return (
    <form
      className="mt-2 flex items-center gap-1"
      onSubmit={(e) => {
        e.preventDefault();
        const [h, m] = time.split(":").map(Number);
        if (h !== undefined && m !== undefined && !Number.isNaN(h) && !Number.isNaN(m)) add(h * 60 + m);
      }}
    >
      <Input
        type="time"
        aria-label={t`A slot on ${name}`}
        className="!min-w-0 !px-1.5 text-xs"
        value={time}
        onChange={(e) => setTime((e.target as unknown as HTMLInputElement).value)}
      />
      <Button look="g" square size="sm" type="submit" aria-label={t`Add the slot on ${name}`}>
        <Plus className="i s" aria-hidden />
      </Button>
    </form>
  );
}
