import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import {
  Button,
  Chip,
  Field,
  Input,
  Page,
  PageBody,
  Section,
  Select,
  States,
  Switch,
  Textarea,
  tell,
} from "../../../kit";
import { Problem, sentenceOf } from "../../../lib/problem";
import { useMay } from "../../../lib/session";
import { useTranslator } from "../translate/data";
import { TranslatorForm } from "../translate/TranslatorForm";
import { OpenLink } from "./ArticlePage";
import { type HelpSettings, type Provider, useHelp, useProvider, useSettingsActs } from "./data";
import { KnowShelf, shelfName } from "./Shelf";

// Settings are those of the public help page, of a language model that may draft, and of who translates.
export function Settings() {
  const help = useHelp();
  const admin = useMay("system.write");
  const provider = useProvider(admin);
  const translator = useTranslator(admin);
  return (
    <Page name={t`Settings`} title={<Trans>Settings</Trans>} shelf={<KnowShelf />} shelfName={shelfName()}>
      <PageBody>
        <States of={help}>{(h) => <HelpForm key={JSON.stringify(h)} of={h} />}</States>
        {admin && <States of={provider}>{(p) => <ProviderForm key={JSON.stringify(p)} of={p} />}</States>}
        {admin && <States of={translator}>{(s) => <TranslatorForm key={JSON.stringify(s)} of={s} />}</States>}
      </PageBody>
    </Page>
  );
}

const named = (e: unknown) => (e instanceof Problem ? e.field?.replace(/^body\./, "") : undefined);

function HelpForm({ of: h }: { of: HelpSettings }) {
  const { help } = useSettingsActs();
  const may = useMay("know.publish");
  const [on, setOn] = useState(!h.off);
  const [ask, setAsk] = useState(h.ask);
  const fault = (f: string) => (named(help.error) === f ? sentenceOf(help.error) : undefined);
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (k: string) => String(f.get(k) ?? "").trim();
    help.mutate(
      { off: !on, title: text("title"), intro: text("intro"), colour: text("colour"), ask },
      { onSuccess: () => tell({ text: t`Kept.` }) },
    );
  };
  const doors = h.doors ?? [];
  return (
    <Section
      title={<Trans>Public help page</Trans>}
      n={
        h.open ? (
          <Chip tone="good">
            <Trans>open</Trans>
          </Chip>
        ) : (
          <Chip tone="outline">
            {h.off ? <Trans>switched off</Trans> : <Trans>nothing published yet</Trans>}
          </Chip>
        )
      }
      end={
        h.open && (
          <OpenLink href="/help">
            <Trans>Look at it</Trans>
          </OpenLink>
        )
      }
      className="mb-10 max-w-2xl"
    >
      <form className="touch mt-4 grid gap-3 sm:grid-cols-2" onSubmit={send}>
        <div className="sm:col-span-2">
          <Switch
            checked={on}
            onChange={setOn}
            disabled={!may}
            label={<Trans>Open to everybody at /help, once an article is published for everybody</Trans>}
          />
        </div>
        <Field
          label={<Trans>Title</Trans>}
          help={<Trans>The brand’s name and “Help” if left out.</Trans>}
          error={fault("title")}
        >
          <Input name="title" maxLength={80} defaultValue={h.title} disabled={!may} />
        </Field>
        <Field label={<Trans>Colour</Trans>} error={fault("colour")} help={<Trans>Such as #0b6571.</Trans>}>
          <Input name="colour" maxLength={7} defaultValue={h.colour} disabled={!may} />
        </Field>
        <Field label={<Trans>Words below the title</Trans>} className="sm:col-span-2" error={fault("intro")}>
          <Textarea name="intro" rows={2} maxLength={400} defaultValue={h.intro} disabled={!may} />
        </Field>
        <Field
          label={<Trans>“Ask us” leads to</Trans>}
          className="sm:col-span-2"
          help={
            doors.length === 0 ? (
              <Trans>Connect a web form or a chat under Settings, Channels, so that visitors can ask.</Trans>
            ) : undefined
          }
        >
          <Select
            value={ask}
            onChange={setAsk}
            disabled={!may || doors.length === 0}
            choices={[
              { value: "", label: doors[0] ? t`The first that is open: ${doors[0].name}` : t`Nowhere yet` },
              ...doors.map((d) => ({ value: d.id, label: d.name })),
            ]}
          />
        </Field>
        {help.error && !["title", "colour", "intro"].includes(named(help.error) ?? "") && (
          <p className="text-alarm sm:col-span-2" role="alert">
            {sentenceOf(help.error)}
          </p>
        )}
        {may && (
          <div className="flex justify-end sm:col-span-2">
            <Button type="submit" look="p" busy={help.isPending}>
              <Trans>Keep it</Trans>
            </Button>
          </div>
        )}
      </form>
    </Section>
  );
}

function ProviderForm({ of: p }: { of: Provider }) {
  const acts = useSettingsActs();
  const [on, setOn] = useState(p.on);
  const error = acts.provider.error;
  const fault = (f: string) => (named(error) === f ? sentenceOf(error) : undefined);
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const key = String(f.get("key") ?? "").trim();
    acts.provider.mutate(
      {
        on,
        address: String(f.get("address") ?? "").trim(),
        model: String(f.get("model") ?? "").trim(),
        ...(key ? { key } : {}),
      },
      { onSuccess: () => tell({ text: t`Kept.` }) },
    );
  };
  return (
    <Section
      title={<Trans>Language model that may draft</Trans>}
      n={<Chip tone={p.on ? "good" : "outline"}>{p.on ? <Trans>on</Trans> : <Trans>off</Trans>}</Chip>}
      className="max-w-2xl"
    >
      <p className="mt-3 max-w-xl text-ink-2">
        <Trans>
          It drafts a reply when somebody presses for it, out of the conversation and what is suggested. Mail
          addresses, handles and long numbers are left out of what it is told. It can do nothing else, and a
          person always sends.
        </Trans>
      </p>
      <form className="touch mt-4 grid gap-3 sm:grid-cols-2" onSubmit={send} autoComplete="off">
        <div className="sm:col-span-2">
          <Switch checked={on} onChange={setOn} label={<Trans>Let it draft</Trans>} />
        </div>
        <Field
          label={<Trans>Address</Trans>}
          className="sm:col-span-2"
          error={fault("address")}
          help={
            <Trans>
              Of OpenAI’s shape, such as https://api.example.com/v1. A model in your own network is reached
              when Parley was started with --allow and its host.
            </Trans>
          }
        >
          <Input
            name="address"
            defaultValue={p.address}
            placeholder="https://api.example.com/v1"
            maxLength={300}
          />
        </Field>
        <Field label={<Trans>Model</Trans>} error={fault("model")}>
          <Input name="model" defaultValue={p.model} maxLength={200} />
        </Field>
        <Field
          label={<Trans>Key</Trans>}
          help={
            p.has_key ? (
              <Trans>One is kept, sealed. Left empty it stays, while the address does.</Trans>
            ) : (
              <Trans>May stay empty for a model of your own.</Trans>
            )
          }
        >
          <Input name="key" type="password" autoComplete="new-password" maxLength={2000} />
        </Field>
        {error && !["address", "model"].includes(named(error) ?? "") && (
          <p className="text-alarm sm:col-span-2" role="alert">
            {sentenceOf(error)}
          </p>
        )}
        <div className="flex flex-wrap items-center justify-end gap-2 sm:col-span-2">
          {(acts.test.data || acts.test.error) && (
            <span className={`min-w-0 flex-1 ${acts.test.error ? "text-alarm" : "text-good"}`} role="status">
              {acts.test.error ? sentenceOf(acts.test.error) : t`It answers: ${acts.test.data?.text ?? ""}`}
            </span>
          )}
          {p.address && p.model && (
            <Button busy={acts.test.isPending} onClick={() => acts.test.mutate()}>
              <Trans>Try what is kept</Trans>
            </Button>
          )}
          <Button type="submit" look="p" busy={acts.provider.isPending}>
            <Trans>Keep it</Trans>
          </Button>
        </div>
      </form>
    </Section>
  );
}
