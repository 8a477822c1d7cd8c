import { useQuery } from "@tanstack/react-query";
import { api, type Got, type Item, ok } from "../../../lib/api";
import { usePages } from "../../../lib/pages";

export type Order = Item<"/api/orders">;
export type OrderFull = Got<"/api/orders/{id}">;

// Narrow is what of the orders is asked for, as it stands in the address.
export interface Narrow {
  q?: string | undefined;
  status?: "placed" | "paid" | "sent" | "done" | "cancelled" | "refunded" | undefined;
  back?: "30d" | "90d" | "1y" | undefined;
  source?: string | undefined;
  programme?: string | undefined;
  person?: string | undefined;
  least?: number | undefined; // in whole units
  most?: number | undefined;
}

const days = { "30d": 30, "90d": 90, "1y": 365 };

// since begins with a day, as sums are kept by day.
const since = (back: keyof typeof days) =>
  `${new Date(Date.now() - days[back] * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`;

const summed = ({ q, status, back, source, programme, least, most }: Narrow) => ({
  ...(q ? { q } : {}),
  ...(status ? { status } : {}),
  ...(back ? { since: since(back) } : {}),
  ...(source ? { source } : {}),
  ...(programme ? { programme } : {}),
  ...(least !== undefined ? { least: Math.round(least * 100) } : {}),
  ...(most !== undefined ? { most: Math.round(most * 100) } : {}),
});

const asked = (n: Narrow) => ({ ...summed(n), ...(n.person ? { person: n.person } : {}) });

const key = (n: Narrow) => [
  n.q ?? "",
  n.status ?? "",
  n.back ?? "",
  n.source ?? "",
  n.programme ?? "",
  n.person ?? "",
  n.least ?? "",
  n.most ?? "",
];

export function useOrderList(n: Narrow) {
  return usePages<Order>(["deals", "orders", "list", ...key(n)], (cursor, signal) =>
    ok(api.GET("/api/orders", { params: { query: { ...asked(n), ...(cursor ? { cursor } : {}) } }, signal })),
  );
}

// useOrderSums is what they come to; there are no sums of words, amounts and one person.
export function useOrderSums(n: Narrow) {
  return useQuery({
    queryKey: ["deals", "orders", "sums", ...key(n)],
    queryFn: ({ signal }) => ok(api.GET("/api/order-sums", { params: { query: summed(n) }, signal })),
  });
}

export const csvPath = (n: Narrow) =>
  `/api/orders.csv?${new URLSearchParams(Object.entries(asked(n)).map(([k, v]) => [k, String(v)]))}`;

export function useOrder(id: string) {
  return useQuery({
    queryKey: ["deals", "orders", "one", id],
    queryFn: ({ signal }) => ok(api.GET("/api/orders/{id}", { params: { path: { id } }, signal })),
  });
}
