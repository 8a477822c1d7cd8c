import { Trans } from "@lingui/react/macro";
import { ListFilter } from "lucide-react";
import { asFeeling, Button, feelingWord, Reading } from "../../kit";
import type { Mention } from "./data";
import type { FeelingName } from "./search";

// Felt is how a post was understood. It opens to all that is said of it and why,
// and narrows the list to posts that feel alike.
export function Felt({ of: m, onFilter }: { of: Mention; onFilter?: (f: FeelingName) => void }) {
  if (m.own || m.deleted_at || !m.model) return null;
  const guess = asFeeling(m.sentiment?.label);
  return (
    <Reading activity={m.id} felt={m.sentiment} corrected={(m.corrected ?? []).includes("sentiment")}>
      {guess && onFilter && (
        <Button look="o" size="sm" onClick={() => onFilter(guess)}>
          <ListFilter className="i s" aria-hidden />
          <Trans>Show only {feelingWord(guess).toLowerCase()} posts</Trans>
        </Button>
      )}
      {m.url && (
        <a href={m.url} target="_blank" rel="noopener noreferrer nofollow" className="link text-xs">
          <Trans>Look at the original</Trans>
        </a>
      )}
    </Reading>
  );
}
