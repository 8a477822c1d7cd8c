import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useState } from "react";
import {
  Button,
  btn,
  Chip,
  Confirm,
  Facts,
  Field,
  Input,
  Progress,
  Section,
  Select,
  States,
  Switch,
  Table,
  Time,
} from "../../kit";
import { count } from "../../lib/format";
import { sentenceOf } from "../../lib/problem";
import { useMay } from "../../lib/session";
import { Frame } from "./Frame";
import { stateTone, stateWord } from "./History";
import { type Columns, type HistoryFull, useHistoryActs, useHistoryFile, useLook } from "./history";
import { size } from "./words";

const route = getRouteApi("/frame/settings/history/$id");

// HistoryPage is one file: what its columns are, its first rows, and how far it is.
export function HistoryPage() {
  const { id } = route.useParams();
  const file = useHistoryFile(id);
  const f = file.data;
  return (
    <Frame
      name={f?.name ?? t`History`}
      may={useMay("channel.write")}
      beside={f && <Chip tone={stateTone(f.state)}>{stateWord(f)}</Chip>}
    >
      <States of={file}>
        {(f) => (
          <div className="flex flex-col gap-9">
            <How f={f} />
            {(f.state === "ready" || f.state === "cancelled" || (f.state === "done" && f.dry)) && (
              <Read key={f.id} f={f} />
            )}
            {f.state !== "running" && <Forget f={f} />}
          </div>
        )}
      </States>
    </Frame>
  );
}

function How({ f }: { f: HistoryFull }) {
  const { cancel } = useHistoryActs();
  const began = f.rows > 0 || f.state === "running" || f.state === "done";
  return (
    <Section title={<Trans>How it is</Trans>} className="max-w-2xl">
      <div role="status" className="py-3 text-lg">
        {f.state === "uploading" && <Trans>Only a part of it arrived. Bring the file in anew.</Trans>}
        {f.state === "ready" && <Trans>All is here. Say what the columns are, then bring it in.</Trans>}
        {f.state === "running" &&
          (f.dry ? <Trans>Looking at every row …</Trans> : <Trans>Bringing it in …</Trans>)}
        {f.state === "done" && f.dry && (
          <Trans>{count(f.taken)} rows can be brought in; nothing was kept yet.</Trans>
        )}
        {f.state === "done" && !f.dry && <Trans>Brought in: {count(f.taken)} new.</Trans>}
        {f.state === "cancelled" && <Trans>Cancelled. What had come in stays.</Trans>}
        {f.state === "failed" && (f.note ?? <Trans>It could not be read.</Trans>)}
      </div>
      {f.state === "running" && (
        <div className="mb-3 flex items-center gap-3">
          <Progress share={f.size ? f.position / f.size : 0} label={t`Brought in`} />
          <Button touch busy={cancel.isPending} onClick={() => cancel.mutate(f.id)}>
            <Trans>Cancel</Trans>
          </Button>
        </div>
      )}
      <Facts
        of={[
          [<Trans key="c">Belongs to</Trans>, f.channel.name],
          [<Trans key="s">Size</Trans>, size(f.size)],
          [<Trans key="b">Uploaded</Trans>, <Time key="t" at={f.created_at} />],
          ...(began
            ? ([
                [<Trans key="r">Rows</Trans>, count(f.rows)],
                [
                  f.dry ? <Trans key="n">Can be brought in</Trans> : <Trans key="n">New</Trans>,
                  count(f.taken),
                ],
                [<Trans key="h">Here already</Trans>, count(f.same)],
                [
                  <Trans key="w">Wrong</Trans>,
                  f.wrong > 0 ? (
                    <a
                      key="a"
                      href={`/api/history/${f.id}/errors`}
                      download
                      className="link inline-flex items-center gap-1.5"
                    >
                      {count(f.wrong)}
                      <Download className="i s" aria-hidden />
                      <Trans>Download them</Trans>
                    </a>
                  ) : (
                    "0"
                  ),
                ],
                [<Trans key="p">Rows a second</Trans>, count(Math.round(f.rate))],
              ] as const)
            : []),
        ]}
      />
      {f.state === "done" && !f.dry && (
        <div className="mt-4">
          <Link to="/listen" search={{ channel: f.channel.id }} className={btn("o", "sm", "touch")}>
            <Trans>See it on the wall</Trans>
          </Link>
        </div>
      )}
    </Section>
  );
}

function fieldName(f: string): string {
  const names: Record<string, string> = {
    text: t`Words`,
    published: t`Time`,
    author: t`Name of the author`,
    handle: t`Handle`,
    email: t`Email address`,
    id: t`Number of the row`,
    url: t`Address`,
    title: t`Title`,
    rating: t`Rating, 1 to 5`,
    lang: t`Language`,
    form: t`Form`,
    parent: t`Answers (number)`,
    thread: t`Thread (number)`,
    likes: t`Likes`,
    shares: t`Shares`,
  };
  return names[f] ?? f;
}

const fields = [
  "text",
  "published",
  "author",
  "email",
  "handle",
  "rating",
  "title",
  "id",
  "url",
  "lang",
  "parent",
  "thread",
  "likes",
  "shares",
  "form",
];
const first = 6; // what is asked at once; the rest when wished

function Read({ f }: { f: HistoryFull }) {
  const { start } = useHistoryActs();
  const [columns, setColumns] = useState<Columns>(() => ({ ...f.settings.columns }));
  const [zone, setZone] = useState(f.settings.zone || "UTC");
  const [usa, setUsa] = useState(f.settings.month_first);
  const [directed, setDirected] = useState(f.settings.directed);
  const [inbox, setInbox] = useState(false);
  const [all, setAll] = useState(false);
  const reading = { columns, zone, month_first: usa, directed };
  const look = useLook(f.id, reading, true);
  const error = start.error ?? look.error;
  const why = error ? sentenceOf(error) : undefined;
  const choices = [
    { value: "", label: t`Not in the file` },
    ...(f.settings.names ?? []).map((n) => ({ value: n, label: n })),
  ];
  const go = (dry: boolean) => start.mutate({ id: f.id, ...reading, dry, inbox });
  return (
    <>
      <Section title={<Trans>What the columns are</Trans>} className="max-w-4xl">
        <div className="grid gap-4 pt-3 sm:grid-cols-2 lg:grid-cols-3">
          {fields.slice(0, all ? undefined : first).map((name) => (
            <Field key={name} label={fieldName(name)}>
              <Select
                value={columns[name] ?? ""}
                onChange={(v) => {
                  start.reset();
                  setColumns({ ...columns, [name]: v });
                }}
                choices={choices}
              />
            </Field>
          ))}
          <Field label={<Trans>Time zone of the times</Trans>}>
            <Input value={zone} onChange={(e) => setZone(e.target.value)} autoComplete="off" />
          </Field>
        </div>
        <div className="mt-3 flex flex-col items-start gap-3">
          <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? <Trans>Fewer columns</Trans> : <Trans>More columns</Trans>}
          </button>
          <Switch
            label={<Trans>The month comes first: 03/04 is the 4th of March</Trans>}
            checked={usa}
            onChange={setUsa}
          />
          <Switch label={<Trans>It was all said to us</Trans>} checked={directed} onChange={setDirected} />
          <Switch
            label={<Trans>Let it enter the inbox</Trans>}
            help={<Trans>What was said to us, or a monitor sends there, then waits for an answer.</Trans>}
            checked={inbox}
            onChange={setInbox}
          />
        </div>
      </Section>
      <Section title={<Trans>The first rows</Trans>}>
        {look.data && (
          <Table
            label={t`The first rows`}
            head={
              <>
                <th className="num">
                  <Trans>Line</Trans>
                </th>
                <th>
                  <Trans>Who</Trans>
                </th>
                <th>
                  <Trans>When</Trans>
                </th>
                <th>
                  <Trans>Words</Trans>
                </th>
                <th className="num">
                  <Trans>Rating</Trans>
                </th>
              </>
            }
          >
            {(look.data.rows ?? []).map((r) => (
              <tr key={r.line}>
                <td className="num">{r.line}</td>
                {r.why ? (
                  <td colSpan={4}>
                    <span className="block text-alarm">{r.why}</span>
                    <span className="mono block truncate text-xs text-ink-3">{r.source}</span>
                  </td>
                ) : (
                  <>
                    <td className="whitespace-nowrap">{r.author}</td>
                    <td className="whitespace-nowrap text-ink-2">
                      {r.published.replace("T", " ").replace(/(:\d\d)(\.\d+)?Z$/, "$1")}
                    </td>
                    <td>
                      <span className="said line-clamp-2" dir="auto">
                        {r.title && <b>{r.title} </b>}
                        {r.text}
                      </span>
                    </td>
                    <td className="num">{r.rating || "–"}</td>
                  </>
                )}
              </tr>
            ))}
          </Table>
        )}
        {why && (
          <p role="alert" className="help bad mt-3">
            {why}
          </p>
        )}
        <div className="mt-4 flex flex-wrap gap-2">
          <Button
            look="p"
            touch
            busy={start.isPending}
            {...(look.error ? { why: sentenceOf(look.error) } : {})}
            onClick={() => go(false)}
          >
            <Trans>Bring it in</Trans>
          </Button>
          <Button
            touch
            busy={start.isPending}
            {...(look.error ? { why: sentenceOf(look.error) } : {})}
            onClick={() => go(true)}
          >
            <Trans>Only look at every row</Trans>
          </Button>
        </div>
      </Section>
    </>
  );
}

function Forget({ f }: { f: HistoryFull }) {
  const { remove } = useHistoryActs();
  const go = useNavigate();
  const [asks, setAsks] = useState(false);
  return (
    <Confirm
      open={asks}
      onOpenChange={setAsks}
      trigger={
        <Button look="d" touch className="self-start">
          <Trans>Forget this file</Trans>
        </Button>
      }
      title={<Trans>Forget {f.name}?</Trans>}
      text={<Trans>What was brought in from it stays.</Trans>}
      look="d"
      act={<Trans>Forget it</Trans>}
      busy={remove.isPending}
      onAct={() => remove.mutate(f.id, { onSuccess: () => void go({ to: "/settings/history" }) })}
    />
  );
}
