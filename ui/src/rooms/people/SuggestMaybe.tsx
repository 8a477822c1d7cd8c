import { Trans } from "@lingui/react/macro";
import { Link, Navigate } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { AsidePart, btn } from "../../kit";
import { reasonWord, useSuggestions, useWaiting } from "./suggestData";

// Maybe says on a person's page who else they may be.
export function Maybe({ id }: { id: string }) {
  const found = useSuggestions("open", id).data ?? [];
  if (found.length === 0) return null;
  return (
    <AsidePart title={<Trans>May also be</Trans>}>
      <ul>
        {found.slice(0, 3).map((s) => {
          const other = s.survivor.id === id ? s.other : s.survivor;
          const why = s.reasons?.[0];
          return (
            <li key={s.id}>
              <Link
                to="/people/suggestions"
                search={{ s: s.id }}
                className="flex min-h-8 items-center gap-2 hover:underline max-sm:min-h-11"
              >
                <span className="min-w-0 flex-1">
                  <span className="block truncate">{other.name}</span>
                  {why && <span className="block truncate text-xs text-ink-3">{reasonWord(why).text}</span>}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </AsidePart>
  );
}

// Moved leads from the old id of somebody who was joined to the one who stayed.
export function Moved({ to: id }: { to: string }) {
  return <Navigate to="/people/$id" params={{ id }} replace />;
}

// Waiting leads to the suggestions, with how many there are.
export function Waiting() {
  const n = useWaiting().data;
  if (!n || n.open === 0)
    return (
      <Link to="/people/suggestions" className={btn("g", "sm")}>
        <Trans>Same person?</Trans>
      </Link>
    );
  return (
    <Link to="/people/suggestions" className={btn("o", "sm")}>
      <Users className="i s sm:hidden" aria-hidden />
      <span className="max-sm:sr-only">
        <Trans>Same person?</Trans>
      </span>
      <span className="text-ink-3">
        {n.open}
        {n.more && "+"}
      </span>
    </Link>
  );
}
