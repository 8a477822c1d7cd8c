import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Building2, FileUp, Handshake, Receipt, Shapes, Users } from "lucide-react";
import { Shelf, ShelfLink } from "../../kit";
import { useMay } from "../../lib/session";

export const shelfName = () => t`People`;

// PeopleShelf is what this room keeps: people, whom they work for, what they may order.
export function PeopleShelf({
  here,
}: {
  here: "people" | "segments" | "organizations" | "opportunities" | "orders" | "imports";
}) {
  const imports = useMay("people.import");
  return (
    <Shelf title={<Trans>People</Trans>}>
      <ShelfLink to="/people" here={here === "people"} icon={<Users className="i" aria-hidden />}>
        <Trans>Everybody</Trans>
      </ShelfLink>
      <ShelfLink to="/people/segments" here={here === "segments"} icon={<Shapes className="i" aria-hidden />}>
        <Trans>Segments</Trans>
      </ShelfLink>
      <ShelfLink
        to="/people/organizations"
        here={here === "organizations"}
        icon={<Building2 className="i" aria-hidden />}
      >
        <Trans>Organizations</Trans>
      </ShelfLink>
      <ShelfLink
        to="/people/opportunities"
        here={here === "opportunities"}
        icon={<Handshake className="i" aria-hidden />}
      >
        <Trans>Opportunities</Trans>
      </ShelfLink>
      <ShelfLink to="/people/orders" here={here === "orders"} icon={<Receipt className="i" aria-hidden />}>
        <Trans>Orders</Trans>
      </ShelfLink>
      {imports && (
        <ShelfLink to="/people/imports" here={here === "imports"} icon={<FileUp className="i" aria-hidden />}>
          <Trans>Import</Trans>
        </ShelfLink>
      )}
    </Shelf>
  );
}
