import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { CircleAlert, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";

interface Note {
  text: ReactNode;
  icon?: ReactNode;
  undo?: () => void; // shows Undo with a countdown of ten seconds
  until?: string; // the countdown ends at this moment, whatever happens here
  bad?: boolean;
}

let notes: (Note & { id: number })[] = [];
let last = 0;
const listeners = new Set<() => void>();
const emit = (next: typeof notes) => {
  notes = next;
  for (const l of listeners) l();
};

// tell shows a toast at the bottom start. It returns the way to take it away.
export function tell(note: Note): () => void {
  const id = ++last;
  emit([...notes.slice(-2), { ...note, id }]);
  return () => emit(notes.filter((n) => n.id !== id));
}

// Toasts is the place where toasts appear; the shell draws it once.
export function Toasts() {
  const list = useSyncExternalStore(
    (l) => {
      listeners.add(l);
      return () => listeners.delete(l);
    },
    () => notes,
  );
  return (
    <section className="toasts" aria-label={t`Messages`} aria-live="polite">
      {list.map((n) => (
        <Card key={n.id} note={n} close={() => emit(notes.filter((o) => o.id !== n.id))} />
      ))}
    </section>
  );
}

function Card({ note, close }: { note: Note; close: () => void }) {
  const end = note.until ? Date.parse(note.until) : undefined;
  const [left, setLeft] = useState(() =>
    end ? Math.max(0, Math.ceil((end - Date.now()) / 1000)) : note.undo ? 10 : note.bad ? 12 : 5,
  );
  const held = useRef(false);
  useEffect(() => {
    const timer = setInterval(() => {
      if (end) setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
      else if (!held.current) setLeft((n) => n - 1);
    }, 1000);
    return () => clearInterval(timer);
  }, [end]);
  const closing = useRef(close);
  closing.current = close;
  useEffect(() => {
    if (left <= 0) closing.current();
  }, [left]);
  const hold = (on: boolean) => () => {
    held.current = on;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: resting the countdown is a help, not a control
    <div
      className="toast"
      role={note.bad ? "alert" : undefined}
      onMouseEnter={hold(true)}
      onMouseLeave={hold(false)}
      onFocus={hold(true)}
      onBlur={hold(false)}
    >
      {note.bad ? <CircleAlert className="i s" aria-hidden /> : note.icon}
      <span className="min-w-0 flex-1">{note.text}</span>
      {note.undo ? (
        <button
          type="button"
          className="u"
          onClick={() => {
            note.undo?.();
            close();
          }}
        >
          <Trans>Undo</Trans>{" "}
          <b className="min-w-3 opacity-80" aria-hidden>
            {left}
          </b>
        </button>
      ) : (
        <button
          type="button"
          className="grid size-7 flex-none place-items-center rounded-sm"
          aria-label={t`Close`}
          onClick={close}
        >
          <X className="i s" aria-hidden />
        </button>
      )}
    </div>
  );
}
