import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { Button, DialogClose, Field, Textarea } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { usePrivacyActs } from "./data";

const example =
  "address,purpose,state,at,shown,evidence\nmaya@home.example,marketing,granted,2025-03-01,Write to me about new kettles.,ticked at the till";

// TakeIn brings consents in that were gathered elsewhere: first looked at, then kept.
export function TakeIn({ done }: { done: () => void }) {
  const [csv, setCSV] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const { takeIn } = usePrivacyActs();
  const came = takeIn.data;
  const looked = came && takeIn.variables?.dry && takeIn.variables.csv === csv;
  const kept = came && !takeIn.variables?.dry;
  const wrong = came?.wrong ?? [];
  return (
    <div className="flex flex-col gap-4">
      <Field
        label={<Trans>The lines, as CSV</Trans>}
        help={
          <Trans>
            Or choose a file. An address is an email address, a telephone number with a plus, or
            @handle@server.
          </Trans>
        }
      >
        <Textarea
          value={csv}
          onChange={(e) => setCSV(e.target.value)}
          rows={7}
          placeholder={example}
          className="font-mono text-sm"
        />
      </Field>
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv,text/plain"
        className="sr-only"
        tabIndex={-1}
        aria-label={t`A CSV file`}
        onChange={async (e) => {
          const file = e.target.files?.[0];
          e.target.value = "";
          if (file) setCSV(await file.text());
        }}
      />
      <Button size="sm" touch className="self-start" onClick={() => input.current?.click()}>
        <FileUp className="i s" aria-hidden />
        <Trans>Choose a file</Trans>
      </Button>
      {came && (looked || kept) && (
        <div role="status" className="rounded border border-line p-3">
          <p className="font-strong">
            {kept ? (
              <Plural value={came.added} one="# line is in the ledger." other="# lines are in the ledger." />
            ) : (
              <Plural value={came.added} one="# line would be added." other="# lines would be added." />
            )}
          </p>
          <p className="text-ink-2">
            {t`${came.same} were here already, ${came.unknown} people are new to us, ${wrong.length} rows can’t be read.`}
          </p>
          {wrong.length > 0 && (
            <ul className="mt-2 max-h-32 overflow-y-auto text-sm">
              {wrong.map((w) => (
                <li key={w.row}>{t`Row ${w.row}: ${w.why}`}</li>
              ))}
            </ul>
          )}
        </div>
      )}
      {Boolean(takeIn.error) && (
        <p className="text-alarm" role="alert">
          {sentenceOf(takeIn.error)}
        </p>
      )}
      <div className="touch flex justify-end gap-2">
        {kept ? (
          <Button look="p" onClick={done}>
            <Trans>Done</Trans>
          </Button>
        ) : (
          <>
            <DialogClose
              render={
                <Button look="g" type="button">
                  <Trans>Not now</Trans>
                </Button>
              }
            />
            {looked && came.added > 0 ? (
              <Button look="p" busy={takeIn.isPending} onClick={() => takeIn.mutate({ csv, dry: false })}>
                <Trans>Take them in</Trans>
              </Button>
            ) : (
              <Button
                look="p"
                busy={takeIn.isPending}
                disabled={!csv.trim()}
                onClick={() => takeIn.mutate({ csv, dry: true })}
              >
                <Trans>Look first</Trans>
              </Button>
            )}
          </>
        )}
      </div>
    </div>
  );
}
