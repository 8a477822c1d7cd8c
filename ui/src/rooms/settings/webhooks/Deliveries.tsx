import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi } from "@tanstack/react-router";
import { RotateCcw } from "lucide-react";
import {
  Button,
  Chip,
  Empty,
  Facts,
  Section,
  Segments,
  Sheet,
  States,
  Table,
  Time,
  tell,
} from "../../../kit";
import { count } from "../../../lib/format";
import {
  type Delivery,
  type DeliveryState,
  type Hook,
  useDeliveries,
  useDelivery,
  useHookActs,
} from "./data";
import { deliveryState, factName } from "./words";

const route = getRouteApi("/frame/settings/webhooks/$id");

// Deliveries are what a webhook was told, and what waits.
export function Deliveries({ h }: { h: Hook }) {
  const { state, delivery } = route.useSearch();
  const go = route.useNavigate();
  const all = useDeliveries(h.id, state, true);
  const show = (d?: string) =>
    void go({ search: { ...(state ? { state } : {}), ...(d ? { delivery: d } : {}) }, replace: !d });
  return (
    <Section title={<Trans>What it was told</Trans>} end={<Trans>kept for thirty days</Trans>}>
      <div className="py-3">
        <Segments<DeliveryState | "all">
          label={t`Which`}
          value={state ?? "all"}
          onChange={(s) => void go({ search: s === "all" ? {} : { state: s }, replace: true })}
          parts={[
            { value: "all", label: t`All` },
            { value: "open", label: t`Waiting` },
            { value: "failed", label: t`Given up` },
            { value: "done", label: t`Taken` },
          ]}
        />
      </div>
      <States
        of={all}
        empty={
          <Empty
            title={state ? <Trans>There is none of these.</Trans> : <Trans>It was told nothing yet.</Trans>}
          >
            <Trans>Send a ping to see whether it listens.</Trans>
          </Empty>
        }
      >
        {(rows) => (
          <>
            <Table
              label={t`What it was told`}
              head={
                <>
                  <th>
                    <Trans>What</Trans>
                  </th>
                  <th>
                    <Trans>State</Trans>
                  </th>
                  <th className="num max-sm:hidden">
                    <Trans>Tries</Trans>
                  </th>
                  <th className="max-md:hidden">
                    <Trans>Answer</Trans>
                  </th>
                  <th className="num max-md:hidden">
                    <Trans>Took</Trans>
                  </th>
                  <th className="max-sm:hidden">
                    <Trans>When</Trans>
                  </th>
                </>
              }
            >
              {rows.map((d) => (
                <Row key={d.id} d={d} onShow={() => show(d.id)} />
              ))}
            </Table>
            {all.hasMore && (
              <Button touch className="mt-3" busy={all.loadingMore} onClick={all.more}>
                <Trans>Older ones</Trans>
              </Button>
            )}
          </>
        )}
      </States>
      <One id={delivery} on={h.state === "on"} onClose={() => show()} />
    </Section>
  );
}

function Row({ d, onShow }: { d: Delivery; onShow: () => void }) {
  const s = deliveryState(d.state, d.attempts);
  return (
    <tr>
      <td>
        <button type="button" className="block py-1 text-start hover:underline" onClick={onShow}>
          <span className="font-medium">{factName(d.type)}</span>
          <span className="mono block text-xs text-ink-3">{d.event}</span>
        </button>
      </td>
      <td>
        <Chip tone={s.tone}>{s.word}</Chip>
      </td>
      <td className="num max-sm:hidden">{count(d.attempts)}</td>
      <td className="text-ink-2 max-md:hidden">
        <span className="line-clamp-2">{d.problem || (d.status ? String(d.status) : "–")}</span>
      </td>
      <td className="num text-ink-2 max-md:hidden">
        {d.tried_at ? `${count(Math.round(d.took_ms))} ms` : "–"}
      </td>
      <td className="text-ink-2 max-sm:hidden">
        <Time at={d.created_at} />
      </td>
    </tr>
  );
}

function One({ id, on, onClose }: { id: string | undefined; on: boolean; onClose: () => void }) {
  const one = useDelivery(id);
  const { replay } = useHookActs();
  return (
    <Sheet open={id !== undefined} onOpenChange={(o) => !o && onClose()} title={t`One message`}>
      <States of={one}>
        {(d) => (
          <div className="flex flex-col gap-4">
            <Facts
              of={[
                [<Trans key="w">What</Trans>, factName(d.type)],
                [<Trans key="s">State</Trans>, deliveryState(d.state, d.attempts).word],
                [<Trans key="n">Tries</Trans>, count(d.attempts)],
                ...(d.next_at
                  ? ([[<Trans key="x">Next try</Trans>, <Time key="x" at={d.next_at} />]] as const)
                  : []),
                ...(d.tried_at
                  ? ([[<Trans key="l">Last try</Trans>, <Time key="l" at={d.tried_at} />]] as const)
                  : []),
                [<Trans key="a">Answer</Trans>, d.problem || (d.status ? String(d.status) : "–")],
              ]}
            />
            <Text title={<Trans>What is sent</Trans>} text={pretty(d.body ?? "")} />
            {d.answer && <Text title={<Trans>How the answer began</Trans>} text={d.answer} />}
            <Button
              touch
              className="self-start"
              busy={replay.isPending}
              {...(on ? {} : { why: t`Turn the webhook on first.` })}
              onClick={() =>
                replay.mutate(d.id, {
                  onSuccess: () => {
                    tell({ text: t`It is told again.` });
                    onClose();
                  },
                })
              }
            >
              <RotateCcw className="i s" aria-hidden />
              <Trans>Tell it again</Trans>
            </Button>
          </div>
        )}
      </States>
    </Sheet>
  );
}

function Text({ title, text }: { title: React.ReactNode; text: string }) {
  return (
    <div>
      <h3 className="mb-1 font-medium">{title}</h3>
      <pre className="mono rounded-md bg-sunken p-3 text-xs [overflow-wrap:anywhere] whitespace-pre-wrap">
        {text}
      </pre>
    </div>
  );
}

function pretty(s: string): string {
  try {
    return JSON.stringify(JSON.parse(s), null, 2);
  } catch {
    return s;
  }
}
