import { t } from "@lingui/core/macro";
import type { KeyboardEvent } from "react";
import { useState } from "react";
import { Avatar } from "../../kit";
import { useColleagues } from "./data";

// What is being named at the end of a note: "@an".
const tail = /(^|\s)@(\p{L}[\p{L}\p{M}'’. -]{0,30}|)$/u;

// useNaming completes the names of colleagues in a note: arrows choose, Enter or Tab
// takes, Escape leaves it be.
export function useNaming(text: string, on: boolean, write: (text: string) => void) {
  const mates = useColleagues().data ?? [];
  const [at, setAt] = useState(0);
  const [left, setLeft] = useState<string>();
  const m = on ? tail.exec(text) : null;
  const begun = (m?.[2] ?? "").toLocaleLowerCase();
  const found =
    m && text !== left
      ? mates
          .filter((x) =>
            x.name
              .toLocaleLowerCase()
              .split(/\s+/)
              .some((w, i, all) => w.startsWith(begun) || all.slice(i).join(" ").startsWith(begun)),
          )
          .slice(0, 5)
      : [];
  const open = found.length > 0 && !found.some((x) => x.name.toLocaleLowerCase() === begun.trim());
  const i = Math.min(at, found.length - 1);
  const take = (name: string) => {
    write(text.replace(tail, (_, before) => `${before}@${name} `));
    setAt(0);
  };
  const onKey = (e: KeyboardEvent) => {
    if (!open || e.metaKey || e.ctrlKey) return false;
    const name = found[i]?.name;
    if (e.key === "ArrowDown" || e.key === "ArrowUp")
      setAt((i + (e.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
    else if ((e.key === "Enter" || e.key === "Tab") && name) take(name);
    else if (e.key === "Escape") setLeft(text);
    else return false;
    e.preventDefault();
    e.stopPropagation();
    return true;
  };
  const list = open && (
    <div role="listbox" aria-label={t`Colleagues`} className="border-b border-line p-1">
      {found.map((x, n) => (
        <div
          key={x.id}
          role="option"
          tabIndex={-1}
          aria-selected={n === i}
          className={`it ${n === i ? "bg-chosen" : ""}`}
          onMouseDown={(e) => {
            e.preventDefault();
            take(x.name);
          }}
        >
          <Avatar name={x.name} size="xs" us />
          {x.name}
        </div>
      ))}
    </div>
  );
  return { list, onKey };
}
