import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check, Radar, ShieldAlert, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import {
  Button,
  Checkbox,
  Chip,
  Dialog,
  Empty,
  Field,
  Input,
  Page,
  PageBody,
  Section,
  States,
  Textarea,
  tell,
} from "../../../kit";
import { count, share } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { ListenShelf, shelfName } from "../Shelf";
import { type Candidate, type Search, useCandidates, usePresenceActs, useSearches } from "./data";
import { howName, kindName, statusName } from "./words";

const parts = (v: FormDataEntryValue | null) =>
  String(v ?? "")
    .split(/[\n,]/)
    .map((s) => s.trim())
    .filter(Boolean);

// Find looks for profiles of ours that nobody told of, and for those that only
// pretend to be. It proposes; a person decides.
export function Find() {
  const may = useMay("listen.write");
  const searches = useSearches();
  const running = searches.data?.[0]?.state === "running";
  const found = useCandidates(running, searches.data?.[0]?.ended_at);
  const open = (found.data ?? []).filter((c) => c.state === "open");
  const decided = (found.data ?? []).filter((c) => c.state !== "open");
  return (
    <Page
      name={t`Find profiles`}
      title={<Trans>Find profiles</Trans>}
      shelf={<ListenShelf />}
      shelfName={shelfName()}
    >
      <PageBody>
        <p className="mb-4 max-w-(--measure) text-ink-2">
          <Trans>
            By the names and domains of the company, Parley looks on its home pages, asks WebFinger, Bluesky
            and DNS, and looks at the usual addresses. Where a network shows the same for a name that cannot
            exist, it says so and proposes nothing.
          </Trans>
        </p>
        {may && <Begin running={running} />}
        {searches.data?.[0] && <Progress of={searches.data[0]} may={may} />}
        <Section title={<Trans>Proposals</Trans>} n={count(open.length)} className="mt-8">
          <States of={found}>
            {() =>
              open.length === 0 ? (
                <Empty
                  title={running ? <Trans>Looking.</Trans> : <Trans>Nothing waits for a decision.</Trans>}
                >
                  <Trans>What a search finds stands here, with the evidence, until somebody claims it.</Trans>
                </Empty>
              ) : (
                <ul>
                  {open.map((c) => (
                    <Proposal key={c.address} of={c} may={may} />
                  ))}
                </ul>
              )
            }
          </States>
        </Section>
        {decided.length > 0 && (
          <Section title={<Trans>Decided</Trans>} n={count(decided.length)} className="mt-8">
            <ul>
              {decided.map((c) => (
                <Proposal key={c.address} of={c} may={may} />
              ))}
            </ul>
          </Section>
        )}
      </PageBody>
    </Page>
  );
}

function Begin({ running }: { running: boolean }) {
  const { search } = usePresenceActs();
  const [home, setHome] = useState(false);
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    search.mutate({
      names: parts(f.get("names")),
      domains: parts(f.get("domains")),
      handles: parts(f.get("handles")),
      home,
    });
  };
  return (
    <form className="touch mb-4 grid items-start gap-3 sm:grid-cols-[1fr_1fr_1fr_auto]" onSubmit={send}>
      <Field
        label={<Trans>Names of the brand</Trans>}
        help={<Trans>Several with commas.</Trans>}
        error={search.error ? sentenceOf(search.error) : undefined}
      >
        <Input name="names" placeholder="Brewell" />
      </Field>
      <Field label={<Trans>Domains</Trans>}>
        <Input name="domains" placeholder="brewell.example" />
      </Field>
      <Field label={<Trans>Handles</Trans>} help={<Trans>Made of the names if left out.</Trans>}>
        <Input name="handles" placeholder="brewell" />
      </Field>
      <span className="max-sm:mt-1 sm:order-last sm:col-span-4">
        <Checkbox
          label={<Trans>Only on our own domains</Trans>}
          help={<Trans>No other network is asked.</Trans>}
          checked={home}
          onChange={setHome}
        />
      </span>
      <Button
        type="submit"
        look="p"
        className="sm:mt-5"
        busy={search.isPending}
        {...(running ? { why: <Trans>A search is under way.</Trans> } : {})}
      >
        <Radar className="i s" aria-hidden />
        <Trans>Look for them</Trans>
      </Button>
    </form>
  );
}

function Progress({ of: s, may }: { of: Search; may: boolean }) {
  const { stop } = usePresenceActs();
  const unclear = s.unclear ?? [];
  return (
    <div className="rounded-md bg-sunken p-4">
      <p role="status" className="flex flex-wrap items-center gap-x-3">
        <b className="font-strong">
          {s.state === "running" ? (
            <Trans>Looking</Trans>
          ) : s.state === "done" ? (
            <Trans>Looked everywhere</Trans>
          ) : (
            <Trans>Stopped</Trans>
          )}
        </b>
        <span className="text-ink-2">
          <Trans>
            {count(s.done)} of {count(s.of)} questions
          </Trans>
        </span>
        <span className="text-ink-3">{[...(s.ask.names ?? []), ...(s.ask.domains ?? [])].join(", ")}</span>
        {may && s.state === "running" && (
          <Button look="g" size="sm" touch busy={stop.isPending} onClick={() => stop.mutate(s.id)}>
            <Trans>Stop</Trans>
          </Button>
        )}
      </p>
      <progress
        className="mt-2 w-full"
        max={Math.max(1, s.of)}
        value={s.done}
        aria-label={t`How far the search is`}
      />
      {unclear.length > 0 && (
        <details className="mt-3">
          <summary className="cursor-pointer text-ink-2">
            <Plural
              value={unclear.length}
              one="One question had no clear answer"
              other="# questions had no clear answer"
            />
          </summary>
          <ul className="mt-2 flex flex-col gap-1 text-xs">
            {unclear.map((u) => (
              <li key={u.url}>
                <span className="mono [overflow-wrap:anywhere]">{u.url}</span>{" "}
                <span className="text-ink-3">{u.why}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Proposal({ of: c, may }: { of: Candidate; may: boolean }) {
  const { decide } = usePresenceActs();
  const [accuses, setAccuses] = useState(false);
  const name = c.name || c.handle || c.address;
  const claim = () =>
    decide.mutate(
      { address: c.address, state: "claimed" },
      { onSuccess: () => tell({ text: t`${name} is in the register. Say who answers for it.` }) },
    );
  const dismiss = () =>
    decide.mutate(
      { address: c.address, state: "dismissed" },
      {
        onSuccess: () =>
          tell({
            text: t`${name} is dismissed and not proposed again.`,
            undo: () => decide.mutate({ address: c.address, state: "open" }),
          }),
      },
    );
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-b border-line py-3" aria-label={name}>
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-2">
          <b className="font-strong">{name}</b>
          <Chip tone="outline">{`${kindName(c.kind)}, ${c.network}`}</Chip>
          <span className="text-ink-2">
            <Trans>{share(c.confidence)} sure</Trans>
          </span>
        </p>
        <a
          href={c.url}
          rel="noreferrer"
          target="_blank"
          className="text-xs text-ink-3 underline [overflow-wrap:anywhere]"
        >
          {c.url}
        </a>
        <ul className="mt-1 text-xs text-ink-2">
          {(c.evidence ?? []).map((e) => (
            <li key={`${e.how} ${e.url}`}>
              {howName(e.how)}
              {e.why && <span className="text-ink-3"> · {e.why}</span>}
            </li>
          ))}
        </ul>
      </div>
      {c.state !== "open" ? (
        <span className="flex items-center gap-2">
          {c.profile ? (
            <Link to="/listen/presence/$id" params={{ id: c.profile }} className="underline">
              {statusName(c.state)}
            </Link>
          ) : (
            <span className="text-ink-3">
              <Trans>dismissed</Trans>
            </span>
          )}
          {may && c.state === "dismissed" && (
            <Button
              look="g"
              size="sm"
              touch
              onClick={() => decide.mutate({ address: c.address, state: "open" })}
            >
              <Trans>Propose again</Trans>
            </Button>
          )}
        </span>
      ) : (
        may && (
          <span className="touch flex flex-wrap gap-1">
            <Button size="sm" busy={decide.isPending} onClick={claim}>
              <Check className="i s" aria-hidden />
              <Trans>It is ours</Trans>
            </Button>
            <Button look="g" size="sm" onClick={dismiss}>
              <X className="i s" aria-hidden />
              <Trans>Not ours</Trans>
            </Button>
            <Button look="d" size="sm" onClick={() => setAccuses(true)}>
              <ShieldAlert className="i s" aria-hidden />
              <Trans>Impostor</Trans>
            </Button>
          </span>
        )
      )}
      <Dialog open={accuses} onOpenChange={setAccuses} title={<Trans>{name} pretends to be us</Trans>}>
        <form
          className="touch flex flex-col gap-3"
          onSubmit={(e) => {
            e.preventDefault();
            const f = new FormData(e.currentTarget);
            decide.mutate(
              {
                address: c.address,
                state: "impostor",
                note: String(f.get("note")),
                done: String(f.get("done")),
              },
              { onSuccess: () => setAccuses(false) },
            );
          }}
        >
          <Field label={<Trans>What makes it one</Trans>}>
            <Textarea name="note" required rows={2} />
          </Field>
          <Field
            label={<Trans>What was done about it</Trans>}
            help={<Trans>Such as when it was reported, and to whom.</Trans>}
          >
            <Textarea name="done" rows={2} />
          </Field>
          <div className="flex justify-end">
            <Button type="submit" look="d" busy={decide.isPending}>
              <Trans>Mark it as an impostor</Trans>
            </Button>
          </div>
        </form>
      </Dialog>
    </li>
  );
}
