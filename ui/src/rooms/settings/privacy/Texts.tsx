import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { Button, Dialog, DialogClose, Field, Input, States, Table, Textarea, Time } from "../../../kit";
import { purposeName } from "../../../lib/consent";
import { count, language } from "../../../lib/format";
import { sentenceOf } from "../../../lib/problem";
import { fault } from "../data";
import { type ConsentText, type Purpose, usePrivacyActs, usePurposes, useVersions } from "./data";

interface Editing {
  purpose?: string;
  text?: ConsentText;
}

// Texts are what people are shown before they agree, with how many did.
export function Texts({ may, adds, onAdds }: { may: boolean; adds: boolean; onAdds: (o: boolean) => void }) {
  const purposes = usePurposes();
  const [editing, setEditing] = useState<Editing>();
  const open = editing ?? (adds ? {} : undefined);
  const close = () => {
    setEditing(undefined);
    onAdds(false);
  };
  return (
    <>
      <States of={purposes}>
        {(all) => (
          <Table
            label={t`Purposes`}
            head={
              <>
                <th>
                  <Trans>Purpose</Trans>
                </th>
                <th>
                  <Trans>Text</Trans>
                </th>
                <th className="num">
                  <Trans>Agreed</Trans>
                </th>
                <th className="num max-sm:hidden">
                  <Trans>Withdrawn</Trans>
                </th>
                <th className="num max-md:hidden">
                  <Trans>Refused</Trans>
                </th>
              </>
            }
          >
            {all.map((p) => (
              <Row key={p.purpose} p={p} may={may} onEdit={setEditing} />
            ))}
          </Table>
        )}
      </States>
      <Dialog
        open={open !== undefined}
        onOpenChange={(o) => !o && close()}
        title={open?.text ? <Trans>A new version</Trans> : <Trans>A text to agree to</Trans>}
        text={<Trans>Earlier versions stay, with everybody who agreed to them.</Trans>}
      >
        {open && <TextForm of={open} done={close} />}
      </Dialog>
    </>
  );
}

function Row({ p, may, onEdit }: { p: Purpose; may: boolean; onEdit: (e: Editing) => void }) {
  const n = (s: string) => count(p.tally[s] ?? 0);
  const texts = p.texts ?? [];
  return (
    <tr>
      <td className="font-strong">{purposeName(p.purpose, texts[0]?.name)}</td>
      <td>
        <span className="flex flex-wrap gap-1.5 py-1">
          {texts.map((x) => (
            <Button key={x.id} size="sm" touch onClick={() => onEdit({ purpose: p.purpose, text: x })}>
              {language(x.lang)} · {t`version ${x.version}`}
            </Button>
          ))}
          {texts.length === 0 &&
            (may ? (
              <Button
                size="sm"
                look="g"
                touch
                className="-ms-2"
                onClick={() => onEdit({ purpose: p.purpose })}
              >
                <Trans>Write one</Trans>
              </Button>
            ) : (
              <span className="text-ink-3">
                <Trans>none yet</Trans>
              </span>
            ))}
        </span>
      </td>
      <td className="num">{n("granted")}</td>
      <td className="num max-sm:hidden">{n("withdrawn")}</td>
      <td className="num max-md:hidden">{n("refused")}</td>
    </tr>
  );
}

function TextForm({ of, done }: { of: Editing; done: () => void }) {
  const { writeText } = usePrivacyActs();
  const error = writeText.error;
  const save = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const get = (k: string) => String(f.get(k) ?? "").trim();
    const name = get("name");
    const slug = name
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 40);
    writeText.mutate(
      {
        purpose: of.purpose ?? `topic:${slug}`,
        lang: of.text?.lang ?? (get("lang") || "en"),
        name,
        body: get("body"),
      },
      { onSuccess: done },
    );
  };
  return (
    <form onSubmit={save} className="flex flex-col gap-4">
      <Field
        label={of.purpose ? <Trans>What it is called</Trans> : <Trans>The topic</Trans>}
        help={<Trans>As a customer reads it.</Trans>}
        error={fault(error, "name") ?? fault(error, "purpose")}
      >
        <Input
          name="name"
          required
          maxLength={100}
          defaultValue={of.text?.name ?? (of.purpose ? purposeName(of.purpose) : "")}
        />
      </Field>
      {!of.text && (
        <Field
          label={<Trans>Language</Trans>}
          help={<Trans>A code such as en or de.</Trans>}
          error={fault(error, "lang")}
        >
          <Input name="lang" defaultValue="en" maxLength={35} className="max-w-28" />
        </Field>
      )}
      <Field
        label={<Trans>What they agree to</Trans>}
        help={<Trans>Plain words: what you send, how often, and how they stop it.</Trans>}
        error={fault(error, "body")}
      >
        <Textarea name="body" required rows={5} maxLength={10_000} defaultValue={of.text?.body} />
      </Field>
      {of.text && <Earlier of={of.text} />}
      {Boolean(error) && (
        <p className="text-alarm" role="alert">
          {sentenceOf(error)}
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
        <Button look="p" type="submit" busy={writeText.isPending}>
          <Trans>Keep this version</Trans>
        </Button>
      </div>
    </form>
  );
}

function Earlier({ of }: { of: ConsentText }) {
  const all = (useVersions(of.purpose, of.lang).data ?? []).filter((x) => x.version !== of.version);
  if (all.length === 0) return null;
  return (
    <details>
      <summary className="cursor-pointer text-ink-2">
        <Trans>Earlier versions</Trans>
      </summary>
      <ul className="mt-2 flex max-h-48 flex-col gap-2 overflow-y-auto">
        {all.map((x) => (
          <li key={x.id}>
            <span className="text-xs text-ink-3">
              {t`version ${x.version}`} · {x.by?.name} · <Time at={x.at} />
            </span>
            <p className="wrap-anywhere" dir="auto">
              {x.body}
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
