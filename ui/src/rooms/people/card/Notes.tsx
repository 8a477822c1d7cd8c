import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Download, FileUp, Pin, Trash2 } from "lucide-react";
import { type FormEvent, useRef } from "react";
import { AsidePart, Button, Field, Textarea, Time, tell } from "../../../kit";
import { useMay } from "../../../lib/session";
import { type PersonNote, useCard, useCardActs, usePersonNotes } from "./data";

// Notes are for colleagues; they never leave the house.
export function PersonNotes({ id, old }: { id: string; old: string }) {
  const may = useMay("people.write");
  const notes = usePersonNotes(id);
  const { addNote } = useCardActs(id);
  const form = useRef<HTMLFormElement>(null);
  const keep = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const text = String(new FormData(e.currentTarget).get("text") ?? "").trim();
    if (text) addNote.mutate({ text }, { onSuccess: () => form.current?.reset() });
  };
  return (
    <AsidePart title={<Trans>Notes</Trans>}>
      {may && (
        <form ref={form} className="touch mb-3 flex flex-col items-start gap-2" onSubmit={keep}>
          <Field
            label={<Trans>A note</Trans>}
            hidden
            className="w-full"
            help={<Trans>Stays inside. @name tells a colleague.</Trans>}
          >
            <Textarea name="text" required maxLength={10000} placeholder={t`What a colleague should know`} />
          </Field>
          <Button type="submit" look="nt" size="sm" busy={addNote.isPending}>
            <Trans>Keep note</Trans>
          </Button>
        </form>
      )}
      <ul className="flex flex-col gap-3">
        {(notes.data ?? []).map((n) => (
          <One key={n.id} n={n} person={id} may={may} />
        ))}
        {old && <li className="words text-ink-2">{old}</li>}
      </ul>
      {notes.hasMore && (
        <Button size="sm" look="g" busy={notes.loadingMore} onClick={notes.more}>
          <Trans>Earlier</Trans>
        </Button>
      )}
    </AsidePart>
  );
}

function One({ n, person, may }: { n: PersonNote; person: string; may: boolean }) {
  const { editNote, dropNote, addNote } = useCardActs(person);
  const drop = () =>
    dropNote.mutate(n.id, {
      onSuccess: () =>
        tell({
          text: t`The note is gone.`,
          undo: () => addNote.mutate({ text: n.text, pinned: n.pinned }),
        }),
    });
  return (
    <li>
      <p className="words wrap-anywhere" dir="auto">
        {n.text}
      </p>
      <span className="flex items-center gap-2 text-xs text-ink-3">
        {n.by?.name} · <Time at={n.created_at} />
        {may && (
          <span className="ms-auto flex">
            <Button
              look="g"
              size="sm"
              square
              touch
              aria-label={n.pinned ? t`Let it go down` : t`Keep it on top`}
              aria-pressed={n.pinned}
              onClick={() => editNote.mutate({ id: n.id, pinned: !n.pinned })}
            >
              <Pin className={`i s ${n.pinned ? "text-voice" : ""}`} aria-hidden />
            </Button>
            {n.mine && (
              <Button look="g" size="sm" square touch aria-label={t`Take the note away`} onClick={drop}>
                <Trash2 className="i s" aria-hidden />
              </Button>
            )}
          </span>
        )}
      </span>
    </li>
  );
}

// PersonFiles are files about somebody: pictures are shown, others saved.
export function PersonFiles({ id }: { id: string }) {
  const may = useMay("people.write");
  const files = useCard(id).data?.files ?? [];
  const { attach, detach } = useCardActs(id);
  const input = useRef<HTMLInputElement>(null);
  if (files.length === 0 && !may) return null;
  return (
    <AsidePart title={<Trans>Files</Trans>}>
      <ul className="flex flex-col gap-2">
        {files.map((f) => (
          <li key={f.id} className="flex items-center gap-2">
            {f.shown ? (
              <img src={f.url} alt="" loading="lazy" className="size-9 flex-none rounded-sm object-cover" />
            ) : (
              <Download className="i flex-none text-ink-3" aria-hidden />
            )}
            <a
              href={f.url}
              target="_blank"
              rel="noopener noreferrer"
              className="min-w-0 flex-1 truncate hover:underline"
            >
              {f.name}
            </a>
            <span className="text-xs text-ink-3">{size(f.size)}</span>
            {may && (
              <Button
                look="g"
                size="sm"
                square
                touch
                busy={detach.isPending && detach.variables === f.id}
                aria-label={t`Take ${f.name} away`}
                onClick={() => detach.mutate(f.id)}
              >
                <Trash2 className="i s" aria-hidden />
              </Button>
            )}
          </li>
        ))}
      </ul>
      {may && (
        <>
          <input
            ref={input}
            type="file"
            multiple
            className="sr-only"
            tabIndex={-1}
            aria-label={t`Files about them`}
            onChange={(e) => {
              const chosen = [...(e.target.files ?? [])];
              e.target.value = "";
              if (chosen.length > 0) attach.mutate(chosen);
            }}
          />
          <Button
            size="sm"
            touch
            className="mt-2"
            busy={attach.isPending}
            onClick={() => input.current?.click()}
          >
            <FileUp className="i s" aria-hidden />
            <Trans>Add files</Trans>
          </Button>
        </>
      )}
    </AsidePart>
  );
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
