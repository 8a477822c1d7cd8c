import { plural, t } from "@lingui/core/macro";
import { clock, count, day, language, share } from "../../lib/format";
import { intentName } from "../../lib/intent";
import type { Range, Series } from "./data";

export function rangeName(r: Range): string {
  return r === "24h" ? t`24 h` : r === "3d" ? t`3 days` : t`30 days`;
}

export function labelOf(at: string, step: string, range: Range): string {
  if (step === "day") return day(at);
  return range === "24h" ? clock(at) : `${day(at)} ${clock(at)}`;
}

export const stepMs = (step: string) => (step === "day" ? 86_400_000 : 3_600_000);

export function totals(s: Series) {
  const out = { negative: 0, neutral: 0, positive: 0, unknown: 0 };
  for (const p of s.points ?? []) {
    out.negative += p.negative;
    out.neutral += p.neutral;
    out.positive += p.positive;
    out.unknown += p.unknown;
  }
  return out;
}

// lead says what all that was heard comes to, in at most three sentences.
export function lead(s: Series, range: Range): string {
  const time = range === "24h" ? t`in 24 hours` : range === "3d" ? t`in 3 days` : t`in 30 days`;
  const n = s.total;
  if (n === 0) return t`Nothing was heard ${time}.`;
  const before = (s.previous ?? []).reduce((a, p) => a + p.count, 0);
  const posts = plural(n, { one: "# post was heard", other: "# posts were heard" });
  const parts = [
    before === 0
      ? t`${posts} ${time}.`
      : n > before * 1.05
        ? t`${posts} ${time}, ${count(n - before)} more than in the time before.`
        : n < before * 0.95
          ? t`${posts} ${time}, ${count(before - n)} fewer than in the time before.`
          : t`${posts} ${time}, about as many as in the time before.`,
  ];
  const f = totals(s);
  const felt = f.negative + f.neutral + f.positive;
  if (felt >= 5) {
    const worse = f.negative >= f.positive;
    const part = share(Math.max(f.negative, f.positive) / felt);
    parts.push(
      worse
        ? t`${part} of those that could be read are negative.`
        : t`${part} of those that could be read are positive.`,
    );
  }
  const top = s.intents?.[0];
  const lang = s.languages?.[0];
  if (top && lang)
    parts.push(
      t`The most common intent is ${intentName(top.label)}, the most common language ${language(lang.lang)}.`,
    );
  return parts.join(" ");
}
