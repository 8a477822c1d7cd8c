import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Check, Search } from "lucide-react";
import { useState } from "react";
import { Avatar, Button, Dialog, DialogClose, Failed, Skeleton, Time } from "../../kit";
import { useSettled } from "../../lib/debounce";
import type { Talk } from "./data";
import { mostMerged, useFound, useKin, useMerges } from "./merges";
import { topic } from "./words";

interface Props {
  talk: Talk;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

// Merge chooses conversations that become part of this one: first those of the same person,
// then whatever is searched for.
export function Merge({ talk, open, onOpenChange }: Props) {
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<readonly Talk[]>([]);
  const settled = useSettled(words.trim(), 200);
  const kin = useKin(talk.id, open);
  const found = useFound(open ? settled : "");
  const { merge } = useMerges();
  const searching = settled !== "";
  const of = searching ? found : kin;
  const rows = (of.data ?? []).filter((r) => r.id !== talk.id);
  const others = chosen.some((x) => x.author.identity !== talk.author.identity);
  const close = (o: boolean) => {
    onOpenChange(o);
    if (!o) {
      setWords("");
      setChosen([]);
    }
  };
  const toggle = (c: Talk) =>
    setChosen((all) =>
      all.some((x) => x.id === c.id) ? all.filter((x) => x.id !== c.id) : [...all, c].slice(0, mostMerged),
    );
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={<Trans>Merge with another conversation</Trans>}
      text={<Trans>What was said there comes here. It can be taken apart again at any time.</Trans>}
      wide
      acts={
        <>
          <DialogClose
            render={
              <Button look="g">
                <Trans>Not now</Trans>
              </Button>
            }
          />
          <Button
            look="p"
            disabled={chosen.length === 0}
            busy={merge.isPending}
            onClick={() =>
              merge.mutate(
                { into: talk.id, others: chosen.map((x) => x.id) },
                { onSuccess: () => close(false) },
              )
            }
          >
            {chosen.length === 0 ? (
              <Trans>Merge</Trans>
            ) : (
              <Plural value={chosen.length} one="Merge # conversation" other="Merge # conversations" />
            )}
          </Button>
        </>
      }
    >
      <label className="input flex items-center gap-2">
        <Search className="i s" aria-hidden />
        <span className="sr-only">
          <Trans>Search all conversations</Trans>
        </span>
        <input
          type="search"
          value={words}
          placeholder={t`Search all conversations`}
          className="min-w-0 flex-1 bg-transparent outline-none focus-visible:shadow-none placeholder:text-ink-3"
          onChange={(e) => setWords(e.target.value)}
        />
      </label>
      <div className="mt-2 max-h-[min(22rem,45vh)] overflow-y-auto">
        {of.error ? (
          <Failed error={of.error} onRetry={() => void of.refetch()} />
        ) : of.isPending && (searching || open) ? (
          <Skeleton rows={3} />
        ) : rows.length === 0 ? (
          <p className="px-1 py-6 text-center text-ink-3">
            {searching ? (
              <Trans>No conversation says that.</Trans>
            ) : (
              <Trans>{talk.author.name} has no other conversation. Search for one of somebody else.</Trans>
            )}
          </p>
        ) : (
          <ul>
            {rows.map((r) => (
              <Candidate
                key={r.id}
                talk={r}
                on={chosen.some((x) => x.id === r.id)}
                onToggle={() => toggle(r)}
              />
            ))}
          </ul>
        )}
      </div>
      <p className="mt-3 text-xs text-ink-2" aria-live="polite">
        {others ? (
          <Trans>
            Different accounts: each answer goes to the one you choose, on its own network, and to nobody
            else.
          </Trans>
        ) : (
          <Trans>Answers go on where each was said.</Trans>
        )}
      </p>
    </Dialog>
  );
}

function Candidate({ talk: c, on, onToggle }: { talk: Talk; on: boolean; onToggle: () => void }) {
  return (
    <li>
      <button
        type="button"
        role="checkbox"
        aria-checked={on}
        onClick={onToggle}
        className="flex min-h-11 w-full items-center gap-3 rounded-md px-2 py-1.5 text-start hover:bg-wash"
      >
        <span className="box" data-checked={on ? "" : undefined} aria-hidden>
          {on && <Check className="size-3.5" strokeWidth={2.5} />}
        </span>
        <Avatar name={c.author.name} src={c.author.avatar} channel={c.channel} size="sm" />
        <span className="min-w-0 flex-1">
          <span className="block truncate">{topic(c.subject) || c.preview}</span>
          <span className="block truncate text-xs text-ink-3">
            {c.author.name} · {c.channel.name} ·{" "}
            <Plural value={c.messages} one="# message" other="# messages" />
          </span>
        </span>
        <span className="flex-none text-xs text-ink-3">
          <Time at={c.last_at} />
        </span>
      </button>
    </li>
  );
}
