import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, CircleCheck, ExternalLink, TriangleAlert } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button, btn, ChannelMark, Field, Input, Section, Select, States, Step, tell } from "../../kit";
import { sentenceOf } from "../../lib/problem";
import { useMay } from "../../lib/session";
import { fault, type Kind, useChannelActs, useKinds, useProgrammes, useTest, type Values } from "./data";
import { dropDraft, keepDraft, readDraft } from "./draft";
import { Form, filled, missing, told } from "./Form";
import { Frame } from "./Frame";
import { Gallery } from "./Gallery";
import { guideOf } from "./words";

const route = getRouteApi("/frame/settings/channels/new");

// Connect leads from choosing a network to hearing it, one step after the other.
export function Connect() {
  const { kind } = route.useSearch();
  const kinds = useKinds();
  const may = useMay("channel.write");
  return (
    <Frame name={t`Connect a channel`} may={may}>
      <States of={kinds}>
        {(all) => {
          const chosen = all.find((k) => k.name === kind);
          return chosen ? <Settle key={chosen.name} kind={chosen} /> : <Gallery kinds={all} />;
        }}
      </States>
    </Frame>
  );
}

type At = "prepare" | "enter" | "test";

function Settle({ kind }: { kind: Kind }) {
  const go = useNavigate();
  const { step: at = "prepare" } = route.useSearch();
  const test = useTest();
  const { add } = useChannelActs();
  const programmes = useProgrammes(useMay("govern.read")).data ?? [];
  const [begun] = useState(() => readDraft(kind.name));
  const [values, setValues] = useState<Values>(() => ({ ...filled(kind.form), ...begun?.values }));
  const [name, setName] = useState(begun?.name ?? kind.title);
  const [programme, setProgramme] = useState(begun?.programme ?? "");
  const [picked, setPicked] = useState(begun !== undefined);
  const lacks = missing(kind.form, values);
  const why = lacks ? t`${lacks.label} is missing.` : undefined;
  const works = test.data?.ok === true;
  const settings = told(kind.form, values);
  const error = test.error ?? add.error;
  const placed = (kind.form ?? []).some((f) => fault(error, f.name)) || Boolean(fault(error, "name"));

  const head = useRef<HTMLHeadingElement>(null);
  const shown = useRef(at);
  useEffect(() => {
    if (shown.current !== at) head.current?.focus(); // a new step begins at its title
    shown.current = at;
  }, [at]);
  const to = (step: At) =>
    void go({
      to: "/settings/channels/new",
      search: { kind: kind.name, ...(step === "prepare" ? {} : { step }) },
    });
  const change = (v: Values, n = name, p = programme) => {
    setValues(v);
    setName(n);
    setProgramme(p);
    keepDraft(kind.name, kind.form, { name: n, programme: p, values: v });
    test.reset();
    add.reset();
  };
  const again = () => {
    dropDraft(kind.name);
    setPicked(false);
    setValues(filled(kind.form));
    setName(kind.title);
    setProgramme("");
  };
  const connect = () =>
    add.mutate(
      { kind: kind.name, name: name.trim() || kind.title, settings, ...(programme ? { programme } : {}) },
      {
        onSuccess: (c) => {
          dropDraft(kind.name);
          tell({ text: t`${c.name} is connected.` });
          void go({ to: "/settings/channels/$id", params: { id: c.id }, search: { fresh: true } });
        },
        onError: () => to("enter"),
      },
    );
  const next = (e: FormEvent) => {
    e.preventDefault();
    if (at === "prepare") to("enter");
    else if (at === "enter" && !why) {
      to("test");
      test.mutate({ kind: kind.name, settings }, { onError: (e) => isPlaced(kind, e) && to("enter") });
    } else if (at === "test") connect();
  };
  const steps: [At, string, boolean][] = [
    ["prepare", t`Prepare it there`, true],
    ["enter", t`Enter it here`, !lacks],
    ["test", t`Test and connect`, works],
  ];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-6 md:grid-cols-[14rem_minmax(0,36rem)]">
      <nav aria-label={t`Steps`} className="md:sticky md:top-0 md:self-start">
        <p className="text-xs text-ink-3 md:hidden">
          <Trans>
            Step {steps.findIndex(([s]) => s === at) + 1} of {steps.length}
          </Trans>
        </p>
        <ol className="flex flex-col gap-3 max-md:hidden">
          <Step state="done">
            <Link to="/settings/channels/new" search={{}} className="hover:underline">
              <Trans>Choose: {kind.title}</Trans>
            </Link>
          </Step>
          {steps.map(([s, label, done], i) => {
            const passed = steps.findIndex(([x]) => x === at) > i;
            const open = s !== "test" || !lacks;
            return (
              <Step key={s} state={s === at ? "now" : passed && done ? "done" : "later"}>
                {open && s !== at ? (
                  <button type="button" className="hover:underline" onClick={() => to(s)}>
                    {label}
                  </button>
                ) : (
                  <span
                    aria-current={s === at ? "step" : undefined}
                    className={s === at ? "font-strong" : ""}
                  >
                    {label}
                  </span>
                )}
              </Step>
            );
          })}
          <Step state="later">
            <Trans>Hear the first words</Trans>
          </Step>
        </ol>
      </nav>
      <form className="touch flex flex-col gap-6" onSubmit={next} noValidate>
        <div className="flex items-center gap-3">
          <ChannelMark kind={kind.name} name="" large />
          <div className="min-w-0">
            <h2 ref={head} tabIndex={-1} className="text-lg font-strong outline-none">
              {steps.find(([s]) => s === at)?.[1]}
            </h2>
            <p className="text-ink-2">{kind.title}</p>
          </div>
        </div>
        {picked && at !== "test" && (
          <p className="flex flex-wrap items-center gap-2 rounded-md bg-wash px-3 py-2 text-ink-2">
            <Trans>What you entered before is still here, but for secrets.</Trans>
            <button type="button" className="link" onClick={again}>
              <Trans>Begin anew</Trans>
            </button>
          </p>
        )}
        {at === "prepare" && <Prepare kind={kind} />}
        {at === "enter" && (
          <div className="flex flex-col gap-4">
            <Field
              label={<Trans>Name</Trans>}
              help={<Trans>How it is called here, and in channel: of a query.</Trans>}
              error={fault(add.error, "name")}
            >
              <Input
                name="name"
                value={name}
                onChange={(e) => change(values, e.target.value)}
                maxLength={200}
                autoComplete="off"
              />
            </Field>
            <Form form={kind.form} values={values} error={error} onChange={(v) => change(v)} />
            {programmes.length > 0 && (
              <Field
                label={<Trans>Programme</Trans>}
                help={<Trans>Who is in it sees what is heard here, and may answer.</Trans>}
              >
                <Select
                  value={programme}
                  onChange={(p) => change(values, name, p)}
                  choices={[
                    { value: "", label: t`None` },
                    ...programmes.map((p) => ({ value: p.id, label: p.name })),
                  ]}
                />
              </Field>
            )}
          </div>
        )}
        {at === "test" && (
          <Section title={<Trans>What {kind.title} says</Trans>}>
            <div className="pt-3">
              <Tested of={test.data} busy={test.isPending} />
              {!test.data && !test.isPending && !error && (
                <p className="text-ink-2">
                  <Trans>Not tried yet.</Trans>
                </p>
              )}
              {error && (
                <p role="alert" className="help bad">
                  {sentenceOf(error)}
                </p>
              )}
            </div>
          </Section>
        )}
        {error && at !== "test" && !placed && (
          <p role="alert" className="help bad">
            {sentenceOf(error)}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-2">
          {at !== "prepare" && (
            <Button look="g" onClick={() => to(at === "test" ? "enter" : "prepare")}>
              <ArrowLeft className="i s rtl:-scale-x-100" aria-hidden />
              <Trans>Back</Trans>
            </Button>
          )}
          {at === "prepare" && (
            <Button type="submit" look="p" onClick={() => {}}>
              <Trans>I have done this</Trans>
            </Button>
          )}
          {at === "enter" && (
            <Button type="submit" look="p" {...(why ? { why } : {})} onClick={() => {}}>
              <Trans>Test it</Trans>
            </Button>
          )}
          {at === "test" && (
            <>
              <Button
                type="submit"
                look={works ? "p" : "o"}
                busy={add.isPending}
                {...(why ? { why } : {})}
                onClick={() => {}}
              >
                {works ? <Trans>Connect {kind.title}</Trans> : <Trans>Connect all the same</Trans>}
              </Button>
              {!works && (
                <Button busy={test.isPending} onClick={() => test.mutate({ kind: kind.name, settings })}>
                  <Trans>Try again</Trans>
                </Button>
              )}
            </>
          )}
          <Link to="/settings/channels" className={btn("g")}>
            <Trans>Not now</Trans>
          </Link>
        </div>
      </form>
    </div>
  );
}

function isPlaced(kind: Kind, error: unknown): boolean {
  return (kind.form ?? []).some((f) => fault(error, f.name));
}

function Prepare({ kind }: { kind: Kind }) {
  const guide = guideOf(kind.name);
  return (
    <div>
      <p className="text-[15px] text-ink-2">{kind.about}</p>
      <ol className="mt-4 flex flex-col gap-3">
        {(kind.steps ?? []).map((s, i) => (
          <li key={s.text} className="flex gap-3">
            <span
              aria-hidden
              className="grid size-6 flex-none place-items-center rounded-full bg-wash text-xs font-strong text-ink-2"
            >
              {i + 1}
            </span>
            <span className="min-w-0 pt-0.5">
              {s.text}
              {s.url && (
                <a
                  href={s.url}
                  target="_blank"
                  rel="noopener noreferrer"
                  className="link ms-1.5 inline-flex items-center gap-1"
                >
                  <Trans>Open</Trans>
                  <ExternalLink className="i s" aria-hidden />
                  <span className="sr-only">{s.text}</span>
                </a>
              )}
            </span>
          </li>
        ))}
      </ol>
      {guide && (
        <p className="mt-5 text-ink-2">
          <a
            href={guide}
            target="_blank"
            rel="noopener noreferrer"
            className="link inline-flex items-center gap-1"
          >
            <Trans>The guide to {kind.title}</Trans>
            <ExternalLink className="i s" aria-hidden />
          </a>{" "}
          <Trans>says what can be heard, and what not.</Trans>
        </p>
      )}
    </div>
  );
}

// Tested is what the network said when it was tried.
export function Tested({ of: r, busy }: { of: { ok: boolean; text: string } | undefined; busy?: boolean }) {
  return (
    <div role="status">
      {busy && (
        <p className="text-ink-2">
          <Trans>Asking …</Trans>
        </p>
      )}
      {r && !busy && (
        <p className={`flex items-start gap-2 ${r.ok ? "text-good" : "text-alarm"}`}>
          {r.ok ? (
            <CircleCheck className="i mt-0.5" aria-hidden />
          ) : (
            <TriangleAlert className="i mt-0.5" aria-hidden />
          )}
          <span>{r.text}</span>
        </p>
      )}
    </div>
  );
}
