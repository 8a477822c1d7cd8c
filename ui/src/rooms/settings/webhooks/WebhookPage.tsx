import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { KeyRound, Pencil, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Button, Chip, Confirm, Facts, Section, States, Switch, Time, tell } from "../../../kit";
import { count } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { Frame } from "../Frame";
import { Once } from "../Once";
import { Deliveries } from "./Deliveries";
import { type Hook, useHook, useHookActs, useHooks } from "./data";
import { HookForm } from "./HookForm";
import { factName, hookState } from "./words";

const route = getRouteApi("/frame/settings/webhooks/$id");

// WebhookPage is one webhook: how it does, what it was told, and what to do when it did not listen.
export function WebhookPage() {
  const { id } = route.useParams();
  const may = useMay("hook.write");
  const hook = useHook(id, may);
  const h = hook.data;
  return (
    <Frame
      name={h?.name ?? t`Webhook`}
      may={may}
      beside={h && <Chip tone={hookState(h.state).tone}>{hookState(h.state).word}</Chip>}
    >
      <States of={hook}>
        {(h) => (
          <div className="flex flex-col gap-9">
            <How h={h} />
            <Deliveries h={h} />
            <Remove h={h} />
          </div>
        )}
      </States>
    </Frame>
  );
}

function How({ h }: { h: Hook }) {
  const { edit, ping, replayAll } = useHookActs();
  const [again, setAgain] = useState(false);
  const replay = () => {
    const until = new Date(Date.now() + 1000);
    replayAll.mutate(
      {
        id: h.id,
        since: new Date(until.getTime() - 86_400_000).toISOString(),
        until: until.toISOString(),
        failed: true,
      },
      {
        onSuccess: (r) => {
          setAgain(false);
          tell({
            text: r.deliveries
              ? t`${count(r.deliveries)} are told again.`
              : t`Nothing of the last day was given up.`,
          });
        },
      },
    );
  };
  return (
    <Section title={<Trans>How it does</Trans>} className="max-w-3xl">
      {h.state === "broken" && (
        <p role="status" className="py-3 text-lg text-alarm">
          <Trans>It is told no more.</Trans> {h.note}
        </p>
      )}
      {h.state === "on" && h.failing_since && (
        <p role="status" className="py-3 text-lg">
          <Trans>
            It takes nothing since <Time at={h.failing_since} />. It is tried again, ever more slowly.
          </Trans>
        </p>
      )}
      <div className="py-3">
        <Switch
          label={<Trans>Tell it</Trans>}
          help={
            <Trans>While it is off nothing is kept for it. What waits is told when it is on again.</Trans>
          }
          checked={h.state === "on"}
          onChange={(on) => edit.mutate({ id: h.id, on })}
        />
      </div>
      <Facts
        of={[
          [
            <Trans key="a">Address</Trans>,
            <span key="a" className="mono [overflow-wrap:anywhere]">
              {h.url}
            </span>,
          ],
          [
            <Trans key="f">Is told</Trans>,
            h.facts && h.facts.length > 0 ? h.facts.map(factName).join(" · ") : t`everything`,
          ],
          [<Trans key="l">Last taken</Trans>, h.last_at ? <Time key="l" at={h.last_at} /> : t`nothing yet`],
          [<Trans key="w">Waiting</Trans>, count(h.open)],
          [<Trans key="g">Given up today</Trans>, count(h.failed)],
          ...(h.old_secret_until && Date.parse(h.old_secret_until) > Date.now()
            ? ([
                [
                  <Trans key="o">The old secret counts until</Trans>,
                  <Time key="o" at={h.old_secret_until} />,
                ],
              ] as const)
            : []),
        ]}
      />
      <div className="mt-4 flex flex-wrap gap-2">
        <Change h={h} />
        <Button
          size="sm"
          touch
          busy={ping.isPending}
          {...(h.state === "on" ? {} : { why: t`Turn it on first.` })}
          onClick={() => ping.mutate(h.id, { onSuccess: () => tell({ text: t`A ping is on its way.` }) })}
        >
          <Trans>Send a ping</Trans>
        </Button>
        <Confirm
          open={again}
          onOpenChange={setAgain}
          trigger={
            <Button size="sm" touch {...(h.state === "on" ? {} : { why: t`Turn it on first.` })}>
              <RotateCcw className="i s" aria-hidden />
              <Trans>Tell again what was given up today</Trans>
            </Button>
          }
          title={<Trans>Tell {h.name} again?</Trans>}
          text={
            <Plural
              value={h.failed}
              _0="Nothing was given up in the last 24 hours."
              one="# message of the last 24 hours was given up. It keeps its id, by which the other side knows it."
              other="# messages of the last 24 hours were given up. They keep their ids, by which the other side knows them."
            />
          }
          act={<Trans>Tell again</Trans>}
          busy={replayAll.isPending}
          onAct={replay}
        />
        <Rotate h={h} />
      </div>
    </Section>
  );
}

function Change({ h }: { h: Hook }) {
  const { edit } = useHookActs();
  const types = useHooks(true).data?.types ?? [];
  const [open, setOpen] = useState(false);
  return (
    <HookForm
      key={`${h.name} ${h.url} ${h.facts?.join()}`}
      open={open}
      onOpenChange={(o) => {
        setOpen(o);
        if (o) edit.reset();
      }}
      trigger={
        <Button size="sm" touch>
          <Pencil className="i s" aria-hidden />
          <Trans>Change it</Trans>
        </Button>
      }
      title={<Trans>Change {h.name}</Trans>}
      act={<Trans>Keep it</Trans>}
      types={types}
      had={{ name: h.name, url: h.url, facts: h.facts ?? [] }}
      busy={edit.isPending}
      error={edit.error}
      onSend={({ facts, ...d }) =>
        edit.mutate(
          { id: h.id, ...d, ...(facts.length > 0 ? { facts } : { all: true }) },
          { onSuccess: () => setOpen(false) },
        )
      }
    />
  );
}

function Rotate({ h }: { h: Hook }) {
  const { rotate } = useHookActs();
  const [asks, setAsks] = useState(false);
  return (
    <>
      <Confirm
        open={asks}
        onOpenChange={setAsks}
        trigger={
          <Button size="sm" touch>
            <KeyRound className="i s" aria-hidden />
            <Trans>New secret</Trans>
          </Button>
        }
        title={<Trans>Give {h.name} another secret?</Trans>}
        text={
          <Trans>
            For a day every message is signed with both, so that nothing is refused while you change it there.
          </Trans>
        }
        act={<Trans>Make a new one</Trans>}
        busy={rotate.isPending}
        onAct={() => rotate.mutate(h.id, { onSuccess: () => setAsks(false) })}
      />
      <Once
        open={Boolean(rotate.data) && !asks}
        onClose={() => rotate.reset()}
        title={<Trans>The secret of {h.name}</Trans>}
        text={
          <Trans>
            Give it to the other system, which checks by it that a message comes from you. It is not shown
            again.
          </Trans>
        }
        label={<Trans>Secret</Trans>}
        value={rotate.data?.secret ?? ""}
      />
    </>
  );
}

function Remove({ h }: { h: Hook }) {
  const { remove } = useHookActs();
  const go = useNavigate();
  const [asks, setAsks] = useState(false);
  return (
    <Confirm
      open={asks}
      onOpenChange={setAsks}
      trigger={
        <Button look="d" touch className="self-start">
          <Trans>Remove this webhook</Trans>
        </Button>
      }
      title={<Trans>Remove {h.name}?</Trans>}
      text={<Trans>It is told no more, and what it was told is forgotten.</Trans>}
      look="d"
      act={<Trans>Remove it</Trans>}
      busy={remove.isPending}
      onAct={() => remove.mutate(h.id, { onSuccess: () => void go({ to: "/settings/webhooks" }) })}
    />
  );
}
