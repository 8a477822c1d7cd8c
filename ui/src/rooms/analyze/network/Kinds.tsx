import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { count } from "../../../lib/format";
import { type BondKind, bondKinds } from "../search";
import type { Net } from "../web";

const name = (k: BondKind) =>
  ({ answered: t`answers`, named: t`mentions`, shared: t`shares`, quoted: t`quotes` })[k];

// Kinds chooses by which kind of bond the network is seen, and says how many there are of each.
export function Kinds({
  of: n,
  value,
  onChange,
}: {
  of: Net;
  value: BondKind | undefined;
  onChange: (k: BondKind | undefined) => void;
}) {
  return (
    <fieldset className="mb-3 flex flex-wrap gap-1.5">
      <legend className="sr-only">
        <Trans>Kind of bond</Trans>
      </legend>
      <One label={t`all bonds`} n={n.bonds} on={value === undefined} onPress={() => onChange(undefined)} />
      {bondKinds.map((k) => (
        <One
          key={k}
          label={name(k)}
          n={n.kinds[k]}
          on={value === k}
          onPress={() => onChange(value === k ? undefined : k)}
        />
      ))}
    </fieldset>
  );
}

function One({ label, n, on, onPress }: { label: string; n: number; on: boolean; onPress: () => void }) {
  return (
    <button
      type="button"
      className={`chip ol min-h-7 max-sm:min-h-9 ${on ? "!bg-chosen" : ""}`}
      aria-pressed={on}
      disabled={n === 0 && !on}
      onClick={onPress}
    >
      <b className="font-strong">{count(n)}</b> {label}
    </button>
  );
}
