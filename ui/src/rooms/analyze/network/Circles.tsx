import { Plural, Trans } from "@lingui/react/macro";
import { Def } from "../../../kit";
import type { Net, Who } from "../web";

// Circles is who belongs together.
export function Circles({
  of: n,
  chosen,
  onChoose,
  onWho,
}: {
  of: Net;
  chosen: number | undefined;
  onChoose: (c: number | undefined) => void;
  onWho: (id: string) => void;
}) {
  return (
    <div className="px-5 py-4">
      <h2 className="text-md font-strong">
        <Def
          text={
            <Trans>
              People who turn to each other more than chance would have it (Louvain). A circle is called after
              whoever is listened to most in it.
            </Trans>
          }
        >
          <Trans>Circles</Trans>
        </Def>
      </h2>
      {(n.circles ?? []).length === 0 && (
        <p className="mt-2 text-ink-2">
          <Trans>Nobody stands together yet: a circle has more than two people.</Trans>
        </p>
      )}
      <ul className="mt-1">
        {(n.circles ?? []).map((c) => {
          const first = c.top?.[0];
          return (
            <li
              key={c.no}
              className={`border-b border-line py-2.5${chosen === c.no ? " -mx-5 bg-chosen px-5" : ""}`}
            >
              <button
                type="button"
                aria-pressed={chosen === c.no}
                className="flex min-h-6 w-full items-baseline gap-2 text-start hover:underline"
                onClick={() => onChoose(chosen === c.no ? undefined : c.no)}
              >
                <span
                  aria-hidden
                  className={`size-2.5 flex-none rounded-full ${dots[c.no] ?? "bg-context"}`}
                />
                <span className="truncate">
                  <Trans>around {first?.name ?? ""}</Trans>
                </span>
                <span className="ms-auto text-xs text-ink-3">
                  <Plural value={c.people} one="# person" other="# people" />
                </span>
              </button>
              <p className="mt-1 flex flex-wrap gap-x-3 ps-4.5 text-xs text-ink-2">
                {(c.top ?? []).map((w: Who) => (
                  <button
                    key={w.identity}
                    type="button"
                    className="min-h-6 hover:underline"
                    onClick={() => onWho(w.identity)}
                  >
                    {w.name}
                  </button>
                ))}
              </p>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const dots = ["bg-cat-1", "bg-cat-2", "bg-cat-3", "bg-cat-4", "bg-cat-5", "bg-cat-6", "bg-cat-7", "bg-cat-8"];
