import { Search } from "lucide-react";
import { type RefObject, useEffect, useState } from "react";
import { useSettled } from "../../lib/debounce";

// Find is the field in the bar that narrows a list once the words came to rest.
export function Find({
  q,
  onFind,
  label,
  field,
}: {
  q: string | undefined;
  onFind: (q: string | undefined) => void;
  label: string;
  field?: RefObject<HTMLInputElement | null>;
}) {
  const [words, setWords] = useState(q ?? "");
  const settled = useSettled(words.trim());
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the words came to rest
  useEffect(() => {
    if (settled !== (q ?? "")) onFind(settled || undefined);
  }, [settled]);
  return (
    <label className="input find max-w-67">
      <Search className="i s" aria-hidden />
      <span className="sr-only">{label}</span>
      <input
        ref={field}
        type="search"
        value={words}
        onChange={(e) => setWords(e.target.value)}
        placeholder={label}
        className="min-w-0 flex-1 bg-transparent text-ink outline-none focus-visible:shadow-none"
      />
    </label>
  );
}
