import { t } from "@lingui/core/macro";
import { count, money, share, signed, span } from "../../lib/format";
import type { Board, Card } from "./data";

// amount shows a number in its unit; a dash when there is nothing to count.
export function amount(c: Pick<Card, "unit" | "value" | "currency">): string {
  const v = c.value;
  if (v === null || v === undefined) return "–";
  switch (c.unit) {
    case "share":
      return share(v);
    case "seconds":
      return span(v);
    case "points":
      return signed(Math.round(v));
    case "money":
      return money(v, c.currency ?? "EUR");
    default:
      return count(v);
  }
}

// change says how a number moved against the period before, "" when that is not known.
export function change(c: Card): string {
  if (c.value === null || c.value === undefined || c.previous === null || c.previous === undefined) return "";
  const d = c.value - c.previous;
  if (Math.abs(d) < 1e-9) return t`as before`;
  switch (c.unit) {
    case "seconds":
      return d < 0 ? t`${span(-d)} faster` : t`${span(d)} slower`;
    case "share":
      return t`${signed(Math.round(d * 100))} points`;
    case "points":
      return t`${signed(Math.round(d))} points`;
    case "money":
      return `${d > 0 ? "+" : "−"}${money(Math.abs(d), c.currency ?? "EUR")}`;
    default:
      return signed(d);
  }
}

const of = (b: Board, key: string) => (b.cards ?? []).find((c) => c.key === key);

// lead is the page in one sentence, made of the numbers that stand below it.
export function lead(b: Board): string {
  const first = of(b, "first_answer");
  const answered = of(b, "answered_share");
  const volume = of(b, "volume");
  const worth = of(b, "value");
  const parts: string[] = [];
  if (!volume?.value) return t`Nothing was said about us in this time.`;
  if (
    answered?.value !== null &&
    answered?.value !== undefined &&
    first?.value !== null &&
    first?.value !== undefined
  )
    parts.push(
      t`We answered ${amount(answered)} of those who wrote to us, half of them within ${amount(first)}.`,
    );
  else parts.push(t`People spoke about us ${count(volume.value)} times. We have not answered anybody yet.`);
  if (worth?.value) parts.push(t`Answers brought ${amount(worth)}.`);
  return parts.join(" ");
}

// labelOf names a number in the reader's language; the definition comes from the server.
export function labelOf(c: Card): string {
  switch (c.key) {
    case "volume":
      return t`Said about us`;
    case "answered_share":
      return t`Share answered`;
    case "first_answer":
      return t`Time to first answer`;
    case "net_sentiment":
      return t`Net sentiment`;
    case "conversions":
      return t`Outcomes`;
    case "value":
      return t`Value of outcomes`;
    default:
      return c.label;
  }
}
