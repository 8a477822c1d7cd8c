import { plural, t } from "@lingui/core/macro";

interface Why {
  answered: number;
  named: number;
  people: number;
  listened: number;
  notable?: string[] | null;
  turned: number;
}

// reasons says where somebody's influence comes from: "answered by 41 people and
// named by 6, of whom 3 are much listened to (Fatima, Amara)".
export function reasons(w: Why): string {
  if (w.people === 0)
    return t`nobody turned to them yet; they turn to ${plural(w.turned, { one: "# person", other: "# people" })}`;
  const answered = plural(w.answered, { one: "answered by # person", other: "answered by # people" });
  const named = plural(w.named, { one: "named by # person", other: "named by # people" });
  const both = w.answered && w.named ? t`${answered}, ${named}` : w.answered ? answered : named;
  if (w.listened === 0) return both;
  const names = (w.notable ?? []).join(", ");
  return w.people === 1
    ? t`${both}, who is much listened to (${names})`
    : t`${both}, of whom ${plural(w.listened, { one: "# is", other: "# are" })} much listened to (${names})`;
}
