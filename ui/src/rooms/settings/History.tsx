import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FileUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import {
  Button,
  ChannelMark,
  Chip,
  Empty,
  Field,
  Progress,
  Section,
  Select,
  States,
  Table,
  Time,
  type Tone,
  tell,
} from "../../kit";
import { count } from "../../lib/format";
import { sentenceOf } from "../../lib/problem";
import { useMay } from "../../lib/session";
import { channelsQuery, useChannelActs, useChannels } from "./data";
import { Frame } from "./Frame";
import { type HistoryFile, upload, useHistory } from "./history";
import { size } from "./words";

// History is where what was said before is brought in, file by file.
export function History() {
  const may = useMay("channel.write");
  const files = useHistory();
  return (
    <Frame name={t`History`} may={may}>
      <div className="flex flex-col gap-9">
        <Bring />
        <Section title={<Trans>Files</Trans>} n={files.data?.length || undefined}>
          <States
            of={files}
            empty={
              <Empty title={<Trans>No file was brought in yet.</Trans>}>
                <Trans>Exports of other tools, surveys, reviews: one row for each thing that was said.</Trans>
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
        </Section>
      </div>
    </Frame>
  );
}

function Row({ f }: { f: HistoryFile }) {
  return (
    <tr>
      <td>
        <span className="flex items-center gap-2.5 py-1">
          <ChannelMark kind={f.channel.kind} mark={f.channel.mark} name="" large />
          <span className="min-w-0">
            <Link to="/settings/history/$id" params={{ id: f.id }} className="font-strong hover:underline">
              {f.name}
            </Link>
            <span className="block text-xs text-ink-3">
              {f.channel.name} · {size(f.size)}
            </span>
          </span>
        </span>
      </td>
      <td>
        <Chip tone={stateTone(f.state)}>{stateWord(f)}</Chip>
      </td>
      <td className="num max-sm:hidden">{f.dry ? "–" : count(f.taken)}</td>
      <td className="num max-sm:hidden">{count(f.wrong)}</td>
      <td className="text-ink-2 max-md:hidden">
        <Time at={f.created_at} />
      </td>
    </tr>
  );
}

export function stateTone(state: string): Tone {
  return state === "done" ? "good" : state === "failed" ? "alarm" : state === "running" ? "wait" : "outline";
}

export function stateWord(f: { state: string; dry: boolean }): string {
  switch (f.state) {
    case "uploading":
      return t`not all here`;
    case "ready":
      return t`ready`;
    case "running":
      return f.dry ? t`being looked at` : t`being brought in`;
    case "done":
      return f.dry ? t`looked at` : t`brought in`;
    case "cancelled":
      return t`cancelled`;
    default:
      return t`failed`;
  }
}

function Bring() {
  const go = useNavigate();
  const channels = useChannels().data ?? [];
  const { add } = useChannelActs();
  const cache = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [channel, setChannel] = useState("");
  const [share, setShare] = useState<number>();
  const [error, setError] = useState<unknown>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const send = async (file: File) => {
    setError(undefined);
    setShare(0);
    stop.current = new AbortController();
    try {
      const name = file.name.replace(/\.[^.]*$/, "") || t`History`;
      const all = await cache.fetchQuery(channelsQuery);
      const had = all.find((c) => c.kind === "archive" && c.name === name); // so that the same file is the same
      const into = channel || had?.id || (await add.mutateAsync({ kind: "archive", name, settings: {} })).id;
      const id = await upload(file, into, setShare, stop.current.signal);
      void go({ to: "/settings/history/$id", params: { id } });
    } catch (e) {
      if (stop.current.signal.aborted) tell({ text: t`The upload was stopped.` });
      else setError(e);
    }
    setShare(undefined);
  };
  return (
    <Section title={<Trans>Bring in a file</Trans>} className="max-w-xl">
      <div className="flex flex-col gap-4 pt-3">
        <p className="text-ink-2">
          <Trans>
            CSV with a header, or JSON lines. What comes in is scored and found by monitors like everything
            else, but stays out of the inbox unless you say so. The same file twice changes nothing.
          </Trans>
        </p>
        <Field label={<Trans>Belongs to</Trans>}>
          <Select
            value={channel}
            onChange={setChannel}
            choices={[
              { value: "", label: t`An archive, named after the file` },
              ...channels.map((c) => ({ value: c.id, label: c.name })),
            ]}
          />
        </Field>
        <input
          ref={input}
          type="file"
          accept=".csv,.tsv,.txt,.jsonl,.ndjson,.json,text/csv"
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
          <Button look="p" touch className="self-start" onClick={() => input.current?.click()}>
            <FileUp className="i s" aria-hidden />
            <Trans>Choose a file</Trans>
          </Button>
        ) : (
          <div className="flex items-center gap-3">
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
      </div>
    </Section>
  );
}
