import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Avatar, Button, ChannelMark, Chip, States, Time, tell } from "../../kit";
import { count, share } from "../../lib/format";
import { useMay } from "../../lib/session";
import { Heard } from "./Heard";
import { type Choice, type Compared, reasonWord, type Side, useDecide, useSuggestion } from "./suggestData";

// Compare shows both persons side by side, lets one choose who stays and which
// values, says what a merge will do, and decides.
export function Compare({ id, after }: { id: string; after: () => void }) {
  const q = useSuggestion(id);
  return <States of={q}>{(s) => <Both of={s} after={after} />}</States>;
}

type Kept = "both" | Side;

function Both({ of: s, after }: { of: Compared; after: () => void }) {
  const [stays, setStays] = useState<Side>("survivor");
  const [name, setName] = useState<Side>();
  const [place, setPlace] = useState<Side>();
  const [notes, setNotes] = useState<Kept>("both");
  const may = useMay("people.write");
  const { accept, decline, reopen, undo } = useDecide(s.id);
  const open = s.state === "open";
  const who = { survivor: s.survivor, other: s.other };
  const noted = { survivor: s.survivor_notes, other: s.other_notes };
  const goes: Side = stays === "survivor" ? "other" : "survivor";
  const placeFrom = place ?? (who[stays].place ? stays : goes);
  const join = () => {
    const choice: Choice = { survivor: who[stays].id };
    if (name && name !== stays) choice.name = who[name].name;
    if (place) choice.place = who[place].place ?? "";
    if (notes !== "both") choice.notes = noted[notes];
    accept.mutate(choice, {
      onSuccess: (r) => {
        after();
        tell({
          text: t`${s.survivor.name} and ${s.other.name} are one person now.`,
          undo: () => undo.mutate(r.merge),
        });
      },
    });
  };
  const apart = () =>
    decline.mutate(undefined, {
      onSuccess: () => {
        after();
        tell({ text: t`They stay two people. It is not asked again.`, undo: () => reopen.mutate() });
      },
    });
  const sides: Side[] = ["survivor", "other"];
  const choose = open && may;
  return (
    <article aria-label={t`${s.survivor.name} and ${s.other.name}`}>
      <p className="mb-3 text-ink-2">
        <Trans>
          Probably one person: <b className="font-strong text-ink">{share(Math.min(s.probability, 0.99))}</b>
        </Trans>
      </p>
      <ul className="mb-4 flex flex-wrap gap-1.5" aria-label={t`Why`}>
        {(s.reasons ?? []).map((r) => {
          const { text, against } = reasonWord(r);
          const Sign = against ? X : Check;
          return (
            <li key={r}>
              <Chip tone={against ? "wait" : "good"} icon={<Sign className="i s" aria-hidden />}>
                {text}
              </Chip>
            </li>
          );
        })}
      </ul>
      <div className="grid grid-cols-2 overflow-hidden rounded-md border border-line">
        {sides.map((x) => (
          <Cell key={x} first={x === "survivor"}>
            <Link
              to="/people/$id"
              params={{ id: who[x].id }}
              className="flex items-center gap-2 hover:underline"
            >
              <Avatar name={who[x].name} size="sm" />
              <span className="min-w-0 truncate font-strong">{who[x].name}</span>
            </Link>
            {choose && (
              <Radio name="stays" on={stays === x} choose={() => setStays(x)}>
                <Trans>stays</Trans>
              </Radio>
            )}
          </Cell>
        ))}
        <Line
          label={<Trans>Name</Trans>}
          differs={who.survivor.name !== who.other.name}
          cell={(x) =>
            choose && who.survivor.name !== who.other.name ? (
              <Radio name="name" on={(name ?? stays) === x} choose={() => setName(x)}>
                {who[x].name}
              </Radio>
            ) : (
              who[x].name
            )
          }
        />
        {(who.survivor.place || who.other.place) && (
          <Line
            label={<Trans>Place</Trans>}
            differs={!!who.survivor.place && !!who.other.place && who.survivor.place !== who.other.place}
            cell={(x) =>
              choose && who.survivor.place && who.other.place && who.survivor.place !== who.other.place ? (
                <Radio name="place" on={placeFrom === x} choose={() => setPlace(x)}>
                  {who[x].place}
                </Radio>
              ) : (
                (who[x].place ?? <None />)
              )
            }
          />
        )}
        <Line
          label={<Trans>Accounts</Trans>}
          cell={(x) => (
            <ul>
              {(who[x].identities ?? []).map((i) => (
                <li key={i.id} className="flex min-h-6.5 min-w-0 items-center gap-2">
                  <ChannelMark kind={i.channel?.kind ?? i.scheme} mark={i.channel?.mark} inline />
                  <span className="min-w-0 truncate">{i.handle || i.value}</span>
                </li>
              ))}
            </ul>
          )}
        />
        <Line label={<Trans>Conversations</Trans>} cell={(x) => count(who[x].conversations)} />
        <Line label={<Trans>Said</Trans>} cell={(x) => count(who[x].activities)} />
        <Line label={<Trans>Last heard</Trans>} cell={(x) => <Heard at={who[x].last_seen_at} />} />
        {(noted.survivor || noted.other) && (
          <Line
            label={<Trans>Notes</Trans>}
            cell={(x) => (noted[x] ? <p className="words line-clamp-6">{noted[x]}</p> : <None />)}
          />
        )}
      </div>
      {choose && noted.survivor && noted.other && (
        <fieldset className="mt-3 flex flex-wrap items-center gap-x-4">
          <legend className="sr-only">
            <Trans>Which notes are kept</Trans>
          </legend>
          <Radio name="notes" on={notes === "both"} choose={() => setNotes("both")}>
            <Trans>Keep both notes</Trans>
          </Radio>
          {sides.map((x) => (
            <Radio key={x} name="notes" on={notes === x} choose={() => setNotes(x)}>
              <Trans>Only those of {who[x].name}</Trans>
            </Radio>
          ))}
        </fieldset>
      )}
      {choose && (
        <>
          <h2 className="mt-5 mb-1 font-strong">
            <Trans>What joining does</Trans>
          </h2>
          <ul className="list-disc ps-5 text-ink-2">
            <li>
              <Plural
                value={(who[goes].identities ?? []).length}
                one={`One account of ${who[goes].name} moves to ${who[stays].name}.`}
                other={`# accounts of ${who[goes].name} move to ${who[stays].name}.`}
              />
            </li>
            <li>
              <Trans>Every conversation keeps the address that it answers to.</Trans>
            </li>
            <li>
              <Trans>The page of {who[goes].name} leads here from now on.</Trans>
            </li>
            <li>
              <Trans>It can be taken apart again, and everything is as before.</Trans>
            </li>
          </ul>
          <div className="touch mt-5 flex flex-wrap gap-2">
            <Button look="p" busy={accept.isPending} onClick={join}>
              <Trans>One person: join them</Trans>
            </Button>
            <Button busy={decline.isPending} onClick={apart}>
              <Trans>They are two people</Trans>
            </Button>
          </div>
        </>
      )}
      {!open && <Decided of={s} may={may} />}
    </article>
  );
}

function Decided({ of: s, may }: { of: Compared; may: boolean }) {
  const { reopen, undo } = useDecide(s.id);
  return (
    <div className="touch mt-5 flex flex-wrap items-center gap-3 text-ink-2">
      {s.state === "accepted" && <Trans>They were joined.</Trans>}
      {s.state === "declined" && <Trans>They were found to be two people.</Trans>}
      {s.state === "stale" && <Trans>What spoke for it has changed since.</Trans>}
      {s.decided_at && <Time at={s.decided_at} className="text-ink-3" />}
      {may && s.state === "accepted" && s.merge && (
        <Button size="sm" busy={undo.isPending} onClick={() => undo.mutate(s.merge as string)}>
          <Trans>Take apart</Trans>
        </Button>
      )}
      {may && s.state === "declined" && (
        <Button size="sm" busy={reopen.isPending} onClick={() => reopen.mutate()}>
          <Trans>Ask again</Trans>
        </Button>
      )}
    </div>
  );
}

function Line({
  label,
  cell,
  differs,
}: {
  label: ReactNode;
  cell: (side: Side) => ReactNode;
  differs?: boolean;
}) {
  return (
    <>
      <div className="col-span-2 flex items-center gap-2 border-t border-line bg-sunken px-3 py-1 text-xs text-ink-2">
        {label}
        {differs && (
          <span className="font-strong text-ink">
            <Trans>differs</Trans>
          </span>
        )}
      </div>
      <Cell first>{cell("survivor")}</Cell>
      <Cell>{cell("other")}</Cell>
    </>
  );
}

function Cell({ children, first }: { children: ReactNode; first?: boolean }) {
  return <div className={`min-w-0 px-3 py-2${first ? " border-e border-line" : ""}`}>{children}</div>;
}

function Radio({
  name,
  on,
  choose,
  children,
}: {
  name: string;
  on: boolean;
  choose: () => void;
  children: ReactNode;
}) {
  return (
    <label className="flex min-h-8 min-w-0 cursor-pointer items-center gap-2 max-sm:min-h-11">
      <input
        type="radio"
        name={name}
        checked={on}
        onChange={choose}
        className="size-4 flex-none accent-[var(--voice)]"
      />
      <span className="min-w-0 truncate">{children}</span>
    </label>
  );
}

function None() {
  return <span className="text-ink-3">–</span>;
}
