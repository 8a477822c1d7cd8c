import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Button, Facts, Field, Input, States, Textarea, tell } from "../../kit";
import { sentenceOf } from "../../lib/problem";
import { useMay } from "../../lib/session";
import { fault, type Brand as Named, useBrand, useNameBrand } from "./data";
import { Frame } from "./Frame";
import { lines } from "./words";

// Brand is who we are: our name, our handles, the words that mean us.
export function Brand() {
  const brand = useBrand();
  const may = useMay("system.write");
  return (
    <Frame name={t`Brand`}>
      <States of={brand}>{(b) => (may ? <Edit key={b.name} b={b} /> : <Read b={b} />)}</States>
    </Frame>
  );
}

function Read({ b }: { b: Named }) {
  return (
    <>
      <Facts
        of={[
          [<Trans key="n">Name</Trans>, b.name],
          [<Trans key="h">Handles</Trans>, b.handles?.join(", ") || "–"],
          [<Trans key="t">Words</Trans>, b.terms?.join(", ") || "–"],
        ]}
      />
      <p className="pt-4 text-ink-2">
        <Trans>Administrators can change it.</Trans>
      </p>
    </>
  );
}

function Edit({ b }: { b: Named }) {
  const save = useNameBrand();
  const [name, setName] = useState(b.name);
  const [handles, setHandles] = useState((b.handles ?? []).join("\n"));
  const [terms, setTerms] = useState((b.terms ?? []).join("\n"));
  const send = (e: FormEvent) => {
    e.preventDefault();
    save.mutate(
      { name: name.trim(), handles: lines(handles), terms: lines(terms) },
      { onSuccess: () => tell({ text: t`Saved.` }) },
    );
  };
  const placed = ["name", "handles", "terms"].some((f) => fault(save.error, f));
  return (
    <form className="touch flex max-w-xl flex-col gap-4" onSubmit={send}>
      <Field
        label={<Trans>Name</Trans>}
        help={<Trans>Stands wherever we speak of ourselves.</Trans>}
        error={fault(save.error, "name")}
      >
        <Input
          name="brand"
          value={name}
          onChange={(e) => setName(e.target.value)}
          required
          maxLength={200}
          autoComplete="off"
        />
      </Field>
      <Field
        label={<Trans>Handles</Trans>}
        help={<Trans>Our accounts, one per line. What they say counts as ours, never as heard.</Trans>}
        error={fault(save.error, "handles")}
      >
        <Textarea
          name="handles"
          value={handles}
          onChange={(e) => setHandles(e.target.value)}
          spellCheck={false}
          className="mono"
        />
      </Field>
      <Field
        label={<Trans>Words that mean us</Trans>}
        help={<Trans>Product names and usual misspellings, one per line.</Trans>}
        error={fault(save.error, "terms")}
      >
        <Textarea name="terms" value={terms} onChange={(e) => setTerms(e.target.value)} />
      </Field>
      {save.error && !placed && (
        <p role="alert" className="help bad">
          {sentenceOf(save.error)}
        </p>
      )}
      <div>
        <Button type="submit" look="p" busy={save.isPending} onClick={() => {}}>
          <Trans>Save changes</Trans>
        </Button>
      </div>
    </form>
  );
}
