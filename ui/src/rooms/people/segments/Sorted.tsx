import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { AsidePart } from "../../../kit";
import { useSegmentsOf } from "./data";

// Sorted is the segments that somebody is in.
export function Sorted({ id }: { id: string }) {
  const segments = useSegmentsOf(id).data ?? [];
  if (segments.length === 0) return null;
  return (
    <AsidePart title={<Trans>Segments</Trans>}>
      <ul className="flex flex-wrap gap-1.5">
        {segments.map((s) => (
          <li key={s.id} className="min-w-0">
            <Link
              to="/people/segments/$id"
              params={{ id: s.id }}
              className="chip max-w-full truncate hover:underline"
            >
              {s.name}
            </Link>
          </li>
        ))}
      </ul>
    </AsidePart>
  );
}
