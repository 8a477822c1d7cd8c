import { plural, t } from "@lingui/core/macro";
import { count } from "../../../lib/format";
import { region } from "../../../lib/locale";
import type { Difference, Figures, Ranking } from "./data";
import type { PlaceRange, Sort } from "./search";

export function placeRangeName(r: PlaceRange): string {
  return r === "30d" ? t`30 days` : r === "90d" ? t`90 days` : t`1 year`;
}

export function sortName(s: Sort): string {
  switch (s) {
    case "rating":
      return t`Best rated`;
    case "count":
      return t`Most spoken of`;
    case "change":
      return t`Most improved`;
    case "answered":
      return t`Least answered`;
    default:
      return t`By name`;
  }
}

// stars is a rating with one figure behind the point.
export function stars(n: number): string {
  return new Intl.NumberFormat(region(), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(n);
}

// apart is a difference with its sign.
export function apart(n: number): string {
  return new Intl.NumberFormat(region(), {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: "exceptZero",
  })
    .format(n)
    .replace("-", "−");
}

// points is a difference of two shares in percentage points.
export function points(n: number): string {
  return new Intl.NumberFormat(region(), { maximumFractionDigits: 0, signDisplay: "exceptZero" })
    .format(n * 100)
    .replace("-", "−");
}

export function countryName(code: string): string {
  try {
    return new Intl.DisplayNames([region()], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function address(p: {
  street: string;
  postcode: string;
  city: string;
  region: string;
  country: string;
}): string {
  return [
    p.street,
    [p.postcode, p.city].filter(Boolean).join(" "),
    p.region,
    p.country && countryName(p.country),
  ]
    .filter(Boolean)
    .join(", ");
}

// tone is the colour of a rating; the figure stands beside it.
export function tone(score: number | undefined): string {
  if (score === undefined) return "var(--color-context)";
  if (score < 2.6) return "var(--color-sent-n2)";
  if (score < 3.4) return "var(--color-sent-n1)";
  if (score < 3.9) return "var(--color-sent-0)";
  if (score < 4.3) return "var(--color-sent-p1)";
  return "var(--color-sent-p2)";
}

// netTone is the same for a net sentiment.
export function netTone(net: number | undefined): string {
  return tone(net === undefined ? undefined : 3.65 + net * 1.6);
}

// lead is the sentence that the ranking begins with.
export function lead(r: Ranking, range: PlaceRange): string {
  const rows = (r.items ?? []).filter((p) => p.now.reviews > 0);
  const time = placeRangeName(range);
  if (r.total === 0) return t`No place fits.`;
  if (rows.length === 0) return t`Nobody rated a place in ${time}.`;
  const reviews = plural(r.all.reviews, { one: "# review", other: "# reviews" });
  const mean = stars(r.all.mean ?? 0);
  const parts = [t`${reviews} in ${time}, ${mean} stars on average.`];
  const by = [...rows].sort((a, b) => (b.now.score ?? 0) - (a.now.score ?? 0));
  const best = by[0];
  const worst = by[by.length - 1];
  if (best && worst && best !== worst) {
    const [good, bad] = [best.name, worst.name];
    const [high, low] = [stars(best.now.score ?? 0), stars(worst.now.score ?? 0)];
    if ((best.now.score_low ?? 0) > (worst.now.score_high ?? 5))
      parts.push(t`${good} is liked best (${high}), ${bad} least (${low}).`);
    else parts.push(t`No place stands out for certain: ${good} has ${high}, ${bad} ${low}.`);
  }
  return parts.join(" ");
}

// verdict says a comparison in a sentence, and how sure it is.
export function verdict(a: string, b: string, d: Difference | undefined): string {
  if (!d) return t`Too few reviews to say which of the two is rated better: each needs two at least.`;
  const [first, second] = d.by >= 0 ? [a, b] : [b, a];
  const by = stars(Math.abs(d.by));
  const low = stars(d.by >= 0 ? d.low : -d.high);
  const high = stars(d.by >= 0 ? d.high : -d.low);
  if (d.clear)
    return t`${first} is rated ${by} stars better than ${second}: between ${low} and ${high}, 95% sure.`;
  return t`${first} has ${by} stars more than ${second}, but that may be chance: the difference lies between ${low.replace("-", "−")} and ${high}.`;
}

export function viaName(via: string): string {
  switch (via) {
    case "hand":
      return t`said by one of us`;
    case "network":
      return t`the network says so`;
    case "page":
      return t`the branch’s page or handle is named`;
    case "channel":
      return t`the channel is about this branch`;
    case "words":
      return t`the words say so`;
    default:
      return t`the author’s profile`;
  }
}

export function answeredShare(f: Figures): number | undefined {
  return f.reviews > 0 ? f.answered / f.reviews : undefined;
}

// felt is how many mentions have a feeling; with fewer than ten a net says nothing.
export const felt = (f: Figures) => f.negative + f.neutral + f.positive;
export const netOf = (f: Figures) => (felt(f) >= 10 ? f.net : undefined);

export const reviewsOf = (n: number) => plural(n, { one: "# review", other: "# reviews" });
export const countOf = (n: number) => count(n);
