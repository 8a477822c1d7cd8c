import { Plural, Trans } from "@lingui/react/macro";
import { AppLink, Section } from "../../kit";
import { count, share } from "../../lib/format";
import type { Today } from "./data";

// Subjects is what people spoke about today: the monitors that found it, as parts of all
// that is about us. One post can be found by several.
export function Subjects({ of }: { of: Today["loop"] }) {
  const rows = of.about.slice(0, 5);
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map((r) => r.share), 0.01);
  return (
    <Section
      title={<Trans>What it is about</Trans>}
      end={<Plural value={of.matched} one="# post today" other="# posts today" />}
    >
      <ul>
        {rows.map((r, i) => (
          <li key={r.id} className="border-b border-line last:border-0">
            <AppLink
              href={`/listen/monitors/${encodeURIComponent(r.id)}`}
              className="grid min-h-10 grid-cols-[minmax(0,1fr)_minmax(4rem,38%)_2.5rem_3rem] items-center gap-3 hover:bg-hover"
            >
              <span className={`truncate ${i === 0 ? "font-strong" : ""}`}>{r.name}</span>
              <span className="h-2 rounded-xs bg-sunken" aria-hidden>
                <i
                  className="block h-full rounded-xs"
                  style={{
                    width: `${Math.max(1, (r.share / most) * 100)}%`,
                    background:
                      i === 0 ? "light-dark(oklch(.62 .16 38),oklch(.70 .14 42))" : "var(--color-context)",
                  }}
                />
              </span>
              <span className="text-end">{share(r.share)}</span>
              <span className="text-end text-xs text-ink-3">{count(r.count)}</span>
            </AppLink>
          </li>
        ))}
      </ul>
    </Section>
  );
}
