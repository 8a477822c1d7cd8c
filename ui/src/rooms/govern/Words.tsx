import type { ReactNode } from "react";

// Words sets the wording of a policy: paragraphs, headings and lists, as the help of
// the editor says. Everything else stays as it was written; nothing in it is markup.
export function Words({ text }: { text: string }) {
  return <div className="flex max-w-(--measure) flex-col gap-3 text-lg leading-6">{blocks(text)}</div>;
}

function blocks(text: string): ReactNode[] {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n{2,}/)
    .map((b) => b.trim())
    .filter(Boolean)
    .map((b, i) => block(b, i));
}

function block(b: string, key: number): ReactNode {
  const rows = b.split("\n");
  const heading = /^(#{1,3})\s+(.*)$/.exec(rows[0] ?? "");
  if (heading && rows.length === 1)
    return (
      <h2 key={key} className={heading[1] === "#" ? "mt-3 text-xl font-strong" : "mt-2 font-strong"}>
        {inline(heading[2] ?? "")}
      </h2>
    );
  if (heading)
    return (
      <section key={key} className="flex flex-col gap-2">
        {block(rows[0] ?? "", 0)}
        {block(rows.slice(1).join("\n"), 1)}
      </section>
    );
  if (rows.every((r) => /^[-*•]\s/.test(r)))
    return (
      <ul key={key} className="flex list-disc flex-col gap-1 ps-5">
        {rows.map((r) => (
          <li key={r}>{inline(r.slice(2))}</li>
        ))}
      </ul>
    );
  if (rows.every((r) => /^\d+[.)]\s/.test(r)))
    return (
      <ol key={key} className="flex list-decimal flex-col gap-1 ps-6">
        {rows.map((r) => (
          <li key={r}>{inline(r.replace(/^\d+[.)]\s/, ""))}</li>
        ))}
      </ol>
    );
  return <p key={key}>{inline(rows.join(" "))}</p>;
}

// inline knows **strong** alone.
function inline(text: string): ReactNode[] {
  return text.split(/\*\*(.+?)\*\*/).map((part, i) => (i % 2 ? <b key={part + String(i)}>{part}</b> : part));
}
