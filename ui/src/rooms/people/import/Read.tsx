import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button, Checkbox, Field, Input, Section, Select, Table } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { type ImportFull, type Reading, useImportActs, useLook, useOwnFields, useProgrammes } from "./data";
import { OrderRows, OrderWays } from "./ReadOrders";
import { OrgRows, OrgWays } from "./ReadOrgs";
import { DialAndSeen, Refused, Wins } from "./Shared";
import { type Found, What } from "./What";
import { fieldName, fields, orderFieldName, orderFields, orgFieldName, orgFields } from "./words";

const first = 9; // what is asked at once; the rest when wished

// Read asks what the columns are and who wins, and shows what would come of the first rows.
export function Read({ f }: { f: ImportFull }) {
  const { start } = useImportActs();
  const ownOf = { persons: useOwnFields("person").data, organizations: useOwnFields("organization").data };
  const programmes = useProgrammes().data ?? [];
  const [set, setSet] = useState<Reading>(() => ({ ...f.settings, columns: { ...f.settings.columns } }));
  const [all, setAll] = useState(false);
  const change = (c: Partial<Reading>) => {
    start.reset();
    setSet((was) => ({ ...was, ...c }));
  };
  const look = useLook(f.id, set);
  const why = (start.error ?? look.error) ? sentenceOf(start.error ?? look.error) : undefined;
  const kind = set.kind ?? "persons";
  const own = kind === "orders" ? [] : (ownOf[kind] ?? []);
  const asked = [
    ...{ persons: fields, orders: orderFields, organizations: orgFields }[kind],
    ...own.map((o) => `field:${o.key}`),
  ];
  const mapped = asked.filter((k) => set.columns[k]);
  const turn = (to: typeof kind) => {
    setAll(false);
    const system = (k: typeof kind) => (k === "orders" ? "shop" : "crm");
    change({
      kind: to,
      columns: { ...f.guessed[to] },
      match: to === "organizations" ? ["external_id", "domain", "name"] : ["external_id", "email", "phone"],
      ...(set.system === system(kind) ? { system: system(to) } : {}),
    });
  };
  const few = [...new Set([...asked.slice(0, first), ...mapped])];
  const shown = all ? asked : few;
  const nameOf = (k: string) =>
    own.find((o) => `field:${o.key}` === k)?.name ??
    { persons: fieldName, orders: orderFieldName, organizations: orgFieldName }[kind](k);
  const choices = [
    { value: "", label: t`Not in the file` },
    ...(f.names ?? []).map((n) => ({ value: n, label: n })),
  ];
  const match = set.match ?? [];
  const go = (dry: boolean) => start.mutate({ id: f.id, reading: set, dry });
  return (
    <>
      {f.format !== "vcard" && (
        <Section title={<Trans>What is in the file?</Trans>} className="max-w-4xl">
          <div className="max-w-sm pt-3">
            <Select
              label={t`What is in the file?`}
              value={kind}
              onChange={turn}
              choices={[
                { value: "persons" as const, label: t`Persons` },
                { value: "organizations" as const, label: t`Organizations` },
                {
                  value: "orders" as const,
                  label: t`Orders`,
                  help: t`Rows with the same number are the lines of one.`,
                },
              ]}
            />
          </div>
        </Section>
      )}
      <Section title={<Trans>What the columns are</Trans>} className="max-w-4xl">
        <div className="grid gap-4 pt-3 sm:grid-cols-2 lg:grid-cols-3">
          {shown.map((name) => (
            <Field key={name} label={nameOf(name)}>
              <Select
                value={set.columns[name] ?? ""}
                onChange={(v) => change({ columns: { ...set.columns, [name]: v } })}
                choices={choices}
              />
            </Field>
          ))}
        </div>
        {few.length < asked.length && (
          <button type="button" className="link touch mt-3" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? <Trans>Fewer columns</Trans> : <Trans>More columns</Trans>}
          </button>
        )}
      </Section>
      {kind === "orders" && <OrderWays set={set} change={change} programmes={programmes} />}
      {kind === "organizations" && <OrgWays set={set} change={change} programmes={programmes} />}
      {kind === "persons" && (
        <Section title={<Trans>Who is who, and who wins</Trans>} className="max-w-4xl">
          <div className="grid gap-5 pt-3 sm:grid-cols-2 lg:grid-cols-3">
            <fieldset className="flex flex-col gap-2">
              <legend className="mb-2 font-medium">
                <Trans>A person is found by</Trans>
              </legend>
              {(["external_id", "email", "phone"] as const).map((k) => (
                <Checkbox
                  key={k}
                  label={fieldName(k)}
                  checked={match.includes(k)}
                  onChange={(on) => change({ match: on ? [...match, k] : match.filter((x) => x !== k) })}
                />
              ))}
            </fieldset>
            <Wins set={set} change={change} />
            <Field label={<Trans>Do</Trans>}>
              <Select
                value={set.only ?? "both"}
                onChange={(only) => change({ only })}
                choices={[
                  { value: "both", label: t`Add new persons and update known ones` },
                  { value: "create", label: t`Only add new persons` },
                  { value: "update", label: t`Only update known persons` },
                ]}
              />
            </Field>
            {set.columns.external_id && (
              <Field label={<Trans>System of the ids</Trans>} help={<Trans>Such as shop or hubspot.</Trans>}>
                <Input
                  value={set.system ?? ""}
                  maxLength={40}
                  autoComplete="off"
                  onChange={(e) => change({ system: e.target.value })}
                />
              </Field>
            )}
            <DialAndSeen set={set} change={change} programmes={programmes} />
          </div>
        </Section>
      )}
      <Section title={<Trans>What would come of the first rows</Trans>}>
        {look.data?.import.settings.kind === "orders" && <OrderRows rows={look.data.rows ?? []} />}
        {look.data?.import.settings.kind === "organizations" && (
          <OrgRows rows={look.data.rows ?? []} nameOf={nameOf} />
        )}
        {look.data?.import.settings.kind === "persons" && (
          <Rows rows={look.data.rows ?? []} nameOf={nameOf} />
        )}
        {why && (
          <p role="alert" className="help bad mt-3">
            {why}
          </p>
        )}
        <div className="mt-4 flex flex-wrap gap-2">
          <Button
            look="p"
            touch
            busy={start.isPending}
            {...(look.error ? { why: sentenceOf(look.error) } : {})}
            onClick={() => go(false)}
          >
            <Trans>Take it in</Trans>
          </Button>
          <Button
            touch
            busy={start.isPending}
            {...(look.error ? { why: sentenceOf(look.error) } : {})}
            onClick={() => go(true)}
          >
            <Trans>Only look at every row</Trans>
          </Button>
        </div>
      </Section>
    </>
  );
}

function Rows({ rows, nameOf }: { rows: readonly Found[]; nameOf: (k: string) => string }) {
  return (
    <Table
      label={t`What would come of the first rows`}
      head={
        <>
          <th className="num">
            <Trans>Line</Trans>
          </th>
          <th>
            <Trans>What happens</Trans>
          </th>
          <th>
            <Trans>Name</Trans>
          </th>
          <th className="max-sm:hidden">
            <Trans>Reached at</Trans>
          </th>
          <th className="max-md:hidden">
            <Trans>Organization</Trans>
          </th>
          <th className="max-md:hidden">
            <Trans>What changes</Trans>
          </th>
        </>
      }
    >
      {rows.map((r) => (
        <tr key={r.line}>
          <td className="num">{r.line}</td>
          {r.why ? (
            <td colSpan={5}>
              <Refused r={r} />
            </td>
          ) : (
            <>
              <td>
                <What r={r} />
              </td>
              <td dir="auto">{r.name || r.known}</td>
              <td className="text-ink-2 max-sm:hidden">
                {[r.email, r.phone, r.external_id].filter(Boolean).join(" · ")}
              </td>
              <td className="text-ink-2 max-md:hidden" dir="auto">
                {[r.title, r.organization].filter(Boolean).join(", ")}
              </td>
              <td className="text-ink-2 max-md:hidden">{(r.changes ?? []).map(nameOf).join(", ")}</td>
            </>
          )}
        </tr>
      ))}
    </Table>
  );
}
