import { t } from "@lingui/core/macro";
import { Select } from "../../../kit";
import { count } from "../../../lib/format";
import { useSegments } from "./data";

const all = "all";

// InSegment narrows a list to the members of a segment.
export function InSegment({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const segments = useSegments().data ?? [];
  if (segments.length === 0 && !value) return null;
  return (
    <Select
      className="w-48! flex-none max-sm:hidden"
      label={t`Segment`}
      value={value ?? all}
      placeholder={t`a segment that is gone`}
      onChange={(v) => onChange(v === all ? undefined : v)}
      choices={[
        { value: all, label: t`Everybody` },
        ...segments.map((s) => ({ value: s.id, label: s.name, help: count(s.members) })),
      ]}
    />
  );
}
