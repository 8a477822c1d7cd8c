import { Trans } from "@lingui/react/macro";
import { Chip } from "../../../kit";
import type { useLook } from "./data";

// Found is a row, or an order, and what would come of it.
export type Found = NonNullable<ReturnType<typeof useLook>["data"]>["rows"] extends infer R
  ? NonNullable<R> extends readonly (infer T)[]
    ? T
    : never
  : never;

// What says what would come of a row.
export function What({ r }: { r: Found }) {
  switch (r.what) {
    case "create":
      return (
        <Chip tone="good">
          <Trans>new</Trans>
        </Chip>
      );
    case "update":
      return (
        <Chip tone="wait">
          <Trans>update</Trans>
        </Chip>
      );
    case "pass":
      return (
        <Chip tone="outline">
          <Trans>left out</Trans>
        </Chip>
      );
    default:
      return (
        <Chip tone="outline">
          <Trans>as it is</Trans>
        </Chip>
      );
  }
}
