import { Dialog as Base } from "@base-ui/react/dialog";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import {
  ArrowLeft,
  ArrowRight,
  CircleSlash,
  Clock,
  Download,
  FileArchive,
  FileText,
  FileWarning,
  type LucideIcon,
  Paperclip,
  Video,
  X,
} from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { bytes } from "../lib/format";
import { Button, btn } from "./Button";

// WithFile is a file that goes with words.
export interface WithFile {
  name?: string;
  type?: string;
  size?: number;
  alt?: string;
  state: "waiting" | "kept" | "refused" | string;
  reason?: string;
  risky?: boolean;
  file?: { url: string; name: string; shown: boolean; width?: number; height?: number; type: string };
}

// With shows what goes with words: pictures in place and on the whole screen, recordings to hear, all else to save.
export function With({ files }: { files: readonly WithFile[] }) {
  const [open, setOpen] = useState<number>();
  if (files.length === 0) return null;
  const pictures = files.filter((f) => f.file?.shown);
  const others = files.filter((f) => !f.file?.shown);
  return (
    <div className="with">
      {pictures.map((f, i) => (
        <button
          key={f.file?.url}
          type="button"
          className={`pic${pictures.length > 1 ? " many" : ""}`}
          onClick={() => setOpen(i)}
        >
          <img
            src={f.file?.url}
            alt={f.alt || t`Picture ${f.file?.name ?? ""}`}
            {...(pictures.length > 1 ? {} : fitted(f.file))}
            loading="lazy"
            decoding="async"
          />
        </button>
      ))}
      {others.map((f, i) =>
        f.file?.type.startsWith("audio/") ? (
          // biome-ignore lint/a11y/useMediaCaption: what a customer says into a telephone comes without a text
          <audio
            key={f.file.url}
            controls
            preload="none"
            src={f.file.url}
            aria-label={f.name ?? t`Recording`}
          />
        ) : (
          <Row key={f.file?.url ?? i} f={f} />
        ),
      )}
      <Viewer pictures={pictures} at={open} onMove={setOpen} />
    </div>
  );
}

// fitted is how large a picture alone is shown, known before it has come.
function fitted(f: WithFile["file"]) {
  const [w, h] = [f?.width ?? 0, f?.height ?? 0];
  if (!w || !h) return { width: 240 };
  const scale = Math.min(1, 320 / w, 220 / h);
  return { width: Math.max(1, Math.round(w * scale)), height: Math.max(1, Math.round(h * scale)) };
}

function icon(f: WithFile): LucideIcon {
  if (f.state === "refused") return CircleSlash;
  if (f.state === "waiting") return Clock;
  if (f.risky) return FileWarning;
  if (f.type?.startsWith("video/")) return Video;
  if (f.type?.includes("zip")) return FileArchive;
  if (f.type === "application/pdf" || f.type?.startsWith("text/")) return FileText;
  return Paperclip;
}

function Row({ f }: { f: WithFile }) {
  const Icon = icon(f);
  const name = f.name || t`File without a name`;
  const size = f.size ? bytes(f.size) : "";
  return (
    <div className="fil">
      <Icon className={`i flex-none ${f.risky ? "text-wait" : "text-ink-3"}`} aria-hidden />
      <span className="min-w-0 flex-1">
        <bdi className="block truncate font-medium" title={name}>
          {name}
        </bdi>
        {f.state === "refused" ? (
          <span className="sub block">{f.reason}</span>
        ) : f.state === "waiting" ? (
          <span className="sub block">{f.reason || <Trans>Is being fetched …</Trans>}</span>
        ) : f.risky ? (
          <span className="sub risk block">
            {size} · <Trans>Can run on your computer. Open it only if you expect it.</Trans>
          </span>
        ) : (
          <span className="sub block">{size}</span>
        )}
      </span>
      {f.file && (
        <a
          href={f.file.url}
          download={f.file.name}
          className={btn("g", "md", "square")}
          aria-label={t`Save ${name}`}
        >
          <Download className="i" aria-hidden />
        </a>
      )}
    </div>
  );
}

// Viewer is one picture on the whole screen; the arrow keys show the next.
function Viewer({
  pictures,
  at,
  onMove,
}: {
  pictures: readonly WithFile[];
  at: number | undefined;
  onMove: (i: number | undefined) => void;
}) {
  const f = at === undefined ? undefined : pictures[at];
  const n = pictures.length;
  const step = (d: number) => at !== undefined && onMove((at + d + n) % n);
  const keys = (e: KeyboardEvent) => {
    const d = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
    if (d === 0 || n < 2) return;
    e.preventDefault();
    e.stopPropagation();
    step(document.dir === "rtl" ? -d : d);
  };
  return (
    <Base.Root open={f !== undefined} onOpenChange={(o) => !o && onMove(undefined)}>
      <Base.Portal>
        <Base.Popup className="viewer" onKeyDown={keys}>
          {f?.file && (
            <>
              <header>
                <Base.Title className="min-w-0 flex-1 truncate text-md font-strong">
                  <bdi>{f.file.name}</bdi>
                </Base.Title>
                <span className="text-ink-3 text-xs max-sm:hidden">
                  {f.file.width ? `${f.file.width} × ${f.file.height} · ` : ""}
                  {f.size ? bytes(f.size) : ""}
                </span>
                <a
                  href={f.file.url}
                  download={f.file.name}
                  className={btn("g", "lg", "square")}
                  aria-label={t`Save ${f.file.name}`}
                >
                  <Download className="i" aria-hidden />
                </a>
                <Base.Close
                  render={
                    <Button look="g" square size="lg" aria-label={t`Close`}>
                      <X className="i" aria-hidden />
                    </Button>
                  }
                />
              </header>
              <div className="stage">
                <img src={f.file.url} alt={f.alt || t`Picture ${f.file.name}`} />
              </div>
              <footer>
                {n > 1 && (
                  <Button
                    look="g"
                    square
                    size="lg"
                    aria-label={t`The picture before`}
                    onClick={() => step(-1)}
                  >
                    <ArrowLeft className="i rtl:-scale-x-100" aria-hidden />
                  </Button>
                )}
                <p className="min-w-0 flex-1 text-center text-ink-2" dir="auto" aria-live="polite">
                  {f.alt}
                  {n > 1 && (
                    <span className="text-ink-3">
                      {f.alt ? " · " : ""}
                      <Trans>
                        {(at ?? 0) + 1} of {n}
                      </Trans>
                    </span>
                  )}
                </p>
                {n > 1 && (
                  <Button look="g" square size="lg" aria-label={t`The next picture`} onClick={() => step(1)}>
                    <ArrowRight className="i rtl:-scale-x-100" aria-hidden />
                  </Button>
                )}
              </footer>
            </>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
