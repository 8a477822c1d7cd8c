import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Def, FindBox, Page, PageBody, States } from "../../kit";
import { clock, longDay, span } from "../../lib/format";
import { useNow } from "../../lib/tick";
import { type Today, useAlarms, useToday } from "./data";
import { Loop } from "./Loop";
import { Needs } from "./Needs";
import { Changes } from "./News";
import { Subjects } from "./Subjects";

// Home is the day in one sentence, the loop that proves it, and what needs you.
export function Home() {
  const today = useToday();
  const alarms = useAlarms();
  const now = useNow();
  return (
    <Page
      wide
      name={t`Today`}
      title={<Trans>Today</Trans>}
      beside={
        <span className="truncate text-ink-3">
          {longDay(now)}, {clock(now)}
        </span>
      }
      acts={<FindBox />}
    >
      <PageBody wide className="lg:pt-7">
        <States of={today} skeleton={<Bones />}>
          {(d) => (
            <>
              <Lead of={d} />
              <Loop of={d} />
              <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-7 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
                <Needs of={d.needs} alarms={alarms.data ?? []} />
                <div className="flex min-w-0 flex-col gap-7">
                  <Subjects of={d.loop} />
                  <Changes of={d.changes} />
                </div>
              </div>
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

function Lead({ of: d }: { of: Today }) {
  const s = d.signal_to_answer;
  return (
    <div className="mb-6 flex flex-wrap items-end gap-x-10 gap-y-4 md:flex-nowrap">
      <h2 className="max-w-200 text-xl font-strong tracking-tight sm:text-2xl">
        {stressed(d.sentence.text, d.sentence.emphasis)}
      </h2>
      {s.median_s !== null && (
        <div className="flex-none sm:ms-auto sm:text-end">
          <b className="block text-2xl font-strong tracking-tight">{span(s.median_s)}</b>
          <span className="text-ink-3">
            <Def
              text={
                <Trans>
                  Time between a post and our first answer to it. Half were faster. Posts that need no answer
                  do not count. n = {s.n}
                </Trans>
              }
            >
              <Trans>median from signal to answer</Trans>
            </Def>
            {s.last_week_s !== null && <Trans>, {span(s.last_week_s)} a week ago</Trans>}
          </span>
        </div>
      )}
    </div>
  );
}

// stressed puts the part of the sentence that matters into alarm.
export function stressed(text: string, part?: string): ReactNode {
  const at = part ? text.indexOf(part) : -1;
  if (!part || at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <em className="text-alarm not-italic">{part}</em>
      {text.slice(at + part.length)}
    </>
  );
}

function Bones() {
  return (
    <div className="late flex flex-col gap-6" role="status" aria-label={t`Loading`}>
      <div>
        <span className="sk !h-6 w-3/5" />
        <span className="sk mt-3 !h-6 w-2/5" />
      </div>
      <span className="sk !h-70 !rounded-md" />
      <div className="grid gap-12 lg:grid-cols-[7fr_5fr]">
        <span className="sk !h-64" />
        <span className="sk !h-64" />
      </div>
    </div>
  );
}
