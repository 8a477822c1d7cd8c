import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, Film, ImagePlus, TriangleAlert, X } from "lucide-react";
import { type RefObject, useId, useRef, useState } from "react";
import { Button, Textarea, tell } from "../../../kit";
import { key } from "../../../lib/api";
import { sentenceOf } from "../../../lib/problem";
import { mostBytes, type PutFile, put } from "../../../lib/put";
import type { Media } from "./data";
import { small } from "./item";

interface Upload {
  id: string;
  name: string;
  done: number; // of 1
  stop: () => void;
}

// mostMedia is how many files go with a content.
const mostMedia = 10;

// bare are the files that say nothing to those who do not see them.
export const bare = (media: readonly Media[]) => media.filter((m) => !m.alt.trim()).length;

// Pictures are the files that go with the words, in their order, each with what it shows for those who do not see
// it. Files are picked, dropped or pasted.
export function Pictures({
  media,
  files,
  fixed,
  label,
  onChange,
  onFresh,
  door,
}: {
  media: readonly Media[];
  files: readonly PutFile[];
  fixed: boolean;
  label: string;
  onChange: (next: (media: readonly Media[]) => Media[]) => void;
  onFresh: (file: PutFile) => void;
  door?: RefObject<((files: readonly File[]) => void) | undefined>; // lets files in that are pasted elsewhere
}) {
  const pick = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const hint = useId();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const [said, setSaid] = useState("");
  const [over, setOver] = useState(false);
  const n = media.length;

  const take = (fresh: readonly File[]) => {
    const no =
      n + uploads.length + fresh.length > mostMedia
        ? t`At most ${mostMedia} files go with a post.`
        : fresh.some((f) => f.size > mostBytes)
          ? t`A file may be 25 MB large, no more.`
          : fresh.some((f) => f.size === 0)
            ? t`This file is empty.`
            : fresh.some((f) => f.type && !/^(image|video)\//.test(f.type))
              ? t`Only pictures and videos go with a post.`
              : undefined;
    if (no) return tell({ text: no, bad: true });
    // one after the other, so that they stand in the order in which they were chosen
    let before: Promise<unknown> = Promise.resolve();
    for (const f of fresh) {
      const id = key();
      const going = put(f, (done) => setUploads((u) => u.map((x) => (x.id === id ? { ...x, done } : x))));
      setUploads((u) => [...u, { id, name: f.name || t`Picture`, done: 0, stop: going.stop }]);
      before = before
        .then(() => going.file)
        .then((got) => {
          if (!got) return;
          onFresh(got);
          onChange((m) => [...m, { file: got.id, alt: "" }]);
        })
        .catch((e: unknown) => tell({ text: sentenceOf(e), bad: true }))
        .finally(() => setUploads((u) => u.filter((x) => x.id !== id)));
    }
  };

  if (door) door.current = take;

  const move = (file: string, by: 1 | -1, name: string) => {
    const at = media.findIndex((m) => m.file === file) + by;
    onChange((old) => {
      const next = [...old];
      const from = next.findIndex((m) => m.file === file);
      const [one] = next.splice(from, 1);
      if (one) next.splice(from + by, 0, one);
      return next;
    });
    const place = at + 1;
    setSaid(t`${name} is now at place ${place} of ${n}.`);
    requestAnimationFrame(() => {
      const row = list.current?.children[at];
      const want = row?.querySelector<HTMLButtonElement>(`[data-move="${by}"]`);
      (want?.disabled ? row?.querySelector<HTMLButtonElement>(`[data-move="${-by}"]`) : want)?.focus();
    });
  };

  const missing = bare(media);
  return (
    <fieldset
      className="flex flex-col gap-3 rounded-md data-over:outline-2 data-over:outline-voice"
      data-over={over || undefined}
      onDragOver={(e) => {
        if (fixed || !e.dataTransfer.types.includes("Files")) return;
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        setOver(false);
        if (fixed || e.dataTransfer.files.length === 0) return;
        e.preventDefault();
        take([...e.dataTransfer.files]);
      }}
    >
      <legend className="sr-only">{label}</legend>
      <ol ref={list} className="flex flex-col gap-3 empty:hidden" aria-label={label}>
        {media.map((m, i) => {
          const f = files.find((x) => x.id === m.file);
          const name = f?.name ?? t`File`;
          return (
            <li key={m.file} className="flex items-start gap-3">
              <Thumb file={f} className="size-20" />
              <span className="field min-w-0 flex-1">
                <Textarea
                  rows={2}
                  aria-label={t`What ${name} shows`}
                  placeholder={t`What it shows, for those who do not see it`}
                  maxLength={1500}
                  dir="auto"
                  disabled={fixed}
                  value={m.alt}
                  onChange={(e) => {
                    const alt = (e.target as unknown as HTMLTextAreaElement).value;
                    onChange((old) => old.map((x) => (x.file === m.file ? { ...x, alt } : x)));
                  }}
                />
              </span>
              {!fixed && (
                <span className="flex flex-none gap-0.5">
                  {n > 1 && (
                    <span className="flex flex-col">
                      <Button
                        look="g"
                        square
                        size="sm"
                        data-move="-1"
                        disabled={i === 0}
                        aria-label={t`Move ${name} up`}
                        onClick={() => move(m.file, -1, name)}
                      >
                        <ArrowUp className="i s" aria-hidden />
                      </Button>
                      <Button
                        look="g"
                        square
                        size="sm"
                        data-move="1"
                        disabled={i === n - 1}
                        aria-label={t`Move ${name} down`}
                        onClick={() => move(m.file, 1, name)}
                      >
                        <ArrowDown className="i s" aria-hidden />
                      </Button>
                    </span>
                  )}
                  <Button
                    look="g"
                    square
                    touch
                    aria-label={t`Remove ${name}`}
                    onClick={() => onChange((old) => old.filter((x) => x.file !== m.file))}
                  >
                    <X className="i" aria-hidden />
                  </Button>
                </span>
              )}
            </li>
          );
        })}
      </ol>
      {uploads.map((u) => (
        <div key={u.id} className="flex items-center gap-2.5">
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
        </div>
      ))}
      {!fixed && missing > 0 && (
        <p role="status" className="flex items-start gap-2 text-sm text-wait">
          <TriangleAlert className="i s mt-0.5 flex-none" aria-hidden />
          {plural(missing, {
            one: "# file says nothing yet to those who do not see it. Describe what it shows.",
            other: "# files say nothing yet to those who do not see them. Describe what they show.",
          })}
        </p>
      )}
      <span role="status" className="sr-only">
        {said}
      </span>
      {!fixed && n < mostMedia && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <input
            ref={pick}
            type="file"
            multiple
            accept="image/*,video/mp4,video/webm"
            className="sr-only"
            tabIndex={-1}
            aria-label={t`Files: ${label}`}
            onChange={(e) => {
              take([...(e.target.files ?? [])]);
              e.target.value = "";
            }}
          />
          <Button size="sm" aria-describedby={hint} onClick={() => pick.current?.click()}>
            <ImagePlus className="i s" aria-hidden />
            <Trans>Add pictures or a video</Trans>
          </Button>
          <span id={hint} className="text-xs text-ink-3">
            {door ? <Trans>or drop them here, or paste them above</Trans> : <Trans>or drop them here</Trans>}
          </span>
        </div>
      )}
    </fieldset>
  );
}

// Thumb is a file in small, whole and never cropped.
export function Thumb({
  file,
  alt,
  className,
}: {
  file: PutFile | undefined;
  alt?: string;
  className: string;
}) {
  const box = `${className} flex-none rounded-sm border border-line bg-sunken`;
  if (file?.shown)
    return (
      <img
        src={small(file.url)}
        alt={alt ?? ""}
        loading="lazy"
        decoding="async"
        className={`${box} object-contain`}
      />
    );
  return (
    <span className={`${box} grid place-items-center text-ink-3`} title={file?.name}>
      <Film className="i" aria-hidden />
    </span>
  );
}
