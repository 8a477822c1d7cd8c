import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { AlarmClock, BellRing, Check, CircleCheck, Eye, RotateCcw, ThumbsDown } from "lucide-react";
import { useState } from "react";
import { Button, Chip, Dialog, DialogClose, Field, Menu, MenuItem, Textarea, Time, tell } from "../../kit";
import { useCommands } from "../../lib/commands";
import { when } from "../../lib/format";
import { useMay } from "../../lib/session";
import { type Act, type Alert, type AlertFull, subjectOf, useAlertActs } from "./alerts";

// AlertStateChip says where an alert stands, and with whom.
export function AlertStateChip({ of: a }: { of: Alert }) {
  switch (a.state) {
    case "open":
      return (
        <Chip tone="alarm" icon={<BellRing aria-hidden />}>
          {a.over ? <Trans>open, back to the usual</Trans> : <Trans>open</Trans>}
        </Chip>
      );
    case "acknowledged":
      return (
        <Chip tone="voice" icon={<Eye aria-hidden />}>
          {a.by ? <Trans>{a.by} looks after it</Trans> : <Trans>acknowledged</Trans>}
        </Chip>
      );
    case "snoozed":
      return (
        <Chip tone="wait" icon={<AlarmClock aria-hidden />}>
          {a.snoozed_until ? <Trans>until {when(a.snoozed_until)}</Trans> : <Trans>snoozed</Trans>}
        </Chip>
      );
    case "resolved":
      return (
        <Chip tone="good" icon={<CircleCheck aria-hidden />}>
          <Trans>resolved</Trans>
        </Chip>
      );
    default:
      return (
        <Chip tone="outline" icon={<ThumbsDown aria-hidden />}>
          <Trans>false alarm</Trans>
        </Chip>
      );
  }
}

// AlertActs are what one can do with an alert now.
export function AlertActs({ of: a }: { of: Alert }) {
  const may = useMay("inbox.work");
  const { act, snooze } = useAlertActs(a.id);
  const [asks, setAsks] = useState<"resolve" | "false-alarm">();
  const settled = a.state === "resolved" || a.state === "false";
  const run = (what: Act, note?: string) =>
    act.mutate(
      { act: what, ...(note ? { note } : {}) },
      {
        onSuccess: () => {
          setAsks(undefined);
          if (what !== "reopen")
            tell({ text: did(what, subjectOf(a)), undo: () => act.mutate({ act: "reopen" }) });
        },
      },
    );
  const later = (hours: number) => {
    const until = new Date(Date.now() + hours * 3_600_000);
    snooze.mutate(until, {
      onSuccess: () => tell({ text: t`Back ${when(until)}.`, undo: () => act.mutate({ act: "reopen" }) }),
    });
  };
  useCommands(
    t`This alert`,
    settled
      ? [{ id: "reopen", label: t`Open again`, run: () => run("reopen") }]
      : [
          { id: "acknowledge", label: t`Acknowledge`, keys: "a", run: () => run("acknowledge") },
          { id: "resolve", label: t`Resolve`, keys: "e", run: () => setAsks("resolve") },
          { id: "false", label: t`False alarm`, run: () => setAsks("false-alarm") },
        ],
    may,
  );
  if (!may) return null;
  if (settled)
    return (
      <Button size="sm" touch busy={act.isPending} onClick={() => run("reopen")}>
        <RotateCcw className="i s" aria-hidden />
        <Trans>Open again</Trans>
      </Button>
    );
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button look="g" size="sm" touch square aria-label={t`Snooze`} title={t`Snooze`}>
            <AlarmClock className="i s" aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={() => later(1)}>
          <Trans>For an hour</Trans>
        </MenuItem>
        <MenuItem onSelect={() => later(4)}>
          <Trans>For four hours</Trans>
        </MenuItem>
        <MenuItem onSelect={() => later(24)}>
          <Trans>Until this time tomorrow</Trans>
        </MenuItem>
      </Menu>
      <Button look="g" size="sm" touch onClick={() => setAsks("false-alarm")}>
        <ThumbsDown className="i s" aria-hidden />
        <span className="max-md:sr-only">
          <Trans>False alarm</Trans>
        </span>
      </Button>
      <Button size="sm" touch onClick={() => setAsks("resolve")}>
        <Check className="i s" aria-hidden />
        <span className="max-md:sr-only">
          <Trans>Resolve</Trans>
        </span>
      </Button>
      {a.state !== "acknowledged" && (
        <Button look="p" size="sm" touch busy={act.isPending} onClick={() => run("acknowledge")}>
          <Eye className="i s" aria-hidden />
          <Trans>Acknowledge</Trans>
        </Button>
      )}
      {asks && (
        <Settle
          act={asks}
          busy={act.isPending}
          onClose={() => setAsks(undefined)}
          onAct={(note) => run(asks, note)}
        />
      )}
    </>
  );
}

function did(act: Act, name: string): string {
  switch (act) {
    case "acknowledge":
      return t`You look after it: ${name}.`;
    case "resolve":
      return t`Resolved: ${name}.`;
    case "false-alarm":
      return t`Noted. ${name} needs more for its next alert.`;
    default:
      return t`Open again: ${name}.`;
  }
}

function Settle({
  act,
  busy,
  onClose,
  onAct,
}: {
  act: "resolve" | "false-alarm";
  busy: boolean;
  onClose: () => void;
  onAct: (note: string) => void;
}) {
  const [note, setNote] = useState("");
  const resolve = act === "resolve";
  return (
    <Dialog
      open
      onOpenChange={(o) => !o && onClose()}
      title={resolve ? <Trans>Resolve this alert</Trans> : <Trans>Call it a false alarm</Trans>}
      acts={
        <>
          <DialogClose>
            <Trans>Cancel</Trans>
          </DialogClose>
          <Button look="p" busy={busy} onClick={() => onAct(note)}>
            {resolve ? <Trans>Resolve</Trans> : <Trans>It was a false alarm</Trans>}
          </Button>
        </>
      }
    >
      <Field
        label={<Trans>What came of it</Trans>}
        help={
          resolve ? (
            <Trans>For the colleagues who read this later. You may leave it empty.</Trans>
          ) : (
            <Trans>From now on it takes a quarter more to raise an alert here. That can be taken back.</Trans>
          )
        }
      >
        <Textarea
          value={note}
          maxLength={2000}
          onChange={(e) => setNote((e.target as unknown as HTMLTextAreaElement).value)}
        />
      </Field>
    </Dialog>
  );
}

type Step = AlertFull["steps"][number];

// StepLine is one line of an alert's history.
export function StepLine({ of: s }: { of: Step }) {
  return (
    <>
      <div>
        <StepWords of={s} /> <Time at={s.at} className="text-xs text-ink-3" />
      </div>
      {s.note && (
        <p className="said mt-0.5 text-ink-2" dir="auto">
          {s.note}
        </p>
      )}
    </>
  );
}

const named = 6;

function Told({ to }: { to: readonly string[] }) {
  const more = to.length - named;
  return (
    <span className="text-ink-2" title={to.join(", ")}>
      {to.slice(0, named).join(", ")}
      {more > 0 && (
        <>
          {" "}
          <Plural value={more} one="and # more" other="and # more" />
        </>
      )}
    </span>
  );
}

function StepWords({ of: s }: { of: Step }) {
  const who = <b className="font-strong">{s.member?.name ?? "Parley"}</b>;
  switch (s.verb) {
    case "raised":
      if (s.count === undefined || s.count === 0) return <Trans>Raised</Trans>;
      return (
        <Trans>
          Raised, at <Plural value={s.count ?? 0} one="# post" other="# posts" />
        </Trans>
      );
    case "grew":
      return (
        <Trans>
          Grew to <Plural value={s.count ?? 0} one="# post" other="# posts" />
        </Trans>
      );
    case "told":
      if (s.by === "mail")
        return (
          <Trans>
            Told by mail: <Told to={(s.told ?? []).map((m) => m.name)} />
          </Trans>
        );
      return (
        <Trans>
          Told in Parley: <Told to={(s.told ?? []).map((m) => m.name)} />
        </Trans>
      );
    case "acknowledged":
      return <Trans>{who} looks after it</Trans>;
    case "snoozed":
      return s.until ? (
        <Trans>
          {who} put it aside until {when(s.until)}
        </Trans>
      ) : (
        <Trans>{who} put it aside</Trans>
      );
    case "woke":
      return <Trans>Open again: its time was over</Trans>;
    case "resolved":
      return <Trans>{who} resolved it</Trans>;
    case "closed":
      return <Trans>Closed by itself</Trans>;
    case "false":
      return <Trans>{who} called it a false alarm</Trans>;
    default:
      return <Trans>{who} opened it again</Trans>;
  }
}
