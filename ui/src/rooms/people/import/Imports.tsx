import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { FileUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import {
  Button,
  Chip,
  Empty,
  Page,
  PageBody,
  Progress,
  Section,
  States,
  Table,
  Time,
  tell,
} from "../../../kit";
import { count } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { PeopleShelf, shelfName } from "../Shelf";
import { type Import, upload, useImports } from "./data";
import { stateTone, stateWord } from "./words";

// Imports is where persons are taken over from elsewhere, file by file.
export function Imports() {
  const may = useMay("people.import");
  const files = useImports(may);
  return (
    <Page
      name={t`Import`}
      title={<Trans>Import</Trans>}
      shelf={<PeopleShelf here="imports" />}
      shelfName={shelfName()}
    >
      <PageBody>
        {may ? (
          <div className="flex flex-col gap-9">
            <Bring />
            <Section title={<Trans>Files</Trans>}>
              <States
                of={files}
                empty={
                  <Empty title={<Trans>No file was taken in yet.</Trans>}>
                    <Trans>
                      Export your contacts, companies or orders from where they are now, and choose the file
                      above.
                    </Trans>
                  </Empty>
                }
              >
                {(rows) => (
                  <Table
                    label={t`Files`}
                    head={
                      <>
                        <th>
                          <Trans>File</Trans>
                        </th>
                        <th>
                          <Trans>State</Trans>
                        </th>
                        <th className="num max-sm:hidden">
                          <Trans>New</Trans>
                        </th>
                        <th className="num max-sm:hidden">
                          <Trans>Updated</Trans>
                        </th>
                        <th className="num max-sm:hidden">
                          <Trans>Wrong</Trans>
                        </th>
                        <th className="max-md:hidden">
                          <Trans>When</Trans>
                        </th>
                      </>
                    }
                  >
                    {rows.map((f) => (
                      <Row key={f.id} f={f} />
                    ))}
                  </Table>
                )}
              </States>
              {files.hasMore && (
                <Button touch className="mt-3" busy={files.loadingMore} onClick={files.more}>
                  <Trans>Older files</Trans>
                </Button>
              )}
            </Section>
          </div>
        ) : (
          <Empty title={<Trans>This is not yours to see.</Trans>}>
            <Trans>Managers take files over. Ask one, or have your role changed.</Trans>
          </Empty>
        )}
      </PageBody>
    </Page>
  );
}

function Row({ f }: { f: Import }) {
  return (
    <tr>
      <td>
        <span className="block py-1">
          <Link
            to="/people/imports/$id"
            params={{ id: f.id }}
            className="font-strong [overflow-wrap:anywhere] hover:underline"
          >
            {f.name}
          </Link>
          {f.member && (
            <span className="block text-xs text-ink-3">
              <Trans>by {f.member.name}</Trans>
            </span>
          )}
        </span>
      </td>
      <td>
        <Chip tone={stateTone(f.state)}>{stateWord(f)}</Chip>
      </td>
      <td className="num max-sm:hidden">{f.dry || !f.started_at ? "–" : count(f.created)}</td>
      <td className="num max-sm:hidden">{f.dry || !f.started_at ? "–" : count(f.updated)}</td>
      <td className="num max-sm:hidden">{f.started_at ? count(f.wrong) : "–"}</td>
      <td className="text-ink-2 max-md:hidden">
        <Time at={f.created_at} />
      </td>
    </tr>
  );
}

function Bring() {
  const go = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [share, setShare] = useState<number>();
  const [error, setError] = useState<unknown>();
  const [over, setOver] = useState(false);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const send = async (file: File) => {
    setError(undefined);
    setShare(0);
    stop.current = new AbortController();
    try {
      const id = await upload(file, setShare, stop.current.signal);
      void go({ to: "/people/imports/$id", params: { id } });
    } catch (e) {
      if (stop.current.signal.aborted) tell({ text: t`The upload was stopped.` });
      else setError(e);
    }
    setShare(undefined);
  };
  return (
    <section
      aria-label={t`Take in a file`}
      className={`flex max-w-2xl flex-col items-start gap-3 rounded-lg border border-dashed p-5 ${over ? "border-voice bg-hover" : "border-line-2"}`}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault();
        setOver(false);
        const file = e.dataTransfer.files[0];
        if (file && share === undefined) void send(file);
      }}
    >
      <h2 className="text-lg font-strong">
        <Trans>Take persons, organizations or orders over from another system</Trans>
      </h2>
      <p className="max-w-(--measure) text-ink-2">
        <Trans>
          CSV, an Excel workbook (.xlsx) or an address book (vCard). You say what is in it and what the
          columns are, and see what would happen before anything does; afterwards the whole import can be
          undone.
        </Trans>
      </p>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,.xlsx,.vcf,text/csv,text/vcard"
        className="sr-only"
        aria-label={t`File`}
        tabIndex={-1}
        onChange={(e) => {
          const file = e.target.files?.[0];
          if (file) void send(file);
          e.target.value = "";
        }}
      />
      {share === undefined ? (
        <Button look="p" touch onClick={() => input.current?.click()}>
          <FileUp className="i s" aria-hidden />
          <Trans>Choose a file</Trans>
        </Button>
      ) : (
        <div className="flex w-full items-center gap-3">
          <Progress share={share} label={t`Uploading`} />
          <Button touch onClick={() => stop.current?.abort()}>
            <Trans>Stop</Trans>
          </Button>
        </div>
      )}
      {error !== undefined && (
        <p role="alert" className="help bad">
          {sentenceOf(error)}
        </p>
      )}
    </section>
  );
}
