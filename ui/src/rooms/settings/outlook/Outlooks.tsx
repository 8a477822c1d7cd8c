import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Chip, Section, States, Switch, Time, tell } from "../../../kit";
import { count, score, share } from "../../../lib/format";
import { lacks, odds, outlookMeans, outlookName } from "../../../lib/outlook";
import { type OutlookModel, useOutlookActs, useOutlookModels } from "./data";
import { Reliability } from "./Reliability";

// Outlooks is what is foreseen of persons: what each means, what it was learned from
// and how well it did.
export function Outlooks() {
  const models = useOutlookModels();
  const { learn, turn } = useOutlookActs();
  const learning = (models.data?.items ?? []).some((x) => x.learning);
  return (
    <div id="outlooks" className="max-w-4xl pt-9">
      <Section
        title={<Trans>What may come of people</Trans>}
        end={
          <Button size="sm" touch busy={learn.isPending || learning} onClick={() => learn.mutate()}>
            <Trans>Learn now</Trans>
          </Button>
        }
      >
        <p className="max-w-2xl pt-3 text-ink-2">
          <Trans>
            Learned every night from your own past alone, and judged on people and days that it did not learn
            from. Only what does better than the usual rate is shown, with its reasons, on a person's page and
            to segments. Nothing is done by itself. Whoever objects, under what they agreed to, is left out.
          </Trans>
        </p>
        <States of={models}>
          {(all) => (
            <ul>
              {(all.items ?? []).map((m) => (
                <One
                  key={m.what}
                  m={m}
                  busy={turn.isPending && turn.variables.what === m.what}
                  onTurn={(on) =>
                    turn.mutate(
                      { what: m.what, on },
                      {
                        onSuccess: () =>
                          tell({
                            text: on
                              ? t`It is learned now.`
                              : t`It is off, and what was foreseen of people is gone.`,
                          }),
                      },
                    )
                  }
                />
              ))}
            </ul>
          )}
        </States>
      </Section>
    </div>
  );
}

function One({ m, busy, onTurn }: { m: OutlookModel; busy: boolean; onTurn: (on: boolean) => void }) {
  const judged = (m.tens ?? []).length > 0;
  return (
    <li className="border-b border-line py-5 last:border-b-0">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-strong">{outlookName(m.what)}</h3>
        {standingChip(m)}
        <span className="ms-auto">
          <Switch
            label={t`${outlookName(m.what)}: foresee it`}
            hidden
            checked={m.on}
            disabled={busy}
            onChange={onTurn}
          />
        </span>
      </div>
      <p className="max-w-2xl pt-1 text-ink-2">{outlookMeans(m.what, m.days)}</p>
      <p className="max-w-2xl pt-1 text-ink-3">{sentence(m)}</p>
      {judged && (
        <div className="flex flex-wrap items-start gap-x-10 gap-y-4 pt-4">
          <Reliability of={m} />
          <dl className="kv min-w-60 flex-1">
            <dt>
              <Trans>Usual here</Trans>
            </dt>
            <dd>{odds(m.usual)}</dd>
            <dt>
              <Trans>Better than the usual rate</Trans>
            </dt>
            <dd>
              <Trans>
                by {share(m.skill)}, at least {share(m.skill_least)}
              </Trans>
            </dd>
            <dt>
              <Trans>Tells two people apart</Trans>
            </dt>
            <dd>
              <Trans>{share(m.auc)} of the time (50% is chance)</Trans>
            </dd>
            <dt>
              <Trans>Learned from</Trans>
            </dt>
            <dd>
              <Trans>{count(m.learned.people)} people</Trans>
            </dd>
            <dt>
              <Trans>Judged on</Trans>
            </dt>
            <dd>
              <Trans>
                {count(m.judged.people)} people, of whom {count(m.judged.yes)} did
              </Trans>
            </dd>
            {m.left > 0 && (
              <>
                <dt>
                  <Trans>Objected</Trans>
                </dt>
                <dd>{count(m.left)}</dd>
              </>
            )}
            <dt>
              <Trans>Figures</Trans>
            </dt>
            <dd className="text-ink-3">
              <Trans>
                Brier skill {score(m.skill)} (from {score(m.skill_least)}), AUC {score(m.auc)}
              </Trans>
            </dd>
          </dl>
        </div>
      )}
      {m.learned_at && (
        <p className="pt-3 text-xs text-ink-3">
          <Trans>
            Learned <Time at={m.learned_at} />, version {m.version}
          </Trans>
        </p>
      )}
    </li>
  );
}

function standingChip(m: OutlookModel) {
  if (m.learning)
    return (
      <Chip tone="wait">
        <Trans>learning</Trans>
      </Chip>
    );
  if (m.standing === "shown")
    return (
      <Chip tone="voice">
        <Trans>shown</Trans>
      </Chip>
    );
  return <Chip>{m.standing === "off" ? <Trans>off</Trans> : <Trans>not shown</Trans>}</Chip>;
}

function sentence(m: OutlookModel): string {
  switch (m.standing) {
    case "shown":
      return t`It did better than the usual rate by more than chance explains.`;
    case "off":
      return t`Turned off. Nothing is learned and nothing is kept of people.`;
    case "never":
      return t`Nothing was learned yet.`;
    case "no_better":
      return t`It did no better than the usual rate, or chance would explain it, so no number is shown.`;
    case "little":
      return m.lack
        ? t`Too little has happened to foresee this: ${lacks(m.lack)}.`
        : t`Too little has happened to foresee this.`;
  }
}
