import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { ChartNoAxesColumn, Link2, Target } from "lucide-react";
import { Shelf, ShelfLink } from "../../kit";

export const shelfName = () => t`Evolve`;

// EvolveShelf is what this room keeps.
export function EvolveShelf() {
  return (
    <Shelf title={<Trans>Evolve</Trans>}>
      <ShelfLink to="/evolve" icon={<ChartNoAxesColumn className="i" aria-hidden />}>
        <Trans>Numbers we keep</Trans>
      </ShelfLink>
      <ShelfLink to="/evolve/links" icon={<Link2 className="i" aria-hidden />}>
        <Trans>Tracked links</Trans>
      </ShelfLink>
      <ShelfLink to="/evolve/outcomes" icon={<Target className="i" aria-hidden />}>
        <Trans>Outcomes</Trans>
      </ShelfLink>
    </Shelf>
  );
}
