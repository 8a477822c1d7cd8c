import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ListFilter } from "lucide-react";
import { asFeeling, feelingOf, feelingWord, Menu, MenuItem, MenuNote, Sign } from "../../kit";
import { score } from "../../lib/format";
import type { Mention } from "./data";
import type { FeelingName } from "./search";

// Felt is how the model read a post. Its menu says why, and by which model.
export function Felt({ of: m, onFilter }: { of: Mention; onFilter?: (f: FeelingName) => void }) {
  const s = m.sentiment;
  if (!s)
    return (
      <span className="text-xs text-ink-3">
        <Trans>feeling not read</Trans>
      </span>
    );
  const guess = asFeeling(s.label);
  const feeling = feelingOf(s);
  const sure = score(s.confidence ?? s.score);
  const why = s.why?.map((w) => `“${w}”`).join(", ");
  const word = feeling ? feelingWord(feeling) : t`Unsure`;
  const tone = feeling === "negative" ? " neg" : feeling === "positive" ? " pos" : " text-ink-3";
  return (
    <Menu
      trigger={
        <button type="button" className={`sent${tone}`}>
          {feeling ? <Sign of={feeling} /> : <span aria-hidden>?</span>}
          {word} <span className="conf">{sure}</span>
        </button>
      }
    >
      {guess && onFilter && (
        <MenuItem icon={<ListFilter className="i" aria-hidden />} onSelect={() => onFilter(guess)}>
          <Trans>Show only {feelingWord(guess).toLowerCase()} posts</Trans>
        </MenuItem>
      )}
      {m.url && (
        <MenuItem
          link={
            <a
              href={m.url}
              target="_blank"
              rel="noopener noreferrer nofollow"
              aria-label={t`Look at the original`}
            />
          }
        >
          <Trans>Look at the original</Trans>
        </MenuItem>
      )}
      <MenuNote>
        {why ? <Trans>Because of {why}. </Trans> : <Trans>No single words decided it. </Trans>}
        {!feeling && guess && (
          <Trans>
            {sure} is too little to call it {feelingWord(guess).toLowerCase()}.{" "}
          </Trans>
        )}
        <Trans>Model {m.model}.</Trans>
      </MenuNote>
    </Menu>
  );
}
