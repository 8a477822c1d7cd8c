import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Chip, Section, Table, Time } from "../../../kit";
import { count } from "../../../lib/format";
import { kindName, type Run } from "./retention";

// LastRun is what went in the last run, with its receipt.
export function LastRun({ run }: { run: Run }) {
  return (
    <Section title={<Trans>The last run</Trans>}>
      <p className="flex flex-wrap items-center gap-2 py-3 text-ink-2">
        <Chip tone={run.state === "done" ? "good" : "voice"}>
          {run.state === "done" ? <Trans>done</Trans> : <Trans>under way</Trans>}
        </Chip>
        <span>
          <Time at={run.began_at} /> · {run.by ? run.by.name : t`by itself, in the night`}
        </span>
        {run.signature && (
          <span>· {run.genuine ? t`signed by this Parley` : t`the signature does not hold`}</span>
        )}
      </p>
      <Table
        label={t`What went`}
        head={
          <>
            <th>
              <Trans>What</Trans>
            </th>
            <th className="num">
              <Trans>Went</Trans>
            </th>
            <th className="num">
              <Trans>Kept by a hold</Trans>
            </th>
          </>
        }
      >
        {(run.lines ?? []).map((l) => (
          <tr key={l.rule}>
            <td>{l.channel ? `${kindName(l.kind)}: ${l.channel.name}` : kindName(l.kind)}</td>
            <td className="num">
              {count(l.rows)}
              {!l.done && ` / ${count(l.of)}`}
            </td>
            <td className="num">{count(l.spared)}</td>
          </tr>
        ))}
      </Table>
      {run.signature && <p className="mt-2 font-mono text-xs text-ink-3 wrap-anywhere">{run.signature}</p>}
    </Section>
  );
}
