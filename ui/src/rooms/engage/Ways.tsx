import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ChevronDown } from "lucide-react";
import { Avatar, Menu, MenuItem } from "../../kit";
import type { TalkFull } from "./data";

// Ways says to whom, and where, an answer in merged conversations goes, and chooses another.
export function Ways({
  talk: c,
  via,
  onVia,
}: {
  talk: TalkFull;
  via: string | undefined;
  onVia: (conversation: string) => void;
}) {
  const ways = c.ways ?? [];
  const way = ways.find((w) => w.conversation === via) ?? ways[0];
  if (ways.length < 2 || !way) return null;
  const name = (w: (typeof ways)[number]) =>
    w.visibility === "direct"
      ? t`${w.author.name} · ${w.channel.name}, direct`
      : t`${w.author.name} · ${w.channel.name}, in the open`;
  return (
    <div className="flex items-center gap-2 border-b border-line px-3.5 py-1 text-xs text-ink-2">
      <span className="flex-none">
        <Trans>Answer</Trans>
      </span>
      <Menu
        trigger={
          <button
            type="button"
            className="inline-flex min-h-8 min-w-0 items-center gap-1.5 rounded-sm px-1.5 font-medium text-ink hover:bg-wash pointer-coarse:min-h-11"
            aria-label={t`Answer ${name(way)}. Choose another.`}
          >
            <Avatar name={way.author.name} src={way.author.avatar} channel={way.channel} size="xs" />
            <span className="truncate">{name(way)}</span>
            <ChevronDown className="i s" aria-hidden />
          </button>
        }
      >
        {ways.map((w) => (
          <MenuItem
            key={w.conversation}
            icon={<Avatar name={w.author.name} src={w.author.avatar} channel={w.channel} size="xs" />}
            end={w.reply.to === w.author.name ? undefined : w.reply.to}
            onSelect={() => onVia(w.conversation)}
          >
            {name(w)}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}
