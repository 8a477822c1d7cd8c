// The axis of waits, which span seconds to weeks: logarithmic, from the last round time
// below the shortest wait to the first above the longest.

const min = 60;
const h = 3600;
const d = 24 * h;
const round = [1, 5, 15, min, 5 * min, 15 * min, h, 4 * h, 12 * h, d, 3 * d, 7 * d, 14 * d, 30 * d, 90 * d];

export interface Axis {
  ticks: number[]; // from the floor to the ceiling, at least two
  at: (seconds: number) => number; // 0 at the floor, 1 at the ceiling
}

export function axis(values: readonly number[]): Axis {
  const low = Math.max(1, Math.min(...values));
  const high = Math.max(1, ...values);
  const first = Math.max(
    0,
    round.findLastIndex((t) => t <= low),
  );
  const above = round.findIndex((t) => t >= high);
  const last = Math.max(first + 1, above < 0 ? round.length - 1 : above);
  const ticks = round.slice(Math.min(first, round.length - 2), last + 1);
  const floor = Math.log(ticks[0] ?? 1);
  const ceiling = Math.log(Math.max(ticks[ticks.length - 1] ?? 1, high));
  return { ticks, at: (s) => (Math.log(Math.max(s, 1)) - floor) / (ceiling - floor) };
}
