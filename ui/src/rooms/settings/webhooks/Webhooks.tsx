import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button, Chip, Empty, States, Table, Time } from "../../../kit";
import { count } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { Frame } from "../Frame";
import { Once } from "../Once";
import { type Hook, useHookActs, useHooks } from "./data";
import { HookForm } from "./HookForm";
import { hookState } from "./words";

// Webhooks tell other systems what happens here.
export function Webhooks() {
  const may = useMay("hook.write");
  const hooks = useHooks(may);
  const types = hooks.data?.types ?? [];
  return (
    <Frame name={t`Webhooks`} may={may} acts={<New types={types} />}>
      <p className="max-w-(--measure) pb-4 text-ink-2">
        <Trans>
          Other systems are told what happens here as it happens: a small signed message that names what
          changed, so that they can ask the API for more. What they don’t take is tried again for three days.
        </Trans>
      </p>
      <States
        of={{ ...hooks, data: hooks.data?.items ?? undefined }}
        empty={
          <Empty title={<Trans>Nobody is told yet.</Trans>}>
            <Trans>Add the address of a shop, a warehouse or an automation that should know at once.</Trans>
          </Empty>
        }
      >
        {(rows) => (
          <Table
            label={t`Webhooks`}
            head={
              <>
                <th>
                  <Trans>Name</Trans>
                </th>
                <th>
                  <Trans>State</Trans>
                </th>
                <th className="max-md:hidden">
                  <Trans>Is told</Trans>
                </th>
                <th className="num max-sm:hidden">
                  <Trans>Waiting</Trans>
                </th>
                <th className="num max-sm:hidden">
                  <Trans>Given up today</Trans>
                </th>
                <th className="max-md:hidden">
                  <Trans>Last taken</Trans>
                </th>
              </>
            }
          >
            {rows.map((h) => (
              <Row key={h.id} h={h} />
            ))}
          </Table>
        )}
      </States>
    </Frame>
  );
}

function Row({ h }: { h: Hook }) {
  const state = hookState(h.state);
  const n = h.facts?.length ?? 0;
  return (
    <tr>
      <td>
        <span className="block min-w-0 py-1">
          <Link to="/settings/webhooks/$id" params={{ id: h.id }} className="font-strong hover:underline">
            {h.name}
          </Link>
          <span className="block text-xs text-ink-3 [overflow-wrap:anywhere]">{h.url.split("?")[0]}</span>
        </span>
      </td>
      <td>
        <Chip tone={state.tone}>{state.word}</Chip>
      </td>
      <td className="text-ink-2 max-md:hidden">
        {n === 0 ? <Trans>everything</Trans> : <Plural value={n} one="# thing" other="# things" />}
      </td>
      <td className="num max-sm:hidden">{count(h.open)}</td>
      <td className="num max-sm:hidden">{count(h.failed)}</td>
      <td className="text-ink-2 max-md:hidden">
        {h.last_at ? <Time at={h.last_at} /> : <Trans>nothing yet</Trans>}
      </td>
    </tr>
  );
}

function New({ types }: { types: readonly string[] }) {
  const { add } = useHookActs();
  const [open, setOpen] = useState(false);
  const [n, setN] = useState(0);
  return (
    <>
      <HookForm
        key={n}
        open={open}
        onOpenChange={(o) => {
          setOpen(o);
          if (o) add.reset();
        }}
        trigger={
          <Button look="p" touch>
            <Plus className="i s" aria-hidden />
            <Trans>New webhook</Trans>
          </Button>
        }
        title={<Trans>Tell another system</Trans>}
        act={<Trans>Add it</Trans>}
        types={types}
        busy={add.isPending}
        error={add.error}
        onSend={(d) => add.mutate(d, { onSuccess: () => setOpen(false) })}
      />
      <Once
        open={Boolean(add.data) && !open}
        onClose={() => {
          add.reset();
          setN(n + 1);
        }}
        title={<Trans>The secret of {add.data?.name ?? ""}</Trans>}
        text={
          <Trans>
            Give it to the other system, which checks by it that a message comes from you. It is not shown
            again.
          </Trans>
        }
        label={<Trans>Secret</Trans>}
        value={add.data?.secret ?? ""}
      />
    </>
  );
}
