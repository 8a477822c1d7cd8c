import { t } from "@lingui/core/macro";
import { FileText, Paperclip, X } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { Button, type Door, Input, tell } from "../../kit";
import { key } from "../../lib/api";
import { bytes } from "../../lib/format";
import { fromBody, sentenceOf, unreachable } from "../../lib/problem";
import type { TalkFull } from "./data";
import type { Draft, GoingFile } from "./draft";

type Takes = NonNullable<TalkFull["abilities"]["public_files"]>;

interface Upload {
  id: string;
  name: string;
  done: number; // of 1
  stop: () => void;
}

// put sends a file to the server and tells how far it has come.
function put(file: File, onDone: (share: number) => void): { file: Promise<GoingFile>; stop: () => void } {
  const x = new XMLHttpRequest();
  const promise = new Promise<GoingFile>((resolve, reject) => {
    x.open("POST", `/api/files?name=${encodeURIComponent(file.name || "picture.png")}`);
    x.setRequestHeader("Content-Type", "application/octet-stream");
    x.setRequestHeader("Idempotency-Key", key());
    x.responseType = "json";
    x.upload.onprogress = (e) => e.lengthComputable && onDone(e.loaded / e.total);
    x.onload = () =>
      x.status < 300 ? resolve(x.response as GoingFile) : reject(fromBody(x.status, x.response as unknown));
    x.onerror = () => reject(unreachable());
    x.onabort = () => resolve(undefined as unknown as GoingFile);
    x.send(file);
  });
  return { file: promise, stop: () => x.abort() };
}

// misfit says why files do not go along, in a sentence.
export function misfit(
  takes: Takes | undefined,
  files: readonly { name: string; type: string; size: number }[],
  network: string,
): string | undefined {
  if (files.length === 0) return undefined;
  if (!takes) return t`${network} takes no files this way.`;
  const n = takes.most;
  if (files.length > n)
    return n === 1
      ? t`${network} takes one file with a message.`
      : t`${network} takes at most ${n} files with a message.`;
  for (const f of files) {
    const name = f.name;
    if (takes.types?.length && f.type && !takes.types.includes(f.type))
      return t`${network} does not show files such as ${name}.`;
    const most = bytes(takes.size);
    if (f.size > takes.size) return t`${name} is larger than ${most}, the most that ${network} takes.`;
  }
  const sum = bytes(takes.sum ?? 0);
  if (takes.sum && files.reduce((s, f) => s + f.size, 0) > takes.sum)
    return t`Together the files are larger than ${sum}, the most that ${network} takes.`;
  return undefined;
}

const most = 25 * 1024 * 1024;

// useGoing is the files that go with what one writes: picked, dropped or pasted.
export function useGoing(
  c: TalkFull,
  door: Door,
  draft: Draft,
): { tool: ReactNode; list: ReactNode; take: (files: File[]) => void; why: string | undefined } {
  const pick = useRef<HTMLInputElement>(null);
  const [uploads, setUploads] = useState<Upload[]>([]);
  const network = c.channel.name;
  const takes = (door === "public" ? c.abilities.public_files : c.abilities.direct_files) ?? undefined;
  const files = draft.files;

  const take = (fresh: File[]) => {
    if (door === "note") return tell({ text: t`Files do not go with a note.`, bad: true });
    const sizes = fresh.map((f) => ({ name: f.name, type: f.type, size: f.size }));
    const no =
      misfit(takes, [...files, ...sizes], network) ??
      (fresh.some((f) => f.size > most) ? t`A file may be 25 MB large, no more.` : undefined) ??
      (fresh.some((f) => f.size === 0) ? t`This file is empty.` : undefined);
    if (no) return tell({ text: no, bad: true });
    for (const f of fresh) {
      const id = key();
      const going = put(f, (done) => setUploads((u) => u.map((x) => (x.id === id ? { ...x, done } : x))));
      setUploads((u) => [...u, { id, name: f.name || t`Picture`, done: 0, stop: going.stop }]);
      going.file
        .then((got) => got && draft.enclose((old) => [...old, { ...got, alt: "" }]))
        .catch((e: unknown) => tell({ text: sentenceOf(e), bad: true }))
        .finally(() => setUploads((u) => u.filter((x) => x.id !== id)));
    }
  };

  const why =
    door === "note"
      ? files.length > 0
        ? t`Files do not go with a note.`
        : undefined
      : uploads.length > 0
        ? t`The files are still on their way.`
        : misfit(takes, files, network);

  const alt = (f: GoingFile, words: string) =>
    draft.enclose((old) => old.map((x) => (x.id === f.id ? { ...x, alt: words } : x)));
  const list =
    files.length + uploads.length > 0 ? (
      <ul className="flex flex-col gap-2 px-3.5 pb-2" aria-label={t`Files that go along`}>
        {files.map((f) => (
          <li key={f.id} className="flex items-center gap-2.5">
            {f.shown ? (
              <img
                src={f.url}
                alt={f.alt || f.name}
                className="size-11 flex-none rounded-sm border border-line-2 object-cover"
              />
            ) : (
              <span className="grid size-11 flex-none place-items-center rounded-sm border border-line-2 text-ink-3">
                <FileText className="i" aria-hidden />
              </span>
            )}
            {f.shown && takes && takes.alt > 0 ? (
              <span className="field min-w-0 flex-1">
                <Input
                  aria-label={t`What ${f.name} shows`}
                  placeholder={t`What it shows, for those who do not see it`}
                  maxLength={takes.alt}
                  dir="auto"
                  value={f.alt ?? ""}
                  onChange={(e) => alt(f, (e.target as unknown as HTMLInputElement).value)}
                />
              </span>
            ) : (
              <span className="min-w-0 flex-1">
                <bdi className="block truncate font-medium">{f.name}</bdi>
                <span className="text-xs text-ink-3">{bytes(f.size)}</span>
              </span>
            )}
            <Button
              look="g"
              square
              touch
              aria-label={t`Remove ${f.name}`}
              onClick={() => draft.enclose((old) => old.filter((x) => x.id !== f.id))}
            >
              <X className="i" aria-hidden />
            </Button>
          </li>
        ))}
        {uploads.map((u) => (
          <li key={u.id} className="flex items-center gap-2.5">
            <span className="min-w-0 flex-1">
              <bdi className="block truncate">{u.name}</bdi>
              <progress
                className="block h-1 w-full accent-voice"
                value={u.done}
                aria-label={t`${u.name} is on its way`}
              />
            </span>
            <Button look="g" square touch aria-label={t`Stop ${u.name}`} onClick={u.stop}>
              <X className="i" aria-hidden />
            </Button>
          </li>
        ))}
        {why && uploads.length === 0 && (
          <li className="text-xs text-wait" role="status">
            {why}
          </li>
        )}
      </ul>
    ) : undefined;

  const tool = door !== "note" && takes && (
    <>
      <input
        ref={pick}
        type="file"
        multiple={takes.most > 1}
        accept={takes.types?.join(",")}
        className="sr-only"
        tabIndex={-1}
        aria-label={t`Files`}
        onChange={(e) => {
          take([...(e.target.files ?? [])]);
          e.target.value = "";
        }}
      />
      <Button
        look="g"
        square
        touch
        aria-label={t`Add a file`}
        title={limits(takes)}
        onClick={() => pick.current?.click()}
      >
        <Paperclip className="i" aria-hidden />
      </Button>
    </>
  );
  return { tool, list, take, why };
}

// limits says in a line what goes along.
function limits(takes: Takes): string {
  const n = takes.most;
  const size = bytes(takes.size);
  const kinds = takes.types?.map((x) => x.slice(x.indexOf("/") + 1).toUpperCase()).join(", ");
  return kinds
    ? t`Up to ${n} pictures (${kinds}), each up to ${size}`
    : t`Up to ${n} files, each up to ${size}`;
}
