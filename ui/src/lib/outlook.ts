import { plural, t } from "@lingui/core/macro";
import type { Got } from "./api";
import { minor, share, span } from "./format";

export type Outlooks = Got<"/api/people/{id}/outlooks">;
export type Outlook = NonNullable<Outlooks["items"]>[number];
export type Standing = NonNullable<Outlooks["standing"]>[number];
export type Reason = NonNullable<Outlook["reasons"]>[number];

// outlookName is what may come, in a few words.
export function outlookName(what: string): string {
  switch (what) {
    case "buys_again":
      return t`Buys again`;
    case "goes_quiet":
      return t`Goes quiet`;
    case "speaks_well":
      return t`Speaks well of us`;
    default:
      return what;
  }
}

// outlookMeans says exactly what is foreseen, and of whom.
export function outlookMeans(what: string, days: number): string {
  switch (what) {
    case "buys_again":
      return t`Orders again within ${days} days. Foreseen of whoever ordered within two years.`;
    case "goes_quiet":
      return t`Neither orders nor speaks within ${days} days. Foreseen of whoever did so at least twice within 180 days.`;
    case "speaks_well":
      return t`Says something in public within ${days} days that sounds positive. Foreseen of whoever spoke within 180 days.`;
    default:
      return "";
  }
}

// odds says a share as people do.
export function odds(x: number): string {
  if (x < 0.02) return t`fewer than 1 in 50`;
  if (x < 0.075) return t`about 1 in 20`;
  if (x >= 0.95) return t`more than 19 in 20`;
  return t`about ${Math.min(9, Math.max(1, Math.round(x * 10)))} in 10`;
}

// lacks says what is missing where too little happened.
export function lacks(x: NonNullable<Standing["lack"]>): string {
  if (x.people < x.least_people)
    return t`${x.people} of ${x.least_people} people of whom it made sense ${x.back} days ago`;
  return x.yes < x.no
    ? t`it happened to ${x.yes} of the ${x.least_each} people that it takes`
    : t`it did not happen to ${x.no} of the ${x.least_each} people that it takes`;
}

// reasonText is one thing of somebody's past, as a few words.
export function reasonText(r: Reason): string {
  const n = Math.round(r.value);
  switch (r.feature) {
    case "order_ago":
      if (r.none) return t`never ordered`;
      if (n === 0) return t`ordered today`;
      return t`last ordered ${plural(n, { one: "# day", other: "# days" })} ago`;
    case "orders":
      return n === 0
        ? t`no order within a year`
        : t`${plural(n, { one: "# order", other: "# orders" })} within a year`;
    case "rhythm":
      if (r.none) return t`no rhythm of orders yet`;
      if (r.value < 0.5) return t`by their own rhythm, no order is due for a while`;
      if (r.value < 1) return t`by their own rhythm, an order comes soon`;
      if (r.value < 1.5) return t`by their own rhythm, an order is due`;
      return r.value < 2.5
        ? t`by their own rhythm, an order is late`
        : t`by their own rhythm, an order is long overdue`;
    case "spent":
      if (r.none || !r.currency) return t`spent nothing within a year`;
      return t`spent ${minor(r.value, r.currency)} within a year`;
    case "spoke_ago":
      if (r.none) return t`never spoke`;
      if (n === 0) return t`spoke today`;
      return t`last spoke ${plural(n, { one: "# day", other: "# days" })} ago`;
    case "said":
      return n === 0
        ? t`said nothing in 90 days`
        : t`spoke ${plural(n, { one: "once", other: "# times" })} in 90 days`;
    case "trend":
      if (r.none) return t`said nothing in 180 days`;
      if (r.value < 0.67) return t`speaks less than before`;
      return r.value >= 1.5 ? t`speaks more than before` : t`speaks as much as before`;
    case "negative":
      if (r.none) return t`nothing said in 90 days tells a feeling`;
      return n === 0 && r.value < 0.01
        ? t`nothing in 90 days sounded negative`
        : t`${share(r.value)} of what they said in 90 days sounded negative`;
    case "feeling":
      if (r.none) return t`too little was said to see feelings change`;
      if (r.value >= 0.1) return t`sounds more negative than before`;
      return r.value < -0.1 ? t`sounds less negative than before` : t`sounds as it did before`;
    case "complaints":
      return n === 0
        ? t`no complaint in 90 days`
        : t`complained ${plural(n, { one: "once", other: "# times" })} in 90 days`;
    case "praise":
      return n === 0
        ? t`no kind word in public in 180 days`
        : t`spoke well in public ${plural(n, { one: "once", other: "# times" })} in 180 days`;
    case "channels":
      return n === 0
        ? t`spoke on no channel within a year`
        : t`spoke on ${plural(n, { one: "# channel", other: "# channels" })} within a year`;
    case "unanswered":
      return n === 0
        ? t`no question of 90 days is unanswered`
        : t`${plural(n, { one: "# question is", other: "# questions are" })} unanswered`;
    case "wait":
      if (r.none) return t`asked nothing in 180 days`;
      return t`once waited ${span(Math.max(60, r.value * 3600))} for an answer`;
    case "satisfied":
      if (r.none) return t`was not asked how we helped within a year`;
      return t`gave ${n} of 5 when asked how we helped`;
    case "broken":
      return n === 0
        ? t`no promise broken within a year`
        : t`we broke ${plural(n, { one: "# promise", other: "# promises" })} within a year`;
    case "known":
      return t`known for ${plural(n, { one: "# day", other: "# days" })}`;
    default:
      return r.feature;
  }
}
