import { t } from "@lingui/core/macro";

// Problem is trouble told by the server (RFC 9457) or by the lack of one. Its
// message is a sentence to show; fix is the place in the app that mends it.
export class Problem extends Error {
  readonly status: number;
  readonly kind?: string | undefined;
  readonly field?: string | undefined;
  readonly at?: number | undefined;
  readonly fix?: string | undefined;
  readonly fields: Record<string, string>;

  constructor(text: string, more: Partial<Omit<Problem, "message" | "name">> = {}) {
    super(text);
    this.name = "Problem";
    this.status = more.status ?? 0;
    this.kind = more.kind;
    this.field = more.field;
    this.at = more.at;
    this.fix = more.fix;
    this.fields = more.fields ?? {};
  }
}

interface Body {
  title?: string;
  detail?: string;
  kind?: string;
  field?: string;
  at?: number;
  fix?: string;
  errors?: { message?: string; location?: string }[] | null;
}

// fromBody turns a problem document, or whatever came instead, into a Problem.
export function fromBody(status: number, body: unknown): Problem {
  const b: Body = typeof body === "object" && body !== null ? (body as Body) : {};
  const fields: Record<string, string> = {};
  for (const e of b.errors ?? [])
    if (e.location && e.message) fields[e.location.replace(/^(body|query|path)\./, "")] = e.message;
  if (b.field && b.detail) fields[b.field] ??= b.detail;
  return new Problem(b.detail || sentence(status) || b.title || t`The server answered with ${status}.`, {
    status,
    kind: b.kind,
    field: b.field,
    at: b.at,
    fix: b.fix,
    fields,
  });
}

function sentence(status: number): string {
  if (status === 401) return t`You are signed out.`;
  if (status === 403) return t`You may not do this.`;
  if (status === 404) return t`It is not here, or not yours to see.`;
  if (status === 409) return t`Somebody changed it while you worked on it.`;
  if (status === 429) return t`That was a lot at once. Try again in a minute.`;
  if (status >= 500) return t`The server has trouble. What you wrote is still here; try again in a moment.`;
  return "";
}

// unreachable stands for a request that found no server.
export function unreachable(): Problem {
  return new Problem(t`Parley does not answer. Your work is still here; we try again.`, {
    status: 0,
    kind: "unreachable",
  });
}

export function sentenceOf(error: unknown): string {
  return error instanceof Problem
    ? error.message
    : t`This did not work. Reload the page; what is saved stays saved.`;
}
