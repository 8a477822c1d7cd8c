import { t } from "@lingui/core/macro";
import type { Tone } from "../../../kit";

// fields are what a column can be, in the order in which they are asked.
export const fields = [
  "name",
  "given",
  "family",
  "email",
  "phone",
  "external_id",
  "organization",
  "title",
  "place",
  "lang",
  "email2",
  "phone2",
  "url",
  "mastodon",
  "tags",
  "notes",
] as const;

// orderFields are what a column of a file of orders can be.
export const orderFields = [
  "number",
  "external_id",
  "status",
  "total",
  "currency",
  "date",
  "email",
  "phone",
  "customer_id",
  "customer",
  "organization",
  "url",
  "item",
  "sku",
  "quantity",
  "price",
  "line_total",
] as const;

// orgFields are what a column of a file of organizations can be.
export const orgFields = [
  "name",
  "domain",
  "external_id",
  "parent",
  "parent_id",
  "industry",
  "owner",
] as const;

export function orgFieldName(f: string): string {
  const names: Record<string, string> = {
    name: t`Name`,
    domain: t`Domain or web page`,
    external_id: t`Its id in that system`,
    parent: t`Belongs to (name or domain)`,
    parent_id: t`Belongs to (its id in that system)`,
    industry: t`Industry`,
    owner: t`Looked after by`,
  };
  return names[f] ?? f;
}

export function orderFieldName(f: string): string {
  const names: Record<string, string> = {
    number: t`Order number`,
    external_id: t`The order's id in that system`,
    status: t`State`,
    total: t`Total`,
    currency: t`Currency`,
    date: t`Placed on`,
    email: t`Email address`,
    phone: t`Telephone`,
    customer_id: t`The customer's id in that system`,
    customer: t`Name of the customer`,
    organization: t`Organization`,
    url: t`Web page`,
    item: t`What was ordered`,
    sku: t`Article number`,
    quantity: t`How many`,
    price: t`Price of one`,
    line_total: t`Price of the line`,
  };
  return names[f] ?? f;
}

export function fieldName(f: string): string {
  const names: Record<string, string> = {
    name: t`Whole name`,
    given: t`First name`,
    family: t`Last name`,
    email: t`Email address`,
    phone: t`Telephone`,
    external_id: t`Their id in that system`,
    organization: t`Organization`,
    title: t`Role there`,
    place: t`Place`,
    lang: t`Language`,
    email2: t`Second email address`,
    phone2: t`Second telephone`,
    url: t`Web page`,
    mastodon: t`Mastodon account`,
    tags: t`Tags`,
    notes: t`Notes`,
  };
  return names[f] ?? f;
}

export function stateTone(state: string): Tone {
  if (state === "done") return "good";
  if (state === "failed") return "alarm";
  return state === "running" || state === "undoing" ? "wait" : "outline";
}

export function stateWord(f: { state: string; dry: boolean }): string {
  switch (f.state) {
    case "uploading":
      return t`not all here`;
    case "ready":
      return t`ready`;
    case "running":
      return f.dry ? t`being looked at` : t`being taken in`;
    case "done":
      return f.dry ? t`looked at` : t`taken in`;
    case "cancelled":
      return t`cancelled`;
    case "undoing":
      return t`being undone`;
    case "undone":
      return t`undone`;
    default:
      return t`failed`;
  }
}
