import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { MapPin, MapPinOff, Pin, Search, Undo2 } from "lucide-react";
import { useState } from "react";
import {
  Chip,
  Dialog,
  Empty,
  Input,
  Menu,
  MenuItem,
  MenuLabel,
  MenuLine,
  MenuNote,
  States,
  tell,
} from "../../../kit";
import { useSettled } from "../../../lib/debounce";
import { share } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import type { Mention } from "../data";
import { useFind, usePlaceActs } from "./data";
import { viaName } from "./words";

// Where is the place that a post speaks of, with the reason why; one press
// corrects it, and a correction stays.
export function Where({ of: m }: { of: Mention }) {
  const w = m.place;
  const may = useMay("listen.write");
  const { correct } = usePlaceActs();
  const [asks, setAsks] = useState(false);
  if (!w) return null;
  const others = w.others ?? [];
  const fix = (place: string | undefined, said: string) =>
    correct.mutate(
      { mention: m.id, ...(place === undefined ? {} : { place }) },
      {
        onSuccess: () =>
          tell({
            text: said,
            undo: () => correct.mutate({ mention: m.id, ...(w.pinned ? { place: w.id ?? "" } : {}) }),
          }),
      },
    );
  const label = w.id ? w.name : w.pinned ? t`no place` : t`Where?`;
  return (
    <>
      <Menu
        trigger={
          <button type="button" className="inline-flex" aria-label={t`Place: ${label}`}>
            <Chip tone="outline" icon={w.pinned ? <Pin aria-hidden /> : <MapPin aria-hidden />}>
              {label}
            </Chip>
          </button>
        }
      >
        <MenuNote>
          {w.id || w.pinned ? (
            <>
              {viaName(w.via)}
              {w.via !== "hand" && (
                <>
                  {" · "}
                  <Trans>{share(w.confidence)} sure</Trans>
                </>
              )}
              {w.why && <span className="said block max-w-64 text-ink-2">{w.why}</span>}
            </>
          ) : (
            <>
              <Trans>The words could mean several places, so none is taken.</Trans>
              {w.why && <span className="said block max-w-64 text-ink-2">{w.why}</span>}
            </>
          )}
        </MenuNote>
        {w.id && (
          <MenuItem
            icon={<MapPin className="i" aria-hidden />}
            link={<Link to="/listen/places/$id" params={{ id: w.id }} />}
          >
            <Trans>Go to {w.name}</Trans>
          </MenuItem>
        )}
        {may && (
          <>
            <MenuLine />
            <MenuLabel>
              <Trans>Correct it</Trans>
            </MenuLabel>
            {others.map((o) => (
              <MenuItem
                key={o.id}
                icon={<MapPin className="i" aria-hidden />}
                onSelect={() => fix(o.id, t`It speaks of ${o.name}.`)}
              >
                {o.name}
              </MenuItem>
            ))}
            <MenuItem icon={<Search className="i" aria-hidden />} onSelect={() => setAsks(true)}>
              <Trans>Another place</Trans>
            </MenuItem>
            {(w.id || !w.pinned) && (
              <MenuItem
                icon={<MapPinOff className="i" aria-hidden />}
                onSelect={() => fix("", t`It speaks of no place.`)}
              >
                <Trans>Of no place</Trans>
              </MenuItem>
            )}
            {w.pinned && (
              <MenuItem
                icon={<Undo2 className="i" aria-hidden />}
                onSelect={() => fix(undefined, t`The evidence decides again.`)}
              >
                <Trans>Let the evidence decide</Trans>
              </MenuItem>
            )}
          </>
        )}
      </Menu>
      <Dialog open={asks} onOpenChange={setAsks} title={<Trans>Of which place does it speak?</Trans>}>
        {asks && (
          <Choose
            onChoose={(id, name) => {
              setAsks(false);
              fix(id, t`It speaks of ${name}.`);
            }}
          />
        )}
      </Dialog>
    </>
  );
}

function Choose({ onChoose }: { onChoose: (id: string, name: string) => void }) {
  const [q, setQ] = useState("");
  const settled = useSettled(q, 200);
  const found = useFind(settled);
  return (
    <div className="flex flex-col gap-2">
      <Input
        autoFocus
        type="search"
        aria-label={t`Branch or city`}
        placeholder={t`Branch or city`}
        value={q}
        onChange={(e) => setQ(e.currentTarget.value)}
      />
      {settled.trim() !== "" && (
        <States of={found} empty={<Empty title={<Trans>No place begins so.</Trans>} />}>
          {(rows) => (
            <ul className="touch max-h-72 overflow-y-auto">
              {rows.map((p) => (
                <li key={p.id}>
                  <button
                    type="button"
                    className="flex min-h-9 w-full items-center gap-2 rounded-sm px-2 text-start hover:bg-hover"
                    onClick={() => onChoose(p.id, p.name)}
                  >
                    <MapPin className="i s text-ink-3" aria-hidden />
                    <span className="min-w-0 flex-1 truncate">{p.name}</span>
                    <span className="text-xs text-ink-3">{p.branch ? p.detail : t`city`}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </States>
      )}
    </div>
  );
}
