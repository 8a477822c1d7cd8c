import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "../words/api";
import { fromBody, unreachable } from "./problem";

type Json<R> = R extends { content: { "application/json": infer T } } ? T : never;
type GetPaths = { [P in keyof paths]: paths[P] extends { get: object } ? P : never }[keyof paths];

// Got is what a GET of this path answers: Got<"/api/people/{id}">.
export type Got<P extends GetPaths> = paths[P] extends { get: { responses: { 200: infer R } } }
  ? Json<R>
  : never;
// Item is one row of a list: Item<"/api/people">.
export type Item<P extends GetPaths> =
  Got<P> extends { items: infer I } ? (NonNullable<I> extends readonly (infer T)[] ? T : never) : never;

let signedOut = () => {};
// whenSignedOut names what happens when the server no longer knows us.
export function whenSignedOut(act: () => void): void {
  signedOut = act;
}

// key is a fresh name for an act, so that doing it twice changes nothing the second time.
export function key(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

const manners: Middleware = {
  onRequest({ request }) {
    if (request.method === "POST" && !request.headers.has("Idempotency-Key"))
      request.headers.set("Idempotency-Key", key());
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401 && !new URL(request.url).pathname.startsWith("/api/session")) signedOut();
    return response;
  },
};

// api speaks to the server in the words of its own description. Wrap calls in ok().
export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => fetch(request) });
api.use(manners);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

// ok waits for an answer and gives its data, or throws a Problem with a sentence to show.
export async function ok<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (!answer.response.ok) throw fromBody(answer.response.status, answer.error);
  return answer.data as T;
}
