import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Button, DialogClose, Field, Input, Select, Textarea } from "../../../kit";
import { purposeName } from "../../../lib/consent";
import { Problem, sentenceOf } from "../../../lib/problem";
import type { Full } from "../data";
import { type NewConsent, useConsentActs, usePurposes } from "./data";

type State = NewConsent["state"];

// WriteConsent writes down what somebody said about a purpose, with the words and the proof.
export function WriteConsent({ of: p, done }: { of: Full; done: () => void }) {
  const { write } = useConsentActs(p.id);
  const purposes = usePurposes().data ?? [];
  const [purpose, setPurpose] = useState("marketing");
  const [state, setState] = useState<State>("granted");
  const accounts = p.identities ?? [];
  const [identity, setIdentity] = useState(accounts[0]?.id ?? "");
  const texts = purposes.find((x) => x.purpose === purpose)?.texts ?? [];
  const [chosen, setChosen] = useState<string>();
  const text = texts.find((x) => x.id === chosen) ?? texts[0];
  const own = chosen === "own" || !text;
  const bad = (f: string) =>
    write.error instanceof Problem && field(write.error) === f ? write.error.message : undefined;
  const keep = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const get = (k: string) => String(f.get(k) ?? "").trim();
    write.mutate(
      {
        identity,
        purpose,
        state,
        ...(own ? { shown: get("shown") } : { text: text.id }),
        evidence: get("evidence"),
        jurisdiction: get("jurisdiction"),
        ...(get("on") && { at: new Date(`${get("on")}T00:00:00`).toISOString() }),
        ...(get("until") && { expires_at: new Date(`${get("until")}T23:59:59`).toISOString() }),
      },
      { onSuccess: done },
    );
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={keep}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={<Trans>Purpose</Trans>}>
          <Select
            value={purpose}
            onChange={(v) => {
              setPurpose(v);
              setChosen(undefined);
            }}
            choices={purposes.map((x) => ({
              value: x.purpose,
              label: purposeName(x.purpose, x.texts?.[0]?.name),
            }))}
          />
        </Field>
        <Field label={<Trans>They</Trans>}>
          <Select
            value={state}
            onChange={setState}
            choices={[
              { value: "granted" as State, label: t`agreed` },
              { value: "refused" as State, label: t`refused` },
              { value: "withdrawn" as State, label: t`withdrew` },
              { value: "requested" as State, label: t`were asked` },
            ]}
          />
        </Field>
      </div>
      <Field label={<Trans>Account</Trans>}>
        <Select
          value={identity}
          onChange={setIdentity}
          choices={accounts.map((i) => ({ value: i.id, label: i.handle || i.value }))}
        />
      </Field>
      {texts.length > 0 && (
        <Field label={<Trans>The words that they saw</Trans>}>
          <Select
            value={own ? "own" : text.id}
            onChange={setChosen}
            choices={[
              ...texts.map((x) => ({ value: x.id, label: t`Our text (${x.lang}), version ${x.version}` })),
              { value: "own", label: t`Other words` },
            ]}
          />
        </Field>
      )}
      {own ? (
        <Field
          label={texts.length > 0 ? <Trans>Those words</Trans> : <Trans>The words that they saw</Trans>}
          error={bad("shown")}
        >
          <Textarea name="shown" rows={3} maxLength={10_000} />
        </Field>
      ) : (
        <blockquote className="border-s-2 border-line ps-3 text-ink-2 wrap-anywhere" dir="auto">
          {text.body}
        </blockquote>
      )}
      <Field
        label={<Trans>Proof</Trans>}
        help={<Trans>What they signed, where they ticked it, which call.</Trans>}
        error={bad("evidence")}
      >
        <Input name="evidence" maxLength={1000} autoComplete="off" />
      </Field>
      <div className="grid gap-3 sm:grid-cols-3">
        <Field label={<Trans>On</Trans>} error={bad("at")}>
          <Input name="on" type="date" />
        </Field>
        <Field label={<Trans>Until</Trans>} error={bad("expires_at")}>
          <Input name="until" type="date" />
        </Field>
        <Field label={<Trans>Country</Trans>} error={bad("jurisdiction")}>
          <Input name="jurisdiction" maxLength={6} placeholder="DE" autoComplete="off" />
        </Field>
      </div>
      {Boolean(write.error) && (
        <p role="alert" className="text-alarm">
          {sentenceOf(write.error)}
        </p>
      )}
      <div className="touch flex justify-end gap-2">
        <DialogClose
          render={
            <Button look="g" type="button">
              <Trans>Not now</Trans>
            </Button>
          }
        />
        <Button look="p" type="submit" busy={write.isPending} disabled={!identity}>
          <Trans>Keep it</Trans>
        </Button>
      </div>
    </form>
  );
}

const field = (p: Problem) => p.field?.replace(/^body\./, "");
