import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Archive, Hexagon, ScrollText } from "lucide-react";
import { Shelf, ShelfLink } from "../../kit";
import { useMay } from "../../lib/session";

export const shelfName = () => t`Govern`;

// GovernShelf is what stands across the whole loop.
export function GovernShelf() {
  const reads = useMay("govern.read");
  const audits = useMay("record.read");
  return (
    <Shelf title={<Trans>Govern</Trans>}>
      {reads && (
        <ShelfLink to="/govern" icon={<Hexagon className="i" aria-hidden />}>
          <Trans>Hive</Trans>
        </ShelfLink>
      )}
      <ShelfLink to="/govern/policies" icon={<ScrollText className="i" aria-hidden />}>
        <Trans>Policies</Trans>
      </ShelfLink>
      {audits && (
        <ShelfLink to="/govern/record" icon={<Archive className="i" aria-hidden />}>
          <Trans>The record</Trans>
        </ShelfLink>
      )}
    </Shelf>
  );
}
