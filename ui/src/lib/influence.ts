import { plural, t } from "@lingui/core/macro";

interface Why {
  answered: number;
  named: number;
  shared: number;
  quoted: number;
  people: number;
  listened: number;
  notable?: string[] | null;
  turned: number;
}

// reasons says where somebody's influence comes from: "answered by 41 people, named
// by 6 and shared by 12, of whom 3 are much listened to (Fatima, Amara)".
export function reasons(w: Why): string {
  if (w.people === 0)
    return t`nobody turned to them yet; they turn to ${plural(w.turned, { one: "# person", other: "# people" })}`;
  const ways = [
    w.answered && plural(w.answered, { one: "answered by # person", other: "answered by # people" }),
    w.named && plural(w.named, { one: "named by # person", other: "named by # people" }),
    w.shared && plural(w.shared, { one: "shared by # person", other: "shared by # people" }),
    w.quoted && plural(w.quoted, { one: "quoted by # person", other: "quoted by # people" }),
  ].filter((x): x is string => typeof x === "string");
  const all = ways.join(", ");
  if (w.listened === 0) return all;
  const names = (w.notable ?? []).join(", ");
  return w.people === 1
    ? t`${all}, who is much listened to (${names})`
    : t`${all}, of whom ${plural(w.listened, { one: "# is", other: "# are" })} much listened to (${names})`;
}
