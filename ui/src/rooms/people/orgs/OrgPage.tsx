import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChevronLeft, Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { AsidePart, Avatar, Button, btn, Empty, Page, PageBody, Section, States, tell } from "../../../kit";
import { day } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { Changes } from "../Changes";
import { DealTable } from "../deals/Deals";
import {
  type OrgFull,
  type Role,
  useDealActs,
  useDeals,
  useOrg,
  usePipelines,
  useStaff,
} from "../deals/data";
import { NewDeal } from "../deals/Write";
import { Values } from "../Values";
import { AddRole } from "./AddRole";
import { WriteOrg } from "./WriteOrg";

const route = getRouteApi("/frame/people/organizations/$id");

// OrgPage is one organization: who works there and what they may order.
export function OrgPage() {
  const { id } = route.useParams();
  const org = useOrg(id);
  const may = useMay("people.write");
  const [edits, setEdits] = useState(false);
  const name = org.data?.name ?? t`Organization`;
  return (
    <Page
      name={name}
      title={
        <span className="flex items-center gap-1">
          <Link
            to="/people/organizations"
            className={btn("g", "sm", "sq -ms-2")}
            aria-label={t`All organizations`}
          >
            <ChevronLeft className="i rtl:-scale-x-100" aria-hidden />
          </Link>
          <span className="truncate">{name}</span>
        </span>
      }
      acts={
        may &&
        org.data && (
          <Button size="sm" touch onClick={() => setEdits(true)}>
            <Pencil className="i s" aria-hidden />
            <span className="max-sm:sr-only">
              <Trans>Change</Trans>
            </span>
          </Button>
        )
      }
      aside={org.data && <About of={org.data} />}
      asideName={t`About ${name}`}
    >
      <PageBody className="max-w-3xl">
        <States of={org}>
          {(o) => (
            <>
              <div className="mb-6 flex items-center gap-4">
                <Avatar name={o.name} size="lg" org />
                <div className="min-w-0">
                  <p className="truncate text-lg font-strong tracking-tight">{o.name}</p>
                  <p className="truncate text-ink-3">{[o.industry, o.domain].filter(Boolean).join(" · ")}</p>
                </div>
              </div>
              <Staff of={o} may={may} />
              <Deals of={o} may={may} />
              <Changes object="organization" id={o.id} />
              <WriteOrg of={o} open={edits} onOpenChange={setEdits} />
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

function Staff({ of: o, may }: { of: OrgFull; may: boolean }) {
  const staff = useStaff(o.id);
  const [adds, setAdds] = useState(false);
  return (
    <Section
      title={<Trans>People</Trans>}
      n={o.people || undefined}
      end={
        may && (
          <Button look="g" size="sm" touch onClick={() => setAdds(true)}>
            <Plus className="i s" aria-hidden />
            <Trans>Somebody works here</Trans>
          </Button>
        )
      }
    >
      <States
        of={staff}
        empty={
          <div className="pt-3">
            <Empty title={<Trans>Nobody is known to work here.</Trans>} />
          </div>
        }
      >
        {(rows) => (
          <ul>
            {rows.map((r) => (
              <Worker key={r.id} r={r} may={may} />
            ))}
            {staff.hasMore && (
              <li className="pt-2">
                <Button size="sm" touch busy={staff.loadingMore} onClick={staff.more}>
                  <Trans>Show more</Trans>
                </Button>
              </li>
            )}
          </ul>
        )}
      </States>
      <AddRole org={o} open={adds} onOpenChange={setAdds} />
    </Section>
  );
}

function Worker({ r, may }: { r: Role; may: boolean }) {
  const { role } = useDealActs();
  const leave = () => {
    const until = new Date().toISOString().slice(0, 10);
    role.mutate(
      { id: r.id, until },
      {
        onSuccess: () =>
          tell({ text: t`${r.person.name} left.`, undo: () => role.mutate({ id: r.id, until: "" }) }),
      },
    );
  };
  return (
    <li className="flex min-h-12 items-center gap-3 border-b border-line">
      <Avatar name={r.person.name} size="sm" />
      <span className="min-w-0 flex-1">
        <Link
          to="/people/$id"
          params={{ id: r.person.id }}
          className="block truncate font-strong hover:underline"
        >
          {r.person.name}
        </Link>
        <span className="block truncate text-xs text-ink-3">
          {r.title}
          {r.title && (r.since || r.until) && " · "}
          <Days of={r} />
        </span>
      </span>
      {may && !r.until && (
        <Button look="g" size="sm" touch onClick={leave}>
          <Trans>Left</Trans>
        </Button>
      )}
    </li>
  );
}

// Days says since when and until when.
export function Days({ of: r }: { of: { since?: string | undefined; until?: string | undefined } }) {
  const on = (d: string) => `${day(`${d}T12:00:00`)} ${d.slice(0, 4)}`;
  if (r.since && r.until) return <>{`${on(r.since)} – ${on(r.until)}`}</>;
  if (r.until) return <Trans>until {on(r.until)}</Trans>;
  if (r.since) return <Trans>since {on(r.since)}</Trans>;
  return null;
}

function Deals({ of: o, may }: { of: OrgFull; may: boolean }) {
  const deals = useDeals({ organization: o.id });
  const pipelines = usePipelines().data ?? [];
  const [adds, setAdds] = useState(false);
  const stage = (id: string) => pipelines.flatMap((p) => p.stages ?? []).find((s) => s.id === id)?.name ?? "";
  return (
    <Section
      title={<Trans>Opportunities</Trans>}
      className="pt-6"
      end={
        may && (
          <Button look="g" size="sm" touch onClick={() => setAdds(true)}>
            <Plus className="i s" aria-hidden />
            <Trans>New opportunity</Trans>
          </Button>
        )
      }
    >
      <States
        of={deals}
        empty={
          <div className="pt-3">
            <Empty title={<Trans>Nothing is open with them.</Trans>} />
          </div>
        }
      >
        {(rows) => (
          <>
            <DealTable rows={rows} stage={stage} />
            {deals.hasMore && (
              <Button size="sm" touch className="mt-2" busy={deals.loadingMore} onClick={deals.more}>
                <Trans>Show more</Trans>
              </Button>
            )}
          </>
        )}
      </States>
      <NewDeal open={adds} onOpenChange={setAdds} organization={{ id: o.id, name: o.name }} />
    </Section>
  );
}

function About({ of: o }: { of: OrgFull }) {
  const below = o.below ?? [];
  return (
    <>
      {(o.parent || below.length > 0) && (
        <AsidePart title={<Trans>Belongs together</Trans>}>
          <ul className="flex flex-col gap-1.5">
            {o.parent && (
              <li>
                <span className="text-ink-3">
                  <Trans>part of</Trans>
                </span>{" "}
                <Link to="/people/organizations/$id" params={{ id: o.parent.id }} className="hover:underline">
                  {o.parent.name}
                </Link>
              </li>
            )}
            {below.map((b) => (
              <li key={b.id} className="flex items-center gap-2">
                <Avatar name={b.name} size="xs" org />
                <Link
                  to="/people/organizations/$id"
                  params={{ id: b.id }}
                  className="truncate hover:underline"
                >
                  {b.name}
                </Link>
              </li>
            ))}
          </ul>
        </AsidePart>
      )}
      {o.owner && (
        <AsidePart title={<Trans>Looked after by</Trans>}>
          <span className="flex items-center gap-2">
            <Avatar name={o.owner.name} size="sm" us />
            {o.owner.name}
          </span>
        </AsidePart>
      )}
      {o.external_id && (
        <AsidePart title={<Trans>Known elsewhere</Trans>}>
          <p className="[overflow-wrap:anywhere]">
            <span className="text-ink-3">{o.system}</span> {o.external_id}
          </p>
        </AsidePart>
      )}
      {o.programme && (
        <AsidePart title={<Trans>Programme</Trans>}>
          <p>{o.programme.name}</p>
        </AsidePart>
      )}
      <Values of="organization" id={o.id} />
    </>
  );
}
