import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, Chip, Confirm, Empty, States, Time, tell } from "../../../kit";
import { useMay } from "../../../lib/session";
import { Frame } from "../Frame";
import { CalendarForm } from "./CalendarForm";
import { type Calendar, useCalendars, usePaceActs } from "./data";
import { weekText } from "./words";

const route = getRouteApi("/frame/settings/hours");

// Hours is when we are there: calendars by which working time is counted.
export function Hours() {
  const { edit } = route.useSearch();
  const go = route.useNavigate();
  const may = useMay("govern.write");
  const calendars = useCalendars();
  const leave = () => void go({ search: {} });
  const add = may ? (
    <Button look="p" onClick={() => void go({ search: { edit: "new" } })}>
      <Plus className="i s" aria-hidden />
      <Trans>Add a calendar</Trans>
    </Button>
  ) : undefined;
  return (
    <Frame name={t`Business hours`} acts={edit ? undefined : add}>
      <States
        of={calendars}
        empty={
          edit ? (
            <CalendarForm key="new" of={undefined} onDone={leave} />
          ) : (
            <Empty title={<Trans>You are always there.</Trans>} acts={add}>
              <Trans>
                Say when somebody is at the desk, with breaks and holidays. Pledges then count working time,
                and rules know when you are out.
              </Trans>
            </Empty>
          )
        }
      >
        {(all) =>
          edit ? (
            <CalendarForm key={edit} of={all.find((c) => c.id === edit)} onDone={leave} />
          ) : (
            <ul className="flex flex-col gap-3">
              {all.map((c) => (
                <Card key={c.id} of={c} may={may} onEdit={() => void go({ search: { edit: c.id } })} />
              ))}
            </ul>
          )
        }
      </States>
    </Frame>
  );
}

function Card({ of: c, may, onEdit }: { of: Calendar; may: boolean; onEdit: () => void }) {
  const { dropCalendar } = usePaceActs();
  const [asks, setAsks] = useState(false);
  const free = c.holidays?.length ?? 0;
  return (
    <li className="rounded-md border border-line bg-paper p-4">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-strong">{c.name}</h2>
        <Chip tone={c.open ? "good" : "outline"}>
          {c.open ? <Trans>open now</Trans> : <Trans>closed now</Trans>}
        </Chip>
        {c.opens && (
          <span className="text-xs text-ink-3">
            <Trans>
              opens <Time at={c.opens} />
            </Trans>
          </span>
        )}
        {may && (
          <span className="ms-auto flex gap-1">
            <Button look="g" size="sm" touch onClick={onEdit} aria-label={t`Change ${c.name}`}>
              <Pencil className="i s" aria-hidden />
              <Trans>Change</Trans>
            </Button>
            <Confirm
              open={asks}
              onOpenChange={setAsks}
              trigger={
                <Button look="g" size="sm" square touch aria-label={t`Remove ${c.name}`}>
                  <Trash2 className="i s" aria-hidden />
                </Button>
              }
              title={<Trans>Remove {c.name}?</Trans>}
              text={<Trans>Whatever was counted by it stays counted.</Trans>}
              look="d"
              act={<Trans>Remove it</Trans>}
              busy={dropCalendar.isPending}
              onAct={() =>
                dropCalendar.mutate(c.id, {
                  onSuccess: () => tell({ text: t`${c.name} is gone.` }),
                  onSettled: () => setAsks(false),
                })
              }
            />
          </span>
        )}
      </div>
      <ul className="pt-2 text-ink-2 tabular-nums">
        {weekText(c.week ?? []).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="pt-2 text-xs text-ink-3">
        {c.zone} · <Plural value={free} _0="no holidays" one="# holiday" other="# holidays" />
      </p>
    </li>
  );
}
