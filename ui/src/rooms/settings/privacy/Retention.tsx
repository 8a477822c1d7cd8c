import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, Plus, Search, Trash2 } from "lucide-react";
import { useState } from "react";
import { AppLink, Button, btn, Confirm, Empty, Section, Select, States, Switch } from "../../../kit";
import { count, day } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { Frame } from "../Frame";
import { AddRule } from "./AddRule";
import { LastRun } from "./LastRun";
import {
  kindMeans,
  kindName,
  type Line,
  type Rule,
  terms,
  useRetention,
  useRetentionActs,
} from "./retention";

// Retention is how long what is kept, and what went by itself.
export function Retention() {
  const may = useMay("privacy.write");
  const kept = useRetention(may);
  const { run } = useRetentionActs();
  const [adds, setAdds] = useState(false);
  const [sure, setSure] = useState(false);
  return (
    <Frame name={t`Retention`} may={may}>
      <div className="flex max-w-4xl flex-col gap-9">
        <div className="flex flex-col gap-3">
          <Link to="/settings/privacy" className={btn("g", "sm", "self-start -ms-2")}>
            <ArrowLeft className="i s rtl:-scale-x-100" aria-hidden />
            <Trans>Privacy</Trans>
          </Link>
          <p className="max-w-(--measure) text-ink-2">
            <Trans>
              What you no longer need goes by itself: every night at three (UTC), what is older than its rule
              says. Each rule is off until you turn it on. What a legal hold keeps stays, and numbers stay
              what they were.
            </Trans>
          </p>
        </div>
        <States of={kept}>
          {(all) => {
            const rules = all.rules ?? [];
            const on = rules.filter((r) => r.on).length;
            const running = all.last?.state === "running";
            return (
              <>
                <Section
                  title={<Trans>Rules</Trans>}
                  n={rules.length}
                  end={
                    <span className="flex flex-wrap gap-1">
                      {rules.length > 0 && (
                        <Button
                          size="sm"
                          look="g"
                          touch
                          busy={run.isPending}
                          onClick={() => run.mutate(true)}
                        >
                          <Search className="i s" aria-hidden />
                          <Trans>See what would go</Trans>
                        </Button>
                      )}
                      <Button size="sm" look="g" touch onClick={() => setAdds(true)}>
                        <Plus className="i s" aria-hidden />
                        <Trans>Add rule</Trans>
                      </Button>
                    </span>
                  }
                >
                  {rules.length === 0 ? (
                    <Empty title={<Trans>Everything is kept.</Trans>}>
                      <Trans>Add a rule to say how long. You see what would go before anything does.</Trans>
                    </Empty>
                  ) : (
                    <ul aria-label={t`Rules`}>
                      {rules.map((r) => (
                        <RuleRow
                          key={r.id}
                          r={r}
                          found={(all.dry?.lines ?? []).find((l) => l.rule === r.id && l.months === r.months)}
                        />
                      ))}
                    </ul>
                  )}
                  {run.error && <p className="pt-3 text-alarm">{sentenceOf(run.error)}</p>}
                </Section>
                {on > 0 && (
                  <div>
                    <Button touch disabled={running} onClick={() => setSure(true)}>
                      {running ? <Trans>Under way …</Trans> : <Trans>Let them run now</Trans>}
                    </Button>
                  </div>
                )}
                {all.last && <LastRun run={all.last} />}
              </>
            );
          }}
        </States>
      </div>
      <AddRule open={adds} onOpenChange={setAdds} />
      <Confirm
        open={sure}
        onOpenChange={setSure}
        title={<Trans>Let the rules run now?</Trans>}
        text={
          <Trans>
            What is older than the rules that are on say goes for good, but for what a legal hold keeps. It
            goes on behind; you may close this page.
          </Trans>
        }
        act={<Trans>Run now</Trans>}
        look="d"
        busy={run.isPending}
        onAct={() => run.mutate(false, { onSuccess: () => setSure(false) })}
      />
    </Frame>
  );
}

function RuleRow({ r, found }: { r: Rule; found: Line | undefined }) {
  const { edit, drop } = useRetentionActs();
  const [asks, setAsks] = useState<"on" | "drop">();
  const name = r.channel ? `${kindName(r.kind)}: ${r.channel.name}` : kindName(r.kind);
  const months = terms(r.kind).includes(r.months) ? terms(r.kind) : [r.months, ...terms(r.kind)];
  return (
    <li className="flex flex-col gap-2 border-b border-line py-4 last:border-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h3 className="min-w-0 flex-1 font-strong max-sm:basis-full">{name}</h3>
        <span className="w-44">
          <Select
            label={t`How long: ${name}`}
            value={String(r.months)}
            onChange={(v) => edit.mutate({ id: r.id, months: Number(v) })}
            choices={months.map((m) => ({ value: String(m), label: after(m) }))}
          />
        </span>
        <Switch
          label={r.on ? <Trans>On</Trans> : <Trans>Off</Trans>}
          checked={r.on}
          disabled={edit.isPending}
          onChange={(on) => (on ? setAsks("on") : edit.mutate({ id: r.id, on }))}
        />
        <Button look="g" size="sm" touch aria-label={t`Remove ${name}`} onClick={() => setAsks("drop")}>
          <Trash2 className="i s" aria-hidden />
        </Button>
      </div>
      <p className="max-w-(--measure) text-ink-2">{kindMeans(r.kind, r.even)}</p>
      {found && <Found l={found} />}
      {edit.error && <p className="text-alarm">{sentenceOf(edit.error)}</p>}
      <Confirm
        open={asks === "on"}
        onOpenChange={(o) => !o && setAsks(undefined)}
        title={<Trans>Turn this rule on?</Trans>}
        text={
          found ? (
            <Trans>
              When it was looked at last, {count(found.of)} would have gone. From the next night on they go,
              for good.
            </Trans>
          ) : (
            <Trans>
              It was not looked at yet what would go. From the next night on it goes, for good; better see
              first.
            </Trans>
          )
        }
        act={<Trans>Turn it on</Trans>}
        look="d"
        busy={edit.isPending}
        onAct={() => edit.mutate({ id: r.id, on: true }, { onSuccess: () => setAsks(undefined) })}
      />
      <Confirm
        open={asks === "drop"}
        onOpenChange={(o) => !o && setAsks(undefined)}
        title={<Trans>Remove this rule?</Trans>}
        text={<Trans>Nothing more goes by it. What went does not come back.</Trans>}
        act={<Trans>Remove it</Trans>}
        busy={drop.isPending}
        onAct={() => drop.mutate(r.id)}
      />
    </li>
  );
}

function after(m: number): string {
  if (m % 12 === 0) return m === 12 ? t`after 1 year` : t`after ${m / 12} years`;
  return m === 1 ? t`after 1 month` : t`after ${m} months`;
}

// Found is what a dry run said of a rule.
function Found({ l }: { l: Line }) {
  if (l.of === 0 && l.spared === 0)
    return (
      <p className="text-ink-3">
        <Trans>Nothing is that old.</Trans>
      </p>
    );
  return (
    <p role="status" className="flex flex-wrap items-baseline gap-x-2 rounded bg-sunk px-3 py-2 text-ink-2">
      <b className="font-strong text-ink">
        <Plural value={l.of} one="# would go" other="# would go" />
      </b>
      {l.oldest_at && <span>· {t`the oldest of ${day(l.oldest_at)}`}</span>}
      {l.spared > 0 && (
        <span>
          · <Plural value={l.spared} one="# is kept by a legal hold" other="# are kept by a legal hold" />
        </span>
      )}
      {(l.examples ?? []).filter((e) => e.link).length > 0 && (
        <span>
          · <Trans>such as</Trans>{" "}
          {(l.examples ?? []).map(
            (e, i) =>
              e.link && (
                <span key={e.link + e.at}>
                  {i > 0 && ", "}
                  <AppLink href={e.link} className="link underline">
                    {day(e.at)}
                  </AppLink>
                </span>
              ),
          )}
        </span>
      )}
    </p>
  );
}
