import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { CircleAlert, CircleCheck, FileUp } from "lucide-react";
import { type ChangeEvent, useState } from "react";
import { Button, Dialog, Field, Select, Table, Textarea, tell } from "../../../kit";
import { count } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useProgrammes } from "../data";
import { type Import, usePlaceActs } from "./data";

const example = `code,name,street,city,postcode,region,country,latitude,longitude,phone,url,google
PDX-1,Pearl District,NW 23rd Avenue 812,Portland,97210,OR,US,45.5288,-122.6984,,https://…,locations/11`;

// ImportFile brings branches in from a spreadsheet: first it shows what each row
// would do, with what is wrong with it; then it does it.
export function ImportFile({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={onOpenChange}
      title={<Trans>Import branches</Trans>}
      text={
        <Trans>
          A CSV file whose first line names the columns; only “name” is needed, and a city or coordinates. A
          column named after a network holds the branch’s id there. The same file again changes nothing.
        </Trans>
      }
    >
      {open && <Steps onDone={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function Steps({ onDone }: { onDone: () => void }) {
  const acts = usePlaceActs();
  const programmes = useProgrammes(true).data ?? [];
  const [csv, setCsv] = useState("");
  const [name, setName] = useState("");
  const [programme, setProgramme] = useState("");
  const body = { csv, ...(programme ? { programme } : {}) };
  const look = (text: string, p = programme) => {
    setCsv(text);
    acts.read.reset();
    if (text.trim()) acts.read.mutate({ csv: text, preview: true, ...(p ? { programme: p } : {}) });
  };
  const choose = async (e: ChangeEvent<HTMLInputElement>) => {
    const file = e.currentTarget.files?.[0];
    if (!file) return;
    setName(file.name);
    look(await file.text());
  };
  const r = acts.read.data;
  const keeps = r ? r.new + r.changed : 0;
  return (
    <div className="touch flex flex-col gap-4">
      <div className="flex flex-wrap items-end gap-3">
        <label className="btn o cursor-pointer focus-within:outline-2">
          <FileUp className="i s" aria-hidden />
          {name || <Trans>Choose a file</Trans>}
          <input
            type="file"
            accept=".csv,.tsv,.txt,text/csv"
            className="sr-only"
            onChange={(e) => void choose(e)}
          />
        </label>
        <Field label={<Trans>Programme of new branches</Trans>} className="min-w-56">
          <Select
            value={programme}
            onChange={(p) => {
              setProgramme(p);
              if (csv.trim()) look(csv, p);
            }}
            choices={[
              { value: "", label: t`None` },
              ...programmes.map((x) => ({ value: x.id, label: x.name })),
            ]}
          />
        </Field>
      </div>
      {!r && (
        <Field
          label={<Trans>Or paste it here</Trans>}
          error={acts.read.error ? sentenceOf(acts.read.error) : undefined}
        >
          <Textarea
            rows={5}
            className="mono"
            placeholder={example}
            value={csv}
            onChange={(e) => setCsv(e.currentTarget.value)}
            onBlur={() => csv.trim() && look(csv)}
          />
        </Field>
      )}
      {r && <Preview of={r} />}
      <div className="flex flex-wrap justify-end gap-2">
        {r && !r.imported && (
          <Button
            look="g"
            onClick={() => {
              acts.read.reset();
              setName("");
            }}
          >
            <Trans>Another file</Trans>
          </Button>
        )}
        {!r ? (
          <Button look="p" busy={acts.read.isPending} disabled={!csv.trim()} onClick={() => look(csv)}>
            <Trans>Look at it</Trans>
          </Button>
        ) : (
          <Button
            look="p"
            busy={acts.read.isPending}
            {...(keeps === 0 ? { why: <Trans>There is nothing new in it.</Trans> } : {})}
            onClick={() =>
              acts.read.mutate(body, {
                onSuccess: (done) => {
                  const n = count(done.new + done.changed);
                  tell({ text: t`${n} branches imported. What was said before is looked at again.` });
                  onDone();
                },
              })
            }
          >
            <Plural value={keeps} one="Import one branch" other="Import # branches" />
          </Button>
        )}
      </div>
    </div>
  );
}

function Preview({ of: r }: { of: Import }) {
  const rows = r.rows ?? [];
  return (
    <div>
      <p className="mb-2 flex flex-wrap gap-x-4 gap-y-1" role="status">
        <span>
          <Plural value={r.new} one="# new" other="# new" />
        </span>
        <span>
          <Plural value={r.changed} one="# changed" other="# changed" />
        </span>
        <span>
          <Plural value={r.same} one="# as it is" other="# as they are" />
        </span>
        {r.bad > 0 && (
          <span className="inline-flex items-center gap-1 font-strong text-alarm">
            <CircleAlert className="i s" aria-hidden />
            <Plural
              value={r.bad}
              one="# row cannot be read and is left out"
              other="# rows cannot be read and are left out"
            />
          </span>
        )}
      </p>
      {(r.networks ?? []).length > 0 && (
        <p className="mb-2 text-xs text-ink-3">
          <Trans>Taken for ids at networks: {(r.networks ?? []).join(", ")}.</Trans>
        </p>
      )}
      <div className="max-h-72 overflow-y-auto">
        <Table
          label={t`What each row would do`}
          head={
            <>
              <th className="num">
                <Trans>Line</Trans>
              </th>
              <th>
                <Trans>Branch</Trans>
              </th>
              <th>
                <Trans>What becomes of it</Trans>
              </th>
            </>
          }
        >
          {rows.map((x) => (
            <tr key={x.line}>
              <td className="num text-ink-3">{x.line}</td>
              <td>
                {x.name || "–"}
                <span className="block text-xs text-ink-3">{x.address}</span>
              </td>
              <td className={x.what === "bad" ? "text-alarm" : ""}>
                {x.what === "bad" ? (
                  x.text
                ) : (
                  <span className="inline-flex items-center gap-1.5">
                    <CircleCheck className="i s text-ink-3" aria-hidden />
                    {x.what === "new" ? t`new` : x.what === "changed" ? t`changed` : t`as it is`}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </Table>
      </div>
    </div>
  );
}
