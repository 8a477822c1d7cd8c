import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Section, Select, tell } from "../../kit";
import { useMay } from "../../lib/session";
import { type ChannelFull, useRegistered, useTie } from "./data";

// InRegister is what the presence register says of a channel: the profiles that it is
// connected to, and a way to tie another to it.
export function InRegister({ c }: { c: ChannelFull }) {
  const may = useMay("listen.write");
  const profiles = useRegistered();
  const tie = useTie();
  const all = profiles.data ?? [];
  const here = all.filter((p) => p.channel?.id === c.id);
  const free = all.filter((p) => !p.channel && ["claimed", "unclaimed", "orphaned"].includes(p.status));
  if (!profiles.data || (here.length === 0 && (!may || free.length === 0))) return null;
  return (
    <Section title={<Trans>In the presence register</Trans>}>
      {here.length === 0 && (
        <p className="pt-3 text-ink-2">
          <Trans>No profile there is tied to this channel.</Trans>
        </p>
      )}
      <ul>
        {here.map((p) => (
          <li key={p.id} className="border-b border-line py-2.5">
            <Link to="/listen/presence/$id" params={{ id: p.id }} className="font-strong hover:underline">
              {p.name}
            </Link>
            <span className="block text-ink-2 [overflow-wrap:anywhere]">{p.url || `@${p.handle}`}</span>
          </li>
        ))}
      </ul>
      {may && free.length > 0 && (
        <div className="max-w-sm pt-3">
          <Select
            label={t`Tie a profile to this channel`}
            value={null}
            placeholder={t`Tie a profile to it`}
            disabled={tie.isPending}
            choices={free.map((p) => ({ value: p.id, label: p.name, help: p.url || `@${p.handle}` }))}
            onChange={(profile) =>
              tie.mutate(
                { profile, channel: c.id },
                { onSuccess: (p) => tell({ text: t`${p.name} is tied to ${c.name}.` }) },
              )
            }
          />
        </div>
      )}
    </Section>
  );
}
