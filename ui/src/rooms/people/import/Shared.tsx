import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Field, Input, Select } from "../../../kit";
import type { Reading } from "./data";
import type { Found } from "./What";

// DialAndSeen asks what files of every kind leave open: how numbers without a country are read, and who sees what comes.
export function DialAndSeen({
  set,
  change,
  programmes,
}: {
  set: Reading;
  change: (c: Partial<Reading>) => void;
  programmes: readonly { id: string; name: string }[];
}) {
  return (
    <>
      <Field
        label={<Trans>Country of numbers without one</Trans>}
        help={<Trans>Its code, such as 49.</Trans>}
      >
        <Input
          value={set.dial ?? ""}
          inputMode="numeric"
          maxLength={5}
          autoComplete="off"
          onChange={(e) => change({ dial: e.target.value })}
        />
      </Field>
      <SeenBy set={set} change={change} programmes={programmes} />
    </>
  );
}

// SeenBy asks in which programme what comes is seen.
export function SeenBy({
  set,
  change,
  programmes,
}: {
  set: Reading;
  change: (c: Partial<Reading>) => void;
  programmes: readonly { id: string; name: string }[];
}) {
  return (
    <Field label={<Trans>Seen by</Trans>}>
      <Select
        value={set.programme ?? ""}
        onChange={(programme) => change({ programme })}
        choices={[
          { value: "", label: t`Those who see everything` },
          ...programmes.map((p) => ({ value: p.id, label: p.name })),
        ]}
      />
    </Field>
  );
}

// Wins asks who wins where a file and what is here differ.
export function Wins({ set, change }: { set: Reading; change: (c: Partial<Reading>) => void }) {
  return (
    <Field label={<Trans>Where the file and Parley differ</Trans>}>
      <Select
        value={set.wins ?? "file"}
        onChange={(wins) => change({ wins })}
        choices={[
          {
            value: "file",
            label: t`The file wins`,
            help: t`But for what colleagues wrote into your own fields.`,
          },
          { value: "ours", label: t`Parley wins`, help: t`The file only fills what is empty.` },
        ]}
      />
    </Field>
  );
}

// Refused is a row that cannot be taken in: why, and its beginning.
export function Refused({ r }: { r: Found }) {
  return (
    <>
      <span className="block whitespace-normal text-alarm">{r.why}</span>
      <span className="mono block max-w-(--measure) truncate text-xs text-ink-3">{r.source}</span>
    </>
  );
}
