import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { AsidePart, HoldLine, PlaceHold } from "../../kit";
import { useHoldsOn } from "../../lib/holds";
import { useMay } from "../../lib/session";

// Held is what keeps this conversation from going: the legal holds on it.
export function Held({ conversation }: { conversation: string }) {
  const may = useMay("privacy.hold");
  const holds = useHoldsOn("conversation", conversation).data ?? [];
  if (holds.length === 0 && !may) return null;
  return (
    <AsidePart title={<Trans>Legal hold</Trans>}>
      {holds.length > 0 ? (
        <ul>
          {holds.map((h) => (
            <HoldLine key={h.id} of={h} may={may} />
          ))}
        </ul>
      ) : (
        <PlaceHold kind="conversation" on={conversation} name={t`this conversation`} />
      )}
    </AsidePart>
  );
}
