import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Download, Trash2 } from "lucide-react";
import { useState } from "react";
import {
  Button,
  btn,
  Checkbox,
  Chip,
  Confirm,
  Empty,
  Field,
  Progress,
  Section,
  Select,
  States,
  Switch,
  Table,
  Time,
} from "../../../kit";
import { count } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { Frame } from "../Frame";
import { size } from "../words";
import { type Export, useExportActs, useExports } from "./data";
import { exportState, grouped, tableName } from "./words";

// Exports take what the house knows out of it.
export function Exports() {
  const may = useMay("data.export");
  const exports = useExports(may);
  return (
    <Frame name={t`Export`} may={may}>
      <div className="flex flex-col gap-9">
        <Begin tables={exports.data?.tables ?? []} />
        <Section title={<Trans>Files</Trans>}>
          <States
            of={{ ...exports, data: exports.data?.items ?? undefined }}
            empty={
              <Empty title={<Trans>Nothing was taken out yet.</Trans>}>
                <Trans>Choose what you need above. The file can be fetched here for seven days.</Trans>
              </Empty>
            }
          >
            {(rows) => (
              <Table
                label={t`Files`}
                head={
                  <>
                    <th>
                      <Trans>What</Trans>
                    </th>
                    <th>
                      <Trans>State</Trans>
                    </th>
                    <th className="num max-sm:hidden">
                      <Trans>Rows</Trans>
                    </th>
                    <th className="num max-md:hidden">
                      <Trans>Size</Trans>
                    </th>
                    <th className="max-md:hidden">
                      <Trans>When</Trans>
                    </th>
                    <th>
                      <span className="sr-only">
                        <Trans>Acts</Trans>
                      </span>
                    </th>
                  </>
                }
              >
                {rows.map((e) => (
                  <Row key={e.id} e={e} all={exports.data?.tables?.length ?? 0} />
                ))}
              </Table>
            )}
          </States>
        </Section>
      </div>
    </Frame>
  );
}

function Begin({ tables }: { tables: readonly string[] }) {
  const { start } = useExportActs();
  const [format, setFormat] = useState<"csv" | "jsonl">("csv");
  const [all, setAll] = useState(true);
  const [some, setSome] = useState<string[]>([]);
  return (
    <Section title={<Trans>Take everything out</Trans>} className="max-w-3xl">
      <div className="flex flex-col items-start gap-4 pt-3">
        <p className="max-w-(--measure) text-ink-2">
          <Trans>
            A ZIP file with a table in each file within, and the files that came or went with messages as they
            are. Passwords, keys and secrets are never in it. Who exports and who fetches stands in the
            record.
          </Trans>
        </p>
        <div className="w-full max-w-sm">
          <Field label={<Trans>Format</Trans>}>
            <Select<"csv" | "jsonl">
              value={format}
              onChange={setFormat}
              choices={[
                { value: "csv", label: t`CSV`, help: t`For spreadsheets; they run nothing of it.` },
                {
                  value: "jsonl",
                  label: t`JSON lines`,
                  help: t`For programs: every value exactly as it is.`,
                },
              ]}
            />
          </Field>
        </div>
        <Switch label={<Trans>All there is</Trans>} checked={all} onChange={setAll} />
        {!all && (
          <div className="flex w-full flex-col gap-5">
            {grouped(tables).map((g) => (
              <fieldset key={g.title} className="grid w-full gap-2 sm:grid-cols-2 lg:grid-cols-3">
                <legend className="mb-2 font-strong">{g.title}</legend>
                {g.tables.map((n) => (
                  <Checkbox
                    key={n}
                    label={tableName(n)}
                    checked={some.includes(n)}
                    onChange={(on) => setSome(on ? [...some, n] : some.filter((x) => x !== n))}
                  />
                ))}
              </fieldset>
            ))}
          </div>
        )}
        {start.error && (
          <p role="alert" className="help bad">
            {sentenceOf(start.error)}
          </p>
        )}
        <Button
          look="p"
          touch
          busy={start.isPending}
          {...(all || some.length > 0 ? {} : { why: t`Choose what to take out first.` })}
          onClick={() => start.mutate({ format, ...(all ? {} : { tables: some }) })}
        >
          <Trans>Export</Trans>
        </Button>
      </div>
    </Section>
  );
}

function Row({ e, all }: { e: Export; all: number }) {
  const { cancel, remove } = useExportActs();
  const [asks, setAsks] = useState(false);
  const s = exportState(e.state);
  const tables = e.tables ?? [];
  const what =
    tables.length === all ? t`All there is` : tables.length === 1 ? tableName(tables[0] ?? "") : null;
  return (
    <tr>
      <td>
        <span className="block py-1">
          <span className="font-medium">
            {what ?? <Plural value={tables.length} one="# table" other="# tables" />},{" "}
            {e.format === "csv" ? t`CSV` : t`JSON lines`}
          </span>
          <span className="block text-xs text-ink-3">
            {e.member && <Trans>by {e.member}</Trans>}
            {e.note}
          </span>
        </span>
      </td>
      <td>
        {e.state === "running" ? (
          <span className="flex min-w-36 items-center" title={e.doing ? tableName(e.doing) : undefined}>
            <Progress share={e.total ? e.rows / e.total : 0} label={t`Being written`} />
          </span>
        ) : (
          <Chip tone={s.tone}>{s.word}</Chip>
        )}
      </td>
      <td className="num max-sm:hidden">{count(e.rows)}</td>
      <td className="num max-md:hidden">{e.size ? size(e.size) : "–"}</td>
      <td className="text-ink-2 max-md:hidden">
        <Time at={e.created_at} />
      </td>
      <td className="num">
        <span className="inline-flex items-center gap-1.5">
          {e.state === "running" && (
            <Button size="sm" touch busy={cancel.isPending} onClick={() => cancel.mutate(e.id)}>
              <Trans>Cancel</Trans>
            </Button>
          )}
          {e.state === "done" && (
            <a href={`/api/exports/${e.id}/file`} download className={btn("o", "sm", "touch")}>
              <Download className="i s" aria-hidden />
              <Trans>Fetch</Trans>
            </a>
          )}
          {e.state !== "running" && (
            <Confirm
              open={asks}
              onOpenChange={setAsks}
              trigger={
                <Button
                  look="g"
                  size="sm"
                  square
                  touch
                  aria-label={t`Remove this export`}
                  title={t`Remove this export`}
                >
                  <Trash2 className="i s" aria-hidden />
                </Button>
              }
              title={<Trans>Remove this export?</Trans>}
              text={<Trans>Its file goes too. That it was made stays in the record.</Trans>}
              look="d"
              act={<Trans>Remove it</Trans>}
              busy={remove.isPending}
              onAct={() => remove.mutate(e.id)}
            />
          )}
        </span>
      </td>
    </tr>
  );
}
