import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { CalendarRange, ChevronDown, Link2 } from "lucide-react";
import { useState } from "react";
import {
  Button,
  Dialog,
  DialogClose,
  Field,
  Input,
  Menu,
  MenuItem,
  MenuLabel,
  MenuLine,
  Segments,
  tell,
} from "../../kit";
import { day } from "../../lib/format";
import { useMay, useSession } from "../../lib/session";
import { type Monitor, useChannels, useMonitors, useProgrammes } from "./data";
import { type AnalyzeSearch, type Range, ranges } from "./search";
import { rangeName } from "./words";

type Change = (next: { [K in keyof AnalyzeSearch]?: AnalyzeSearch[K] | undefined }) => void;

export const kinds = ["brand", "competitor", "topic", "other"] as const;
export function kindName(k: string): string {
  return k === "brand"
    ? t`Our brands`
    : k === "competitor"
      ? t`Competitors`
      : k === "topic"
        ? t`Topics`
        : t`Other monitors`;
}

// useNames knows what the ids in the address are called.
export function useNames() {
  const monitors = useMonitors().data ?? [];
  const channels = useChannels().data ?? [];
  const reads = useMay("govern.read");
  const listed = useProgrammes(reads).data;
  const session = useSession();
  const programmes: readonly { id: string; name: string }[] = listed ?? session?.member?.programmes ?? [];
  const of = (list: readonly { id: string; name: string }[], id: string | undefined) =>
    list.find((x) => x.id === id)?.name;
  return {
    monitors,
    channels,
    programmes,
    monitor: (id: string | undefined) => of(monitors, id),
    channel: (id: string | undefined) => of(channels, id),
    programme: (id: string | undefined) => of(programmes, id),
  };
}

type Names = ReturnType<typeof useNames>;

export function subjectName(s: { monitor?: string; programme?: string; channel?: string }, n: Names): string {
  if (s.monitor) return n.monitor(s.monitor) ?? t`This monitor`;
  if (s.programme) return n.programme(s.programme) ?? t`This programme`;
  return s.channel ? (n.channel(s.channel) ?? t`This channel`) : t`All that was heard`;
}

export function otherName(vs: string | undefined, s: AnalyzeSearch, n: Names): string {
  if (!vs) return s.range === "24h" ? t`the day before` : t`the time before`;
  if (vs === "all") return t`all that was heard`;
  const id = vs.slice(2);
  return (vs.startsWith("m:") ? n.monitor(id) : n.programme(id)) ?? t`the other`;
}

function byKind(monitors: readonly Monitor[]) {
  return kinds
    .map((k) => ({ kind: k, list: monitors.filter((m) => (m.kind || "other") === k) }))
    .filter((g) => g.list.length > 0);
}

// Look says what is looked at, beside what, and when.
export function Look({ of: s, names, onChange }: { of: AnalyzeSearch; names: Names; onChange: Change }) {
  const whole = { monitor: undefined, programme: undefined, channel: undefined };
  return (
    <>
      <Menu
        trigger={
          <Button size="sm" touch aria-label={t`Looking at ${subjectName(s, names)}`}>
            <span className="max-w-52 truncate">{subjectName(s, names)}</span>
            <ChevronDown className="i s" aria-hidden />
          </Button>
        }
      >
        <MenuItem chosen={!s.monitor && !s.programme && !s.channel} onSelect={() => onChange(whole)}>
          <Trans>All that was heard</Trans>
        </MenuItem>
        {byKind(names.monitors).map((g) => (
          <div key={g.kind}>
            <MenuLabel>{kindName(g.kind)}</MenuLabel>
            {g.list.map((m) => (
              <MenuItem
                key={m.id}
                chosen={s.monitor === m.id}
                onSelect={() => onChange({ ...whole, monitor: m.id })}
              >
                {m.name}
              </MenuItem>
            ))}
          </div>
        ))}
        {names.programmes.length > 0 && (
          <>
            <MenuLine />
            <MenuLabel>
              <Trans>Programmes</Trans>
            </MenuLabel>
            {names.programmes.map((p) => (
              <MenuItem
                key={p.id}
                chosen={s.programme === p.id}
                onSelect={() => onChange({ ...whole, programme: p.id })}
              >
                {p.name}
              </MenuItem>
            ))}
          </>
        )}
        {names.channels.length > 0 && (
          <>
            <MenuLine />
            <MenuLabel>
              <Trans>Channels</Trans>
            </MenuLabel>
            {names.channels.map((c) => (
              <MenuItem
                key={c.id}
                chosen={s.channel === c.id}
                onSelect={() => onChange({ ...whole, channel: c.id })}
              >
                {c.name}
              </MenuItem>
            ))}
          </>
        )}
      </Menu>
      <span className="text-ink-3 max-sm:hidden">
        <Trans>beside</Trans>
      </span>
      <Menu
        trigger={
          <Button size="sm" look="g" touch aria-label={t`Beside ${otherName(s.vs, s, names)}`}>
            <span className="max-w-44 truncate">{otherName(s.vs, s, names)}</span>
            <ChevronDown className="i s" aria-hidden />
          </Button>
        }
      >
        <MenuItem chosen={!s.vs} onSelect={() => onChange({ vs: undefined })}>
          <Trans>The time before</Trans>
        </MenuItem>
        <MenuItem chosen={s.vs === "all"} onSelect={() => onChange({ vs: "all" })}>
          <Trans>All that was heard</Trans>
        </MenuItem>
        {byKind(names.monitors).map((g) => (
          <div key={g.kind}>
            <MenuLabel>{kindName(g.kind)}</MenuLabel>
            {g.list
              .filter((m) => m.id !== s.monitor)
              .map((m) => (
                <MenuItem
                  key={m.id}
                  chosen={s.vs === `m:${m.id}`}
                  onSelect={() => onChange({ vs: `m:${m.id}` })}
                >
                  {m.name}
                </MenuItem>
              ))}
          </div>
        ))}
        {names.programmes.length > 0 && (
          <MenuLabel>
            <Trans>Programmes</Trans>
          </MenuLabel>
        )}
        {names.programmes
          .filter((p) => p.id !== s.programme)
          .map((p) => (
            <MenuItem key={p.id} chosen={s.vs === `p:${p.id}`} onSelect={() => onChange({ vs: `p:${p.id}` })}>
              {p.name}
            </MenuItem>
          ))}
      </Menu>
    </>
  );
}

// Period is the time: the last so many days, or days of one's own.
export function Period({ of: s, onChange }: { of: AnalyzeSearch; onChange: Change }) {
  const own = Boolean(s.from && s.to);
  const fresh = { trend: s.trend, since: undefined, until: undefined };
  const value: Range | "own" = own ? "own" : (s.range ?? "30d");
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Segments
        label={t`Period`}
        value={value}
        parts={[
          ...ranges.map((r) => ({ value: r as Range | "own", label: rangeName(r) })),
          ...(own
            ? [
                {
                  value: "own" as const,
                  label: `${day(`${s.from}T12:00:00`)} – ${day(`${s.to}T12:00:00`)}`,
                },
              ]
            : []),
        ]}
        onChange={(r) => r !== "own" && onChange({ ...fresh, range: r, from: undefined, to: undefined })}
      />
      <Own of={s} onChange={(from, to) => onChange({ ...fresh, range: undefined, from, to })} />
    </span>
  );
}

function iso(d: Date): string {
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`;
}

function Own({ of: s, onChange }: { of: AnalyzeSearch; onChange: (from: string, to: string) => void }) {
  const [open, setOpen] = useState(false);
  const week = new Date();
  week.setDate(week.getDate() - 13);
  const [from, setFrom] = useState(s.from ?? iso(week));
  const [to, setTo] = useState(s.to ?? iso(new Date()));
  const wrong = !from || !to || from > to;
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button look="g" square touch aria-label={t`Choose days`} title={t`Choose days`}>
          <CalendarRange className="i" aria-hidden />
        </Button>
      }
      title={<Trans>Choose days</Trans>}
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
            {...(wrong ? { why: <Trans>The first day comes before the last.</Trans> } : {})}
            onClick={() => {
              onChange(from, to);
              setOpen(false);
            }}
          >
            <Trans>Look at these days</Trans>
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 gap-3">
        <Field label={<Trans>First day</Trans>}>
          <Input type="date" value={from} max={iso(new Date())} onChange={(e) => setFrom(e.target.value)} />
        </Field>
        <Field label={<Trans>Last day</Trans>}>
          <Input type="date" value={to} max={iso(new Date())} onChange={(e) => setTo(e.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}

// Share copies the address of the view as it stands.
export function Share() {
  return (
    <Button
      touch
      onClick={() =>
        void navigator.clipboard
          .writeText(window.location.href)
          .then(() => tell({ text: t`The link to this view is copied.` }))
          .catch(() => tell({ text: t`This browser does not let us copy; the address bar has the link.` }))
      }
    >
      <Link2 className="i s" aria-hidden />
      <span className="max-sm:sr-only">
        <Trans>Copy link</Trans>
      </span>
    </Button>
  );
}
