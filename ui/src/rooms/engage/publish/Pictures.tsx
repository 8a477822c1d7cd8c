import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ImagePlus, X } from "lucide-react";
import { useRef, useState } from "react";
import { Button, Input, tell } from "../../../kit";
import { key } from "../../../lib/api";
import { fromBody, sentenceOf } from "../../../lib/problem";
import type { ContentFull, Media } from "./data";

type FileOf = NonNullable<ContentFull["files"]>[number];

async function upload(file: File): Promise<FileOf> {
  const answer = await fetch(`/api/files?name=${encodeURIComponent(file.name || "picture")}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream", "Idempotency-Key": key() },
    body: file,
  });
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw fromBody(answer.status, body);
  return body as FileOf;
}

// Pictures are the files that go with the words, each with what it shows for those who do not see it.
export function Pictures({
  media,
  files,
  fixed,
  onChange,
}: {
  media: readonly Media[];
  files: readonly FileOf[];
  fixed: boolean;
  onChange: (media: Media[]) => void;
}) {
  const pick = useRef<HTMLInputElement>(null);
  const [fresh, setFresh] = useState<FileOf[]>([]);
  const [busy, setBusy] = useState(false);
  const known = [...files, ...fresh];
  const add = async (list: FileList | null) => {
    if (!list || list.length === 0) return;
    setBusy(true);
    try {
      const got = await Promise.all([...list].slice(0, 10 - media.length).map(upload));
      setFresh((f) => [...f, ...got]);
      onChange([...media, ...got.map((g) => ({ file: g.id, alt: "" }))]);
    } catch (e) {
      tell({ text: sentenceOf(e), bad: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-3">
      {media.map((m, i) => {
        const f = known.find((x) => x.id === m.file);
        const name = f?.name ?? "";
        return (
          <div key={m.file} className="flex items-center gap-3">
            {f?.shown ? (
              <img
                src={f.url}
                alt={m.alt}
                className="size-14 flex-none rounded-sm border border-line object-cover"
              />
            ) : (
              <span className="grid size-14 flex-none place-items-center rounded-sm bg-sunken text-xs">
                {name.slice(-4)}
              </span>
            )}
            <span className="field min-w-0 flex-1">
              <Input
                aria-label={t`What ${name} shows`}
                placeholder={t`What it shows, for those who do not see it`}
                maxLength={1500}
                disabled={fixed}
                value={m.alt}
                onChange={(e) => {
                  const alt = (e.target as unknown as HTMLInputElement).value;
                  onChange(media.map((x, j) => (j === i ? { ...x, alt } : x)));
                }}
              />
            </span>
            {!fixed && (
              <Button
                look="g"
                square
                touch
                aria-label={t`Remove ${name}`}
                onClick={() => onChange(media.filter((_, j) => j !== i))}
              >
                <X className="i" aria-hidden />
              </Button>
            )}
          </div>
        );
      })}
      {!fixed && media.length < 10 && (
        <div>
          <input
            ref={pick}
            type="file"
            multiple
            accept="image/*"
            className="sr-only"
            tabIndex={-1}
            aria-label={t`Pictures`}
            onChange={(e) => {
              void add(e.target.files);
              e.target.value = "";
            }}
          />
          <Button size="sm" busy={busy} onClick={() => pick.current?.click()}>
            <ImagePlus className="i s" aria-hidden />
            <Trans>Add a picture</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
