import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Button, Chip, Field, Input, Section, Select, tell } from "../../../kit";
import { Problem, sentenceOf } from "../../../lib/problem";
import { type TranslatorSettings, useTranslates, useTranslatorActs } from "./data";

const named = (e: unknown) => (e instanceof Problem ? e.field?.replace(/^body\./, "") : undefined);

// TranslatorForm says which machine translates in the inbox.
export function TranslatorForm({ of: s }: { of: TranslatorSettings }) {
  const acts = useTranslatorActs();
  const on = useTranslates();
  const [kind, setKind] = useState<string>(s.kind);
  const error = acts.set.error;
  const fault = (f: string) => (named(error) === f ? sentenceOf(error) : undefined);
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const key = String(f.get("key") ?? "").trim();
    acts.set.mutate(
      {
        kind: kind === "libre" || kind === "model" ? kind : "off",
        address: String(f.get("address") ?? s.address).trim(),
        ...(key ? { key } : {}),
      },
      { onSuccess: () => tell({ text: t`Kept.` }) },
    );
  };
  return (
    <Section
      title={<Trans>Translation in the inbox</Trans>}
      n={<Chip tone={on ? "good" : "outline"}>{on ? <Trans>on</Trans> : <Trans>off</Trans>}</Chip>}
      className="mt-10 max-w-2xl"
    >
      <p className="mt-3 max-w-xl text-ink-2">
        <Trans>
          It translates a message, or an answer before it is sent, when somebody presses for it. The words go
          to that machine whole, with names and numbers; choose one that may read them.
        </Trans>
      </p>
      <form className="touch mt-4 grid gap-3 sm:grid-cols-2" onSubmit={send} autoComplete="off">
        <Field label={<Trans>Who translates</Trans>} className="sm:col-span-2" error={fault("kind")}>
          <Select
            value={kind}
            onChange={setKind}
            choices={[
              { value: "off", label: t`Nobody` },
              { value: "libre", label: t`A service of LibreTranslate’s shape` },
              { value: "model", label: t`The language model above` },
            ]}
          />
        </Field>
        {kind === "libre" && (
          <>
            <Field
              label={<Trans>Address of the service</Trans>}
              error={fault("address")}
              help={
                <Trans>
                  Without /translate. A service in your own network is reached when Parley was started with
                  --allow and its host.
                </Trans>
              }
            >
              <Input
                name="address"
                defaultValue={s.address}
                placeholder="https://translate.example.com"
                maxLength={300}
              />
            </Field>
            <Field
              label={<Trans>Key of the service</Trans>}
              help={
                s.has_key ? (
                  <Trans>One is kept, sealed. Left empty it stays, while the address does.</Trans>
                ) : (
                  <Trans>May stay empty for a service of your own.</Trans>
                )
              }
            >
              <Input name="key" type="password" autoComplete="new-password" maxLength={2000} />
            </Field>
          </>
        )}
        {error && !["address", "kind"].includes(named(error) ?? "") && (
          <p className="text-alarm sm:col-span-2" role="alert">
            {sentenceOf(error)}
          </p>
        )}
        <div className="flex flex-wrap items-center justify-end gap-2 sm:col-span-2">
          {(acts.test.data || acts.test.error) && (
            <span className={`min-w-0 flex-1 ${acts.test.error ? "text-alarm" : "text-good"}`} role="status">
              {acts.test.error
                ? sentenceOf(acts.test.error)
                : t`It translates: ${acts.test.data?.text ?? ""}`}
            </span>
          )}
          {s.kind !== "off" && (
            <Button busy={acts.test.isPending} onClick={() => acts.test.mutate()}>
              <Trans>Try the translation</Trans>
            </Button>
          )}
          <Button type="submit" look="p" busy={acts.set.isPending}>
            <Trans>Keep who translates</Trans>
          </Button>
        </div>
      </form>
    </Section>
  );
}
