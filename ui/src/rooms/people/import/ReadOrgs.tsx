import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Checkbox, Field, Input, Section, Select, Table } from "../../../kit";
import type { Reading } from "./data";
import { Refused, SeenBy, Wins } from "./Shared";
import { type Found, What } from "./What";
import { orgFieldName } from "./words";

// OrgWays asks what organizations are found by, who wins, and what is done.
export function OrgWays({
  set,
  change,
  programmes,
}: {
  set: Reading;
  change: (c: Partial<Reading>) => void;
  programmes: readonly { id: string; name: string }[];
}) {
  const match = set.match ?? [];
  return (
    <Section title={<Trans>Which is which, and who wins</Trans>} className="max-w-4xl">
      <p className="max-w-(--measure) pt-3 text-ink-2">
        <Trans>
          A name finds an organization only where neither domain nor id says that it is another. To whom one
          belongs is made where it is not known yet.
        </Trans>
      </p>
      <div className="grid gap-5 pt-4 sm:grid-cols-2 lg:grid-cols-3">
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-2 font-medium">
            <Trans>An organization is found by</Trans>
          </legend>
          {(["external_id", "domain", "name"] as const).map((k) => (
            <Checkbox
              key={k}
              label={orgFieldName(k)}
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
              { value: "both", label: t`Add new organizations and update known ones` },
              { value: "create", label: t`Only add new organizations` },
              { value: "update", label: t`Only update known organizations` },
            ]}
          />
        </Field>
        {(set.columns.external_id || set.columns.parent_id) && (
          <Field label={<Trans>System of the ids</Trans>} help={<Trans>Such as shop or hubspot.</Trans>}>
            <Input
              value={set.system ?? ""}
              maxLength={40}
              autoComplete="off"
              onChange={(e) => change({ system: e.target.value })}
            />
          </Field>
        )}
        <SeenBy set={set} change={change} programmes={programmes} />
      </div>
    </Section>
  );
}

// OrgRows shows what would come of the first organizations.
export function OrgRows({ rows, nameOf }: { rows: readonly Found[]; nameOf: (k: string) => string }) {
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
            <Trans>Domain</Trans>
          </th>
          <th className="max-md:hidden">
            <Trans>Belongs to</Trans>
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
              <td dir="auto">
                {r.name}
                {(r.industry || r.owner) && (
                  <span className="block text-xs text-ink-3">
                    {[r.industry, r.owner].filter(Boolean).join(" · ")}
                  </span>
                )}
              </td>
              <td className="text-ink-2 max-sm:hidden">
                {[r.domain, r.external_id].filter(Boolean).join(" · ")}
              </td>
              <td className="text-ink-2 max-md:hidden" dir="auto">
                {r.parent}
              </td>
              <td className="text-ink-2 max-md:hidden">{(r.changes ?? []).map(nameOf).join(", ")}</td>
            </>
          )}
        </tr>
      ))}
    </Table>
  );
}
