import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { Button, condText, Empty, States } from "../../../kit";
import { span } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { CardHead } from "../CardHead";
import { Frame } from "../Frame";
import { asCond, type Pledge, useCalendars, usePaceActs, usePledges, useTalkFields } from "./data";
import { PledgeForm } from "./PledgeForm";

const route = getRouteApi("/frame/settings/pledges");

// Pledges is what we promise about time (SLA), in the order in which it counts.
export function Pledges() {
  const { edit } = route.useSearch();
  const go = route.useNavigate();
  const may = useMay("govern.write");
  const pledges = usePledges();
  const acts = usePaceActs();
  const leave = () => void go({ search: {} });
  const add = may ? (
    <Button look="p" onClick={() => void go({ search: { edit: "new" } })}>
      <Plus className="i s" aria-hidden />
      <Trans>Add a pledge</Trans>
    </Button>
  ) : undefined;
  return (
    <Frame name={t`Pledges`} acts={edit ? undefined : add}>
      <States
        of={pledges}
        empty={
          edit ? (
            <PledgeForm key="new" of={undefined} onDone={leave} />
          ) : (
            <Empty title={<Trans>Nothing is promised.</Trans>} acts={add}>
              <Trans>
                Promise by when people have an answer and an end (SLA). The inbox then shows what is due,
                tells you before it is late, and counts what you kept.
              </Trans>
            </Empty>
          )
        }
      >
        {(all) =>
          edit ? (
            <PledgeForm key={edit} of={all.find((p) => p.id === edit)} onDone={leave} />
          ) : (
            <>
              <p className="max-w-(--measure) pb-4 text-ink-2">
                <Trans>
                  A conversation is under the first pledge that fits it. How well you keep them stands in{" "}
                  <Link to="/engage/pace" className="link underline">
                    On time
                  </Link>
                  .
                </Trans>
              </p>
              <ol className="flex flex-col gap-3">
                {all.map((p, i) => (
                  <Card
                    key={p.id}
                    of={p}
                    may={may}
                    onEdit={() => void go({ search: { edit: p.id } })}
                    onUp={i > 0 ? () => acts.order.mutate(swapped(all, i, i - 1)) : undefined}
                    onDown={i < all.length - 1 ? () => acts.order.mutate(swapped(all, i, i + 1)) : undefined}
                  />
                ))}
              </ol>
            </>
          )
        }
      </States>
    </Frame>
  );
}

function swapped(all: readonly Pledge[], a: number, b: number): string[] {
  const ids = all.map((p) => p.id);
  const x = ids[a] as string;
  ids[a] = ids[b] as string;
  ids[b] = x;
  return ids;
}

function Card({
  of: p,
  may,
  onEdit,
  onUp,
  onDown,
}: {
  of: Pledge;
  may: boolean;
  onEdit: () => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
}) {
  const acts = usePaceActs();
  const fields = useTalkFields();
  const calendar = (useCalendars().data ?? []).find((c) => c.id === p.calendar);
  const goals = [
    p.first_s ? t`first answer within ${span(p.first_s)}` : "",
    p.next_s ? t`each next within ${span(p.next_s)}` : "",
    p.resolve_s ? t`an end within ${span(p.resolve_s)}` : "",
  ].filter(Boolean);
  return (
    <li className="rounded-md border border-line bg-paper p-4">
      <CardHead
        name={p.name}
        on={p.on}
        may={may}
        onEdit={onEdit}
        onUp={onUp}
        onDown={onDown}
        after={<Trans>Nothing is due by it any more. What was counted stays counted.</Trans>}
        busy={acts.dropPledge.isPending}
        onRemove={(done) => acts.dropPledge.mutate(p.id, done)}
      />
      <p className="pt-1.5">{goals.join(" · ")}</p>
      <p className="pt-1 text-ink-2">
        <Trans>For: {condText(asCond(p.conditions), fields)}</Trans>
      </p>
      <p className="pt-1 text-xs text-ink-3">
        {calendar ? (
          <Trans>Counts the hours of {calendar.name}.</Trans>
        ) : (
          <Trans>Counts day and night.</Trans>
        )}{" "}
        {p.warn_s ? <Trans>Warns {span(p.warn_s)} before.</Trans> : null}{" "}
        {p.pause ? <Trans>Stands while we wait for them.</Trans> : null}
      </p>
    </li>
  );
}
