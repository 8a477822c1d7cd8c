import { t } from "@lingui/core/macro";
import { Archive, X } from "lucide-react";

export interface TagLike {
  id: string;
  name: string;
  color: string;
}

// TagChip is a word of the company's own: a dot in its colour and the word.
export function TagChip({
  tag,
  onRemove,
  archived,
}: {
  tag: TagLike;
  onRemove?: (() => void) | undefined;
  archived?: boolean;
}) {
  return (
    <span className="chip ol max-w-44" title={tag.name}>
      {archived ? <Archive aria-hidden /> : <i className="tagdot" data-color={tag.color} />}
      <span className="truncate">{tag.name}</span>
      {onRemove && (
        <button type="button" onClick={onRemove} aria-label={t`Remove ${tag.name}`}>
          <X aria-hidden />
        </button>
      )}
    </span>
  );
}

// TagChips shows some tags and says how many more there are.
export function TagChips({ tags, most }: { tags: readonly TagLike[]; most: number }) {
  const rest = tags.slice(most);
  return (
    <>
      {tags.slice(0, most).map((x) => (
        <TagChip key={x.id} tag={x} />
      ))}
      {rest.length > 0 && (
        <span className="chip ol" title={rest.map((x) => x.name).join(", ")}>
          +{rest.length}
        </span>
      )}
    </>
  );
}
