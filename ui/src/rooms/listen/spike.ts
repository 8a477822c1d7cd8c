interface Point {
  at: string;
  count: number;
}

export interface Spike {
  from: number; // the first unusual point
  to: number; // the last, which is the newest
  count: number; // posts in them
  times: number; // as much as usual
  sigma: number; // standard deviations above the usual, at the highest
}

// spikeOf finds a stretch, up to now, in which far more is said than usual. Usual
// is the period before and the points until then; with little to compare, nothing
// is claimed.
export function spikeOf(points: readonly Point[], previous: readonly Point[]): Spike | undefined {
  // The newest point has only begun: it may be low without the stretch being over.
  const last = points.length - 1;
  for (let from = Math.max(0, last - 11); from <= last; from++) {
    const usual = [...previous, ...points.slice(0, from)].map((p) => p.count);
    const sum = usual.reduce((a, b) => a + b, 0);
    if (usual.length < 12 || sum < usual.length / 2) continue;
    const mean = sum / usual.length;
    const spread = Math.sqrt(usual.reduce((a, v) => a + (v - mean) ** 2, 0) / usual.length);
    const sd = Math.max(spread, Math.sqrt(mean));
    const high = (p: Point) => p.count >= 10 && p.count > mean + 3 * sd;
    const stretch = points.slice(from);
    const over = stretch.filter((p, i) => high(p) || (i === stretch.length - 1 && i > 0));
    if (over.length !== stretch.length || !stretch[0] || !high(stretch[0])) continue;
    const count = stretch.reduce((a, p) => a + p.count, 0);
    const top = Math.max(...stretch.map((p) => p.count));
    const whole =
      stretch.length > 1 && !high(stretch[stretch.length - 1] as Point) ? stretch.slice(0, -1) : stretch;
    const rate = whole.reduce((a, p) => a + p.count, 0) / whole.length;
    return { from, to: last, count, times: rate / Math.max(mean, 1e-9), sigma: (top - mean) / sd };
  }
  return undefined;
}
