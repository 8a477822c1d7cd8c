import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { Lock, ShieldAlert, ShieldCheck } from "lucide-react";
import { Button, Chip, Empty, Page, PageBody, Select, States, Table, Time, tell } from "../../kit";
import { count } from "../../lib/format";
import { type Line, useRecord, useRecordStatus, useRules } from "./data";
import { GovernShelf, shelfName } from "./Shelf";
import { brief, did, thing } from "./told";

const route = getRouteApi("/frame/govern/record");

const objects = [
  "conversation",
  "message",
  "monitor",
  "channel",
  "programme",
  "policy",
  "member",
  "token",
  "person",
  "link",
  "conversion",
];

// Record is who did what, in an order that nobody can change unseen.
export function Record() {
  const f = route.useSearch();
  const go = route.useNavigate();
  const lines = useRecord(f);
  return (
    <Page
      name={t`The record`}
      title={<Trans>The record</Trans>}
      shelf={<GovernShelf />}
      shelfName={shelfName()}
      acts={
        <Select
          label={t`About`}
          value={f.object ?? ""}
          onChange={(v) => void go({ search: v ? { object: v } : {} })}
          choices={[{ value: "", label: t`Everything` }, ...objects.map((o) => ({ value: o, label: o }))]}
        />
      }
    >
      <PageBody>
        <Seal />
        <States
          of={lines}
          empty={
            <Empty title={<Trans>Nothing was done yet.</Trans>}>
              <Trans>Every change stands here from now on: who did what to which thing, and when.</Trans>
            </Empty>
          }
        >
          {(rows) => (
            <>
              <Table
                label={t`The record`}
                head={
                  <>
                    <th className="num">
                      <Trans>No.</Trans>
                    </th>
                    <th>
                      <Trans>Who</Trans>
                    </th>
                    <th>
                      <Trans>What</Trans>
                    </th>
                    <th className="max-md:hidden">
                      <Trans>Details</Trans>
                    </th>
                    <th className="max-sm:hidden">
                      <Trans>Sealed</Trans>
                    </th>
                    <th className="num">
                      <Trans>When</Trans>
                    </th>
                  </>
                }
              >
                {rows.map((l) => (
                  <Row key={l.seq} l={l} />
                ))}
              </Table>
              {lines.hasMore && (
                <div className="py-4">
                  <Button size="sm" touch busy={lines.loadingMore} onClick={lines.more}>
                    <Trans>Show more</Trans>
                  </Button>
                </div>
              )}
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

function Row({ l }: { l: Line }) {
  const detail = detailOf(l.detail);
  return (
    <tr>
      <td className="num mono text-xs text-ink-3">{l.seq}</td>
      <td className="whitespace-nowrap">{l.actor.name}</td>
      <td>
        {did(l.verb)} <span className="text-ink-2">{thing(l.verb, l.object)}</span>
      </td>
      <td className="w-1/2 max-w-0 max-md:hidden">
        <span className="block truncate text-ink-2" title={detail}>
          {brief(l.detail)}
        </span>
      </td>
      <td className="max-sm:hidden">
        {l.sealed ? (
          <span className="mono flex items-center gap-1.5 text-xs text-ink-3" title={l.hash}>
            <Lock className="i s" aria-label={t`sealed`} />
            {l.hash?.slice(0, 8)}
          </span>
        ) : (
          <span className="text-xs text-ink-3">
            <Trans>in a moment</Trans>
          </span>
        )}
      </td>
      <td className="num">
        <Time at={l.at} className="text-ink-2" />
      </td>
    </tr>
  );
}

// detailOf sets details as words: name: Portland; inbox: true.
export function detailOf(d: unknown): string {
  if (!d || typeof d !== "object") return "";
  return Object.entries(d)
    .map(([k, v]) => `${k}: ${typeof v === "object" ? JSON.stringify(v) : String(v)}`)
    .join("; ");
}

// Seal says how far the record is sealed, and lets one check it.
function Seal() {
  const status = useRecordStatus();
  const { verify } = useRules();
  const s = status.data;
  if (!s) return null;
  const bad = s.ok === false;
  return (
    <div className="mb-5 flex flex-wrap items-center gap-x-6 gap-y-2 border-b border-line pb-4">
      <p className="text-xl font-strong tracking-tight">
        {bad ? (
          <span className="flex items-center gap-2 text-alarm">
            <ShieldAlert className="i l" aria-hidden />
            <Trans>Somebody has changed the record.</Trans>
          </span>
        ) : (
          <Trans>
            {count(s.entries)} changes, {count(s.sealed)} of them sealed.
          </Trans>
        )}
      </p>
      <span className="flex items-center gap-3 sm:ms-auto">
        {s.verified_at && (
          <Chip tone={bad ? "alarm" : "good"} icon={<ShieldCheck aria-hidden />}>
            <Trans>
              checked <Time at={s.verified_at} />
            </Trans>
          </Chip>
        )}
        <Button
          look="o"
          touch
          busy={verify.isPending}
          onClick={() =>
            verify.mutate(undefined, {
              onSuccess: (v) =>
                tell(
                  v.ok
                    ? { text: t`The record is whole: ${count(v.entries)} entries.` }
                    : { text: v.problem ?? t`The record is not whole.`, bad: true },
                ),
              onError: (e) => tell({ text: e.message, bad: true }),
            })
          }
        >
          <Trans>Check it</Trans>
        </Button>
      </span>
    </div>
  );
}
