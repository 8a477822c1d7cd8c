import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { BookOpen, ChevronRight } from "lucide-react";
import { useState } from "react";
import { Sheet } from "../../../kit";
import { useMay } from "../../../lib/session";
import { type TalkFull, useTalk } from "../data";
import { useSuggestions } from "../know/data";
import { Suggested } from "../know/Suggested";

// KnownBeside is what is known of a question, beside it on a desk.
export function KnownBeside({ id }: { id: string }) {
  const talk = useTalk(id);
  return talk.data ? <Suggested talk={talk.data} /> : null;
}

// KnownBar says above the reply that something is known of the question, where
// there is no room beside: a press shows it, and what is put into the reply
// closes it again.
export function KnownBar({ talk: c }: { talk: TalkFull }) {
  const may = useMay("know.read");
  const [open, setOpen] = useState(false);
  const found = useSuggestions(c.id, c.version, "", may);
  if (!may) return null;
  const rows = found.data ?? [];
  const first = rows[0];
  return (
    <>
      <button
        type="button"
        className="touch mx-3 mb-2 flex min-h-11 items-center gap-2 rounded-sm border border-voice-line bg-voice-wash px-3 py-1.5 text-start sm:mx-6"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <BookOpen className="i flex-none text-voice" aria-hidden />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-strong">
            {first ? (
              <Plural value={rows.length} one="# thing we know of this" other="# things we know of this" />
            ) : (
              <Trans>Look for what we know</Trans>
            )}
          </span>
          {first && (
            <span className="block truncate text-xs text-ink-2" lang={first.lang}>
              {first.title}
            </span>
          )}
        </span>
        <ChevronRight className="i flex-none text-ink-3 rtl:-scale-x-100" aria-hidden />
      </button>
      <Sheet open={open} onOpenChange={setOpen} title={t`Articles and answers`}>
        <div className="aside border-0">
          <Suggested talk={c} onPut={() => setOpen(false)} />
        </div>
      </Sheet>
    </>
  );
}
