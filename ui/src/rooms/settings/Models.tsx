import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Chip, Empty, Section, States, Table, Time, tell } from "../../kit";
import { count, share } from "../../lib/format";
import { useMay } from "../../lib/session";
import { type Tuning, useTuningActs, useTunings } from "./data";
import { Frame } from "./Frame";
import { Outlooks } from "./outlook/Outlooks";

// Models is what the scores rest on: the corrections there are, and what was learned from them.
export function Models() {
  const may = useMay("model.train");
  const tunings = useTunings(may);
  const acts = useTuningActs();
  const waits = (tunings.data?.items ?? []).some((x) => x.state === "waiting");
  const used = (tunings.data?.items ?? []).find((x) => x.state === "used");
  return (
    <Frame
      name={t`Models`}
      may={may}
      beside={
        used ? (
          <Chip tone="voice">
            <Trans>round {used.number} in use</Trans>
          </Chip>
        ) : undefined
      }
      acts={
        <Button
          look="p"
          size="md"
          touch
          busy={acts.start.isPending || waits}
          onClick={() => acts.start.mutate()}
        >
          <Trans>Learn from corrections</Trans>
        </Button>
      }
    >
      <States of={tunings}>
        {(all) => (
          <div className="flex max-w-4xl flex-col gap-9">
            <p className="max-w-2xl text-ink-2">
              <Trans>
                Whoever answers can correct a score with one press. Corrections stay, and models can learn
                from them. A part of them is held out, so that you see whether a new model does better before
                you use it.
              </Trans>
            </p>
            <Section title={<Trans>Corrections that stand</Trans>}>
              <dl className="kv pt-3">
                {(all.standing ?? []).map((s) => (
                  <div key={s.part} className="contents">
                    <dt>{partName(s.part)}</dt>
                    <dd>
                      {count(s.count)}
                      {s.count < all.least && (
                        <span className="text-ink-3">
                          {" "}
                          <Trans>of about {all.least} that it takes</Trans>
                        </span>
                      )}
                    </dd>
                  </div>
                ))}
              </dl>
            </Section>
            <Section title={<Trans>Rounds of learning</Trans>}>
              {(all.items ?? []).length === 0 ? (
                <div className="pt-4">
                  <Empty title={<Trans>Nothing was learned yet.</Trans>}>
                    <Trans>The models that Parley comes with are in use.</Trans>
                  </Empty>
                </div>
              ) : (
                <ul className="flex flex-col">
                  {(all.items ?? []).map((x) => (
                    <Round key={x.id} x={x} acts={acts} />
                  ))}
                </ul>
              )}
            </Section>
          </div>
        )}
      </States>
      {may && <Outlooks />}
    </Frame>
  );
}

export function partName(part: string): string {
  switch (part) {
    case "sentiment":
      return t`Feeling`;
    case "emotions":
      return t`Emotion`;
    case "intents":
      return t`What they want`;
    case "toxicity":
      return t`Tone`;
    default:
      return part;
  }
}

function stateChip(state: Tuning["state"]) {
  switch (state) {
    case "waiting":
      return (
        <Chip tone="wait">
          <Trans>learning</Trans>
        </Chip>
      );
    case "failed":
      return (
        <Chip tone="alarm">
          <Trans>nothing learned</Trans>
        </Chip>
      );
    case "used":
      return (
        <Chip tone="voice">
          <Trans>in use</Trans>
        </Chip>
      );
    default:
      return (
        <Chip>
          <Trans>ready</Trans>
        </Chip>
      );
  }
}

function Round({ x, acts }: { x: Tuning; acts: ReturnType<typeof useTuningActs> }) {
  const measured = (x.figures ?? []).filter((f) => f.model);
  return (
    <li className="py-4">
      <div className="flex flex-wrap items-center gap-2">
        <b className="font-strong">
          <Trans>Round {x.number}</Trans>
        </b>
        {stateChip(x.state)}
        <span className="text-xs text-ink-3">
          <Trans>begun by {x.by}</Trans> <Time at={x.at} />
        </span>
        <span className="ms-auto">
          {x.state === "ready" && (
            <Button
              size="sm"
              touch
              busy={acts.use.isPending}
              onClick={() =>
                acts.use.mutate(x.id, {
                  onSuccess: () => tell({ text: t`What is heard from now on is read by round ${x.number}.` }),
                })
              }
            >
              <Trans>Use it</Trans>
            </Button>
          )}
          {x.state === "used" && (
            <Button
              size="sm"
              touch
              busy={acts.leave.isPending}
              onClick={() =>
                acts.leave.mutate(undefined, {
                  onSuccess: () => tell({ text: t`The models that Parley comes with are in use again.` }),
                })
              }
            >
              <Trans>Go back</Trans>
            </Button>
          )}
        </span>
      </div>
      {x.problem && <p className="pt-1 text-ink-2">{x.problem}</p>}
      {measured.length > 0 && (
        <div className="overflow-x-auto pt-2">
          <Table
            label={t`How round ${x.number} did on corrections that were held out`}
            head={
              <>
                <th scope="col">
                  <Trans>Score</Trans>
                </th>
                <th scope="col" className="num max-sm:hidden">
                  <Trans>Learned from</Trans>
                </th>
                <th scope="col" className="num max-sm:hidden">
                  <Trans>Held out</Trans>
                </th>
                <th scope="col" className="num">
                  <Trans>Right before</Trans>
                </th>
                <th scope="col" className="num">
                  <Trans>Right after</Trans>
                </th>
                <th scope="col" className="num">
                  <span className="max-sm:hidden">
                    <Trans>Other posts read otherwise</Trans>
                  </span>
                  <span className="sm:hidden">
                    <Trans>Others changed</Trans>
                  </span>
                </th>
              </>
            }
          >
            {measured.map((f) => (
              <tr key={f.part}>
                <th scope="row">
                  {partName(f.part)}
                  <span className="block font-normal whitespace-normal text-ink-3 sm:hidden">
                    <Trans>
                      learned from {count(f.learned)}, {count(f.held)} held out
                    </Trans>
                  </span>
                </th>
                <td className="num max-sm:hidden">{count(f.learned)}</td>
                <td className="num max-sm:hidden">{count(f.held)}</td>
                <td className="num">{share(f.before)}</td>
                <td
                  className={`num ${f.after > f.before ? "text-good" : f.after < f.before ? "text-alarm" : ""}`}
                >
                  {share(f.after)}
                </td>
                <td className="num">
                  <Trans>
                    {f.changed} of {f.others}
                  </Trans>
                </td>
              </tr>
            ))}
          </Table>
        </div>
      )}
    </li>
  );
}
