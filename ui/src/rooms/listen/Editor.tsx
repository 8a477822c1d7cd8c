import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Lightbulb } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import {
  Button,
  btn,
  Empty,
  Field,
  Input,
  Page,
  PageBody,
  Section,
  Select,
  Skeleton,
  States,
  Switch,
  tell,
} from "../../kit";
import { useSettled } from "../../lib/debounce";
import { count } from "../../lib/format";
import { Problem, sentenceOf } from "../../lib/problem";
import { useMay, useSession } from "../../lib/session";
import {
  type Check,
  type Kind,
  type Monitor,
  useCheck,
  useMonitor,
  useMonitorActs,
  useProgrammes,
} from "./data";
import { Post } from "./Post";
import { QueryField } from "./QueryField";
import { ListenShelf, shelfName } from "./Shelf";

const editing = getRouteApi("/frame/listen/monitors/$id/edit");
const adding = getRouteApi("/frame/listen/monitors/new");

export function NewMonitor() {
  const { q } = adding.useSearch();
  return <Frame name={t`New monitor`}>{<Editor start={q ?? ""} />}</Frame>;
}

export function EditMonitor() {
  const { id } = editing.useParams();
  const monitor = useMonitor(id);
  return (
    <Frame name={monitor.data ? t`Edit ${monitor.data.name}` : t`Edit monitor`}>
      <States of={monitor}>{(m) => <Editor key={m.id} of={m} start={m.query} />}</States>
    </Frame>
  );
}

function Frame({ name, children }: { name: string; children: ReactNode }) {
  const may = useMay("listen.write");
  return (
    <Page name={name} title={name} shelf={<ListenShelf />} shelfName={shelfName()}>
      <PageBody>
        {may ? (
          children
        ) : (
          <Empty title={<Trans>Your role reads only.</Trans>}>
            <Trans>Ask an administrator or manager to write monitors.</Trans>
          </Empty>
        )}
      </PageBody>
    </Page>
  );
}

function Editor({ of: m, start }: { of?: Monitor; start: string }) {
  const go = useNavigate();
  const acts = useMonitorActs();
  const session = useSession();
  const reads = useMay("govern.read");
  const listed = useProgrammes(reads).data;
  const programmes = listed ?? session?.member?.programmes ?? [];
  const [name, setName] = useState(m?.name ?? "");
  const [query, setQuery] = useState(start);
  const [inbox, setInbox] = useState(m?.inbox ?? false);
  const [kind, setKind] = useState<Kind>((m?.kind as Kind | undefined) ?? "other");
  const [programme, setProgramme] = useState(m?.programme?.id ?? "");
  const settled = useSettled(query, 350);
  const check = useCheck(settled);
  const save = m ? acts.change : acts.add;
  const said = save.error instanceof Problem ? save.error : undefined;
  const wrong = query.trim() === "" || (check.data !== undefined && settled === query && !check.data.ok);
  const why =
    name.trim() === ""
      ? t`Give it a name first.`
      : wrong
        ? t`The query can’t be read yet; its mistake is marked.`
        : undefined;
  const send = (e: FormEvent) => {
    e.preventDefault();
    if (why) return;
    const body = { name: name.trim(), query: query.trim(), kind, inbox, programme };
    const onSuccess = (r: Monitor) => {
      tell({ text: m ? t`${r.name} is changed.` : t`${r.name} listens now.` });
      void go({ to: "/listen/monitors/$id", params: { id: r.id } });
    };
    if (m) acts.change.mutate({ id: m.id, ...body }, { onSuccess });
    else acts.add.mutate(body, { onSuccess });
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
      <form className="touch flex max-w-2xl flex-col gap-5" onSubmit={send}>
        <Field label={<Trans>Name</Trans>} error={said?.fields?.name}>
          <Input
            name="name"
            value={name}
            onChange={(e) => setName(e.target.value)}
            maxLength={200}
            autoComplete="off"
            autoFocus={!m}
          />
        </Field>
        <QueryField
          value={query}
          onChange={setQuery}
          checked={settled}
          check={check.data}
          refused={said?.fields?.query}
        />
        {settled === query && <Hints of={check.data} />}
        <Switch
          label={<Trans>Take what it finds into the inbox</Trans>}
          help={
            <Trans>
              Every post it finds from now on becomes a conversation. For a common word, that is a lot.
            </Trans>
          }
          checked={inbox}
          onChange={setInbox}
        />
        <Field
          label={<Trans>What it is about</Trans>}
          help={<Trans>Brands and competitors are compared with each other under Analyze.</Trans>}
        >
          <Select
            value={kind}
            onChange={setKind}
            choices={[
              { value: "brand", label: t`Us: a brand or product of ours` },
              { value: "competitor", label: t`A competitor` },
              { value: "topic", label: t`A topic` },
              { value: "other", label: t`Something other` },
            ]}
          />
        </Field>
        {programmes.length > 0 && (
          <Field
            label={<Trans>Programme</Trans>}
            help={<Trans>Who is in it sees what this monitor finds.</Trans>}
          >
            <Select
              value={programme}
              onChange={setProgramme}
              choices={[
                { value: "", label: t`None: administrators and those who see all` },
                ...programmes.map((p) => ({ value: p.id, label: p.name })),
              ]}
            />
          </Field>
        )}
        {save.error && !said?.fields?.name && !said?.fields?.query && (
          <p role="alert" className="help bad">
            {sentenceOf(save.error)}
          </p>
        )}
        <div className="flex gap-2">
          <Button type="submit" look="p" busy={save.isPending} {...(why ? { why } : {})} onClick={() => {}}>
            {m ? <Trans>Save changes</Trans> : <Trans>Start listening</Trans>}
          </Button>
          <Link
            {...(m
              ? { to: "/listen/monitors/$id" as const, params: { id: m.id } }
              : { to: "/listen" as const })}
            className={btn("g")}
          >
            <Trans>Not now</Trans>
          </Link>
        </div>
      </form>
      <Found
        of={query.trim() === "" ? undefined : check.data}
        busy={check.isFetching || settled !== query}
        bare={query.trim() === ""}
      />
    </div>
  );
}

function Hints({ of: c }: { of: Check | undefined }) {
  if (!c?.hints?.length) return null;
  return (
    <ul className="flex flex-col gap-1.5" aria-label={t`Hints`}>
      {c.hints.map((h) => (
        <li key={`${h.at}${h.text}`} className="flex items-start gap-1.5 text-xs text-wait">
          <Lightbulb className="i s mt-px" aria-hidden />
          <span>{h.text}</span>
        </li>
      ))}
    </ul>
  );
}

// Found is what the query would have found in the last week, while it is written.
function Found({ of: c, busy, bare }: { of: Check | undefined; busy: boolean; bare: boolean }) {
  const n = c?.count_7d;
  const rows = c?.sample ?? [];
  return (
    <Section
      title={<Trans>What it finds</Trans>}
      end={busy && !bare ? <span role="status">{t`reading`}</span> : undefined}
      className="min-w-0"
    >
      {bare && (
        <p className="py-3 text-ink-2">
          <Trans>Write a query, and what it found in the last seven days appears here.</Trans>
        </p>
      )}
      {!bare && !c && <Skeleton rows={3} />}
      {c?.ok && (
        <>
          <p className="py-3" aria-live="polite">
            {n === undefined ? (
              <Trans>More than can be counted while you write.</Trans>
            ) : n === 0 ? (
              <Trans>Nothing in the last seven days. New posts are compared as they come.</Trans>
            ) : (
              <>
                <b className="text-xl font-strong tracking-tight">{count(n)}</b>{" "}
                <Plural value={n} one="post in the last seven days" other="posts in the last seven days" />
              </>
            )}
          </p>
          <div className="-mx-5">
            {rows.map((p) => (
              <Post key={p.id} post={p} />
            ))}
          </div>
        </>
      )}
      {c && !c.ok && (
        <p className="py-3 text-ink-2">
          <Trans>As soon as the query can be read, you see here what it finds.</Trans>
        </p>
      )}
    </Section>
  );
}
