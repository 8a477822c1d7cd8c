import { t } from "@lingui/core/macro";
import { FileText, Paperclip, X } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { Button, type Door, Input, tell } from "../../kit";
import { key } from "../../lib/api";
import { bytes } from "../../lib/format";
import { sentenceOf } from "../../lib/problem";
import { mostBytes, put } from "../../lib/put";
import type { TalkFull } from "./data";
import type { Draft, GoingFile } from "./draft";
import { accepts, limits, misfit } from "./takes";

interface Upload {
  id: string;
  name: string;
  done: number; // of 1
  stop: () => void;
}

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
      (fresh.some((f) => f.size > mostBytes) ? t`A file may be 25 MB large, no more.` : undefined) ??
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
        : misfit(takes, files, network, draft.text);

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
        accept={accepts(takes)}
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
