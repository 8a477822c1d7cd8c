import { Trans } from "@lingui/react/macro";
import { HoldLine, PlaceHold, Section } from "../../kit";
import { useHoldsOn } from "../../lib/holds";
import { useMay } from "../../lib/session";

// Held is what keeps all of a programme from going: the legal holds on it.
export function Held({ programme, name }: { programme: string; name: string }) {
  const may = useMay("privacy.hold");
  const holds = useHoldsOn("programme", programme).data ?? [];
  if (holds.length === 0 && !may) return null;
  return (
    <Section
      title={<Trans>Legal hold</Trans>}
      end={may && holds.length === 0 && <PlaceHold kind="programme" on={programme} name={name} />}
    >
      {holds.length > 0 ? (
        <ul>
          {holds.map((h) => (
            <HoldLine key={h.id} of={h} may={may} />
          ))}
        </ul>
      ) : (
        <p className="py-3 text-ink-2">
          <Trans>
            None. A hold keeps everything that was said in this programme, and whoever said it, from being
            erased.
          </Trans>
        </p>
      )}
    </Section>
  );
}
