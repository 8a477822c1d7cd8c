import { region } from "../../../lib/locale";
import { dayOf, instant, parseDay, wall } from "./zone";

const two = (n: number) => String(n).padStart(2, "0");

// toInput is a moment as a field of date and time shows it, in a zone.
export function toInput(at: Date | string, zone: string): string {
  const w = wall(at, zone);
  return `${dayOf(w)}T${two(w.h)}:${two(w.min)}`;
}

// fromInput is the moment that such a field means; nothing while it is not whole.
export function fromInput(s: string, zone: string): Date | undefined {
  const [day, time] = s.split("T");
  const [h, min] = (time ?? "").split(":").map(Number);
  if (!day || h === undefined || min === undefined || Number.isNaN(h) || Number.isNaN(min)) return undefined;
  return instant({ ...parseDay(day), h, min }, zone);
}

// fullIn is a moment in words, by the clock of a zone, which it names.
export function fullIn(at: string, zone: string): string {
  return new Intl.DateTimeFormat(region(), {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone,
    timeZoneName: "short",
  }).format(new Date(at));
}
