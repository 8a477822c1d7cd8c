import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ChevronRight, CircleCheck, ExternalLink, TriangleAlert } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, btn, ChannelMark, Field, Input, Section, Select, States, Step, tell } from "../../kit";
import { sentenceOf } from "../../lib/problem";
import { useMay } from "../../lib/session";
import { fault, type Kind, useChannelActs, useKinds, useProgrammes, useTest, type Values } from "./data";
import { Form, filled, missing, told } from "./Form";
import { Frame } from "./Frame";

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
          return chosen ? <Settle key={chosen.name} kind={chosen} /> : <Choose kinds={all} />;
        }}
      </States>
    </Frame>
  );
}

function Choose({ kinds }: { kinds: readonly Kind[] }) {
  return (
    <Section title={<Trans>Which network?</Trans>} className="max-w-3xl">
      <ul>
        {kinds.map((k) => (
          <li key={k.name}>
            <Link
              to="/settings/channels/new"
              search={{ kind: k.name }}
              className="flex min-h-14 items-center gap-3 border-b border-line py-2.5 hover:bg-hover"
            >
              <ChannelMark kind={k.name} name={k.title} />
              <span className="min-w-0 flex-1">
                <b className="block font-strong">{k.title}</b>
                <span className="text-ink-2">{k.about}</span>
              </span>
              <ChevronRight className="i text-ink-3 rtl:-scale-x-100" aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Settle({ kind }: { kind: Kind }) {
  const go = useNavigate();
  const test = useTest();
  const { add } = useChannelActs();
  const reads = useMay("govern.read");
  const programmes = useProgrammes(reads).data ?? [];
  const [values, setValues] = useState<Values>(() => filled(kind.form));
  const [name, setName] = useState(kind.title);
  const [programme, setProgramme] = useState("");
  const lacks = missing(kind.form, values);
  const why = lacks ? t`${lacks.label} is missing.` : undefined;
  const works = test.data?.ok === true;
  const settings = told(kind.form, values);
  const change = (v: Values) => {
    setValues(v);
    test.reset();
  };
  const send = (e: FormEvent) => {
    e.preventDefault();
    if (why) return;
    add.mutate(
      { kind: kind.name, name: name.trim() || kind.title, settings, ...(programme ? { programme } : {}) },
      {
        onSuccess: (c) => {
          tell({ text: t`${c.name} is connected.` });
          void go({ to: "/settings/channels/$id", params: { id: c.id } });
        },
      },
    );
  };
  const error = test.error ?? add.error;
  const placed = (kind.form ?? []).some((f) => fault(error, f.name)) || fault(error, "name");
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-8 md:grid-cols-[14rem_minmax(0,36rem)]">
      <ol className="flex flex-col gap-3 md:sticky md:top-0 md:self-start" aria-label={t`Steps`}>
        <Step state="done">
          <Link to="/settings/channels/new" search={{}} className="hover:underline">
            <Trans>Choose the network: {kind.title}</Trans>
          </Link>
        </Step>
        <Step state={lacks ? "now" : "done"}>
          <Trans>Do this there</Trans>
        </Step>
        <Step state={lacks ? "now" : "done"}>
          <Trans>Paste it here</Trans>
        </Step>
        <Step state={works ? "done" : lacks ? "later" : "now"}>
          <Trans>Test it</Trans>
        </Step>
        <Step state={works ? "now" : "later"}>
          <Trans>Connect</Trans>
        </Step>
      </ol>
      <form className="touch flex flex-col gap-8" onSubmit={send}>
        <Section title={<Trans>Do this there</Trans>}>
          <p className="pt-3 text-ink-2">{kind.about}</p>
          <ol className="flex list-decimal flex-col gap-2 py-3 ps-5">
            {(kind.steps ?? []).map((s) => (
              <li key={s.text}>
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
              </li>
            ))}
          </ol>
        </Section>
        <Section title={<Trans>Paste it here</Trans>}>
          <div className="flex flex-col gap-4 pt-3">
            <Field
              label={<Trans>Name</Trans>}
              help={<Trans>How it is called here, and in channel: of a query.</Trans>}
              error={fault(add.error, "name")}
            >
              <Input
                name="name"
                value={name}
                onChange={(e) => setName(e.target.value)}
                maxLength={200}
                autoComplete="off"
              />
            </Field>
            <Form form={kind.form} values={values} error={error} onChange={change} />
            {programmes.length > 0 && (
              <Field
                label={<Trans>Programme</Trans>}
                help={<Trans>Who is in it sees what is heard here, and may answer.</Trans>}
              >
                <Select
                  value={programme}
                  onChange={setProgramme}
                  choices={[
                    { value: "", label: t`None` },
                    ...programmes.map((p) => ({ value: p.id, label: p.name })),
                  ]}
                />
              </Field>
            )}
          </div>
        </Section>
        <Section title={<Trans>Test and connect</Trans>}>
          <div className="flex flex-col items-start gap-4 pt-3">
            <Tested of={test.data} />
            {error && !placed && (
              <p role="alert" className="help bad">
                {sentenceOf(error)}
              </p>
            )}
            <div className="flex flex-wrap gap-2">
              <Button
                look={works ? "o" : "p"}
                busy={test.isPending}
                {...(why ? { why } : {})}
                onClick={() => test.mutate({ kind: kind.name, settings })}
              >
                <Trans>Test it</Trans>
              </Button>
              <Button
                type="submit"
                look={works ? "p" : "o"}
                busy={add.isPending}
                {...(why ? { why } : {})}
                onClick={() => {}}
              >
                <Trans>Connect {kind.title}</Trans>
              </Button>
              <Link to="/settings/channels" className={btn("g")}>
                <Trans>Not now</Trans>
              </Link>
            </div>
          </div>
        </Section>
      </form>
    </div>
  );
}

// Tested is what the network said when it was tried.
export function Tested({ of: r }: { of: { ok: boolean; text: string } | undefined }) {
  return (
    <div role="status">
      {r && (
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
