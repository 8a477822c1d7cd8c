import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import {
  Button,
  ChartFrame,
  Columns,
  Field,
  Input,
  NoData,
  Section,
  Select,
  States,
  Swatch,
  Switch,
  Time,
  tell,
} from "../../kit";
import { clock, count, day, share } from "../../lib/format";
import { useMay } from "../../lib/session";
import { useWarning, useWarningChange, type Warning } from "./alerts";

// Warn is what is usual for a monitor, and what it needs to raise an alert.
export function Warn({ subject }: { subject: string }) {
  const warning = useWarning(subject);
  return (
    <Section
      title={<Trans>Early warning</Trans>}
      end={
        <Link to="/listen/alerts" search={{ show: "all", monitor: subject }} className="link">
          <Trans>Its alerts</Trans>
        </Link>
      }
    >
      <div className="pt-3">
        <States of={warning}>
          {(w) => (
            <div className="flex flex-col gap-5">
              <Usual of={w} />
              <Needs of={w} subject={subject} />
            </div>
          )}
        </States>
      </div>
    </Section>
  );
}

function Usual({ of: w }: { of: Warning }) {
  const hours = w.hours;
  const total = hours.reduce((n, h) => n + h.count, 0);
  if (!w.known)
    return (
      <NoData>
        {w.since ? (
          <Trans>
            It learns what is usual: it knows what was said since <Time at={w.since} /> and needs a day. Until
            then only how it sounds raises an alert.
          </Trans>
        ) : (
          <Trans>
            It learns what is usual, from the first post it finds. After a day it can tell when more is said.
          </Trans>
        )}
      </NoData>
    );
  const title = t`A usual week`;
  return (
    <ChartFrame
      title={title}
      def={{
        word: t`by the hour, beside the last seven days`,
        text: t`The shaded band is what nineteen of twenty such hours of the week have, learnt from up to eight weeks. Single bursts hardly move it.`,
      }}
      aside={<Swatch dashed>{t`usual`}</Swatch>}
      n={total}
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
      <Columns
        label={t`${title}: ${count(total)} posts in seven days`}
        columns={hours.map((h) => ({
          key: h.at,
          label: day(h.at),
          value: h.count,
          before: h.usual,
          band: [h.low, h.high] as const,
        }))}
        height={132}
      />
    </ChartFrame>
  );
}

function Needs({ of: w, subject }: { of: Warning; subject: string }) {
  const may = useMay("listen.write");
  const change = useWarningChange(subject);
  const [minimum, setMinimum] = useState(String(w.minimum));
  const times = w.times.toFixed(1);
  const wanted = Number(minimum);
  const good = Number.isInteger(wanted) && wanted >= 3;
  const keep = () => {
    if (good && wanted !== w.minimum)
      change.mutate({ minimum: wanted }, { onSuccess: () => tell({ text: t`Kept.` }) });
  };
  return (
    <div className="flex flex-col gap-3">
      <p className="text-ink-2">
        {w.level === "off" ? (
          <Trans>It raises no alerts.</Trans>
        ) : (
          <Trans>
            It raises an alert from {count(w.minimum)} posts on, when they are {times} times the usual or
            more, or when far more than the usual {share(w.usual_share)} are negative.
          </Trans>
        )}
      </p>
      {may && (
        <div className="grid max-w-xl grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2">
          <Field label={<Trans>Sensitivity</Trans>}>
            <Select<Warning["level"]>
              value={w.level}
              onChange={(level) => change.mutate({ level })}
              choices={[
                { value: "low", label: <Trans>Low</Trans>, help: <Trans>only great incidents</Trans> },
                { value: "normal", label: <Trans>Normal</Trans> },
                { value: "high", label: <Trans>High</Trans>, help: <Trans>small ones too</Trans> },
                { value: "off", label: <Trans>Off</Trans>, help: <Trans>no alerts</Trans> },
              ]}
            />
          </Field>
          <Field
            label={<Trans>Posts at least</Trans>}
            error={good ? undefined : <Trans>Three at least, a whole number.</Trans>}
          >
            <Input
              inputMode="numeric"
              value={minimum}
              onChange={(e) => setMinimum(e.target.value)}
              onBlur={keep}
              onKeyDown={(e) => e.key === "Enter" && keep()}
            />
          </Field>
        </div>
      )}
      {may && !subject.startsWith("programme-") && w.level !== "off" && (
        <Switch
          label={<Trans>Warn of silence</Trans>}
          help={
            <Trans>
              When far too little is said: at most a fifth of the usual, and less than half of what any of the
              last fourteen days had at these hours. It takes a steady monitor, with thirty posts or more
              within a day.
            </Trans>
          }
          checked={w.silence}
          disabled={change.isPending}
          onChange={(silence) => change.mutate({ silence })}
        />
      )}
      {w.taught > 0 && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2">
          <Plural
            value={w.taught}
            one="One false alarm made it need more than it would."
            other="# false alarms made it need more than it would."
          />
          {may && (
            <Button
              size="sm"
              look="g"
              touch
              busy={change.isPending}
              onClick={() => change.mutate({ taught: 0 })}
            >
              <Trans>Forget what they taught</Trans>
            </Button>
          )}
        </p>
      )}
    </div>
  );
}
