import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Download } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, btn, Chip, Dialog, DialogClose, Field, Input, States, Time } from "../../../kit";
import { count, day } from "../../../lib/format";
import { requestKind, requestState, requestTone } from "../../../lib/privacy";
import { type Full, usePreview, useRequest, useRequestActs } from "./requests";

// RequestSheet is one request: what it would touch, carrying it out, and the receipt.
export function RequestSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const request = useRequest(id);
  return (
    <Dialog
      wide
      open
      onOpenChange={(o) => !o && onClose()}
      title={request.data ? `${request.data.person.name}: ${requestKind(request.data.kind)}` : t`Request`}
    >
      <States of={request}>{(r) => <Body r={r} />}</States>
    </Dialog>
  );
}

function Body({ r }: { r: Full }) {
  const waits = r.state === "open" || r.state === "held";
  return (
    <div className="flex flex-col gap-4">
      <p className="flex flex-wrap items-center gap-2 text-ink-2">
        <Chip tone={requestTone(r)}>{r.late ? t`late` : requestState(r.state)}</Chip>
        <span>
          {r.asked_by === "customer" ? t`asked by the customer` : t`asked by a colleague`} ·{" "}
          <Time at={r.asked_at} />
          {r.how && ` · “${r.how}”`}
        </span>
        {!r.closed_at && <span>· {t`due ${day(r.due_at)}`}</span>}
      </p>
      {r.why && <p className={r.state === "held" ? "text-alarm" : ""}>{r.why}</p>}
      {r.state === "running" && (
        <p role="status">
          <Trans>
            It is being carried out: step {Math.min(r.step + 1, r.steps)} of {r.steps}. You may close this.
          </Trans>
        </p>
      )}
      {waits && <Weigh r={r} />}
      {r.copy && (
        <a href={r.copy.url} className={btn("p", "md", "self-start")} download>
          <Download className="i s" aria-hidden />
          <Trans>Save the copy</Trans>
        </a>
      )}
      {r.kind === "export" && r.state === "done" && !r.copy && (
        <p className="text-ink-3">
          <Trans>The copy is not kept any more.</Trans>
        </p>
      )}
      {r.receipt && r.state === "done" && <Receipt r={r} />}
      {!waits && (
        <div className="touch flex justify-end">
          <DialogClose
            render={
              <Button look="g">
                <Trans>Close</Trans>
              </Button>
            }
          />
        </div>
      )}
    </div>
  );
}

function Weigh({ r }: { r: Full }) {
  const preview = usePreview(r.id, true);
  const { carry, refuse } = useRequestActs();
  const [asks, setAsks] = useState<"carry" | "refuse">();
  const erases = r.kind === "erasure";
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const why = String(new FormData(e.currentTarget).get("why") ?? "").trim();
    if (why) refuse.mutate({ id: r.id, why });
  };
  return (
    <>
      <States of={preview}>
        {(p) => (
          <div>
            <h3 className="font-strong">
              {erases ? <Trans>What goes</Trans> : <Trans>What they get</Trans>}
            </h3>
            <ul className="mt-2 columns-2 gap-8 max-sm:columns-1">
              {(p.items ?? []).map((x) => (
                <li key={x.place} className="flex justify-between border-b border-line py-1">
                  <span>{x.place}</span>
                  <span className="num">{count(x.rows)}</span>
                </li>
              ))}
            </ul>
            {p.held && erases && (
              <p className="mt-3 text-alarm">
                <Trans>A legal hold stands: {p.held}. It waits until the hold ends.</Trans>
              </p>
            )}
          </div>
        )}
      </States>
      {asks === "carry" ? (
        <div className="rounded border border-line p-3">
          <p>
            <Trans>
              Their words, their name, their files and what was written about them go, everywhere, for good.
              What counts stays. They are not taken in anew. This cannot be undone.
            </Trans>
          </p>
          <div className="touch mt-3 flex flex-wrap justify-end gap-2">
            <Button look="g" onClick={() => setAsks(undefined)}>
              <Trans>Not now</Trans>
            </Button>
            <Button look="d" busy={carry.isPending} onClick={() => carry.mutate(r.id)}>
              <Trans>Erase {r.person.name}</Trans>
            </Button>
          </div>
        </div>
      ) : asks === "refuse" ? (
        <form onSubmit={send} className="flex flex-col gap-3">
          <Field
            label={<Trans>Why it is not carried out</Trans>}
            help={<Trans>The customer has a right to know.</Trans>}
          >
            <Input name="why" required maxLength={1000} autoFocus autoComplete="off" />
          </Field>
          <div className="touch flex justify-end gap-2">
            <Button look="g" type="button" onClick={() => setAsks(undefined)}>
              <Trans>Not now</Trans>
            </Button>
            <Button type="submit" busy={refuse.isPending}>
              <Trans>Close the request</Trans>
            </Button>
          </div>
        </form>
      ) : (
        <div className="touch flex flex-wrap justify-end gap-2">
          {r.step === 0 && (
            <Button look="g" onClick={() => setAsks("refuse")}>
              <Trans>Don’t carry it out</Trans>
            </Button>
          )}
          {erases ? (
            <Button look="d" onClick={() => setAsks("carry")}>
              <Trans>Erase</Trans>
            </Button>
          ) : (
            <Button look="p" busy={carry.isPending} onClick={() => carry.mutate(r.id)}>
              <Trans>Make the copy</Trans>
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function Receipt({ r }: { r: Full }) {
  const c = r.receipt;
  if (!c) return null;
  const gone = c.gone ?? [];
  const left = c.left ?? [];
  return (
    <section aria-label={t`Receipt`}>
      <h3 className="font-strong">
        <Trans>Receipt</Trans>
      </h3>
      <p className="text-ink-2">
        {c.ended_at && (
          <>
            <Time at={c.ended_at} /> ·{" "}
          </>
        )}
        <Plural
          value={c.suppressed}
          one="# account is not taken in anew"
          other="# accounts are not taken in anew"
        />
        {" · "}
        {c.genuine ? t`signed by this Parley` : t`the signature does not hold`}
      </p>
      <ul className="mt-2 columns-2 gap-8 max-sm:columns-1">
        {gone.map((x) => (
          <li key={x.place} className="flex justify-between gap-2 border-b border-line py-1">
            <span>{x.place}</span>
            <span className="num">{count(x.rows)}</span>
          </li>
        ))}
      </ul>
      {left.length > 0 && (
        <>
          <p className="mt-3">
            <Trans>The name still stands in what colleagues wrote about their own work. Look at it:</Trans>
          </p>
          <ul>
            {left.map((x) => (
              <li key={x.place}>
                {x.place} · {count(x.rows)}
              </li>
            ))}
          </ul>
        </>
      )}
      {c.backups && <p className="mt-3 text-ink-2">{c.backups}</p>}
      {c.signature && <p className="mt-2 font-mono text-xs text-ink-3 wrap-anywhere">{c.signature}</p>}
    </section>
  );
}
