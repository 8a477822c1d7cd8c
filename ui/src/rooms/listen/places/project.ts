// Where a point of the earth stands on the map: Mercator, whose shapes stay
// true at any zoom. The world is 1 wide; the poles are left out.
const limit = 78;

export interface Point {
  x: number;
  y: number;
}

export function project(lat: number, lon: number): Point {
  const phi = (Math.min(limit, Math.max(-limit, lat)) * Math.PI) / 180;
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log(Math.tan(Math.PI / 4 + phi / 2)) / (2 * Math.PI) };
}

// View says which part of the world is shown: its middle, and how many pixels
// the whole world would be wide.
export interface View {
  x: number;
  y: number;
  k: number;
}

export const closest = 400_000;

export function widest(width: number): number {
  return Math.max(320, width);
}

// at is where a point stands in the picture.
export function at(p: Point, v: View, width: number, height: number): Point {
  return { x: (p.x - v.x) * v.k + width / 2, y: (p.y - v.y) * v.k + height / 2 };
}

// overview is the view that shows all points with a distance around them.
export function overview(points: readonly Point[], width: number, height: number, cap = 60_000): View {
  if (points.length === 0) return { x: 0.5, y: 0.42, k: widest(width) };
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = 0.78;
  const k = Math.min((width * room) / Math.max(x1 - x0, 1e-6), (height * room) / Math.max(y1 - y0, 1e-6));
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, k: Math.min(cap, Math.max(widest(width) * 0.9, k)) };
}

// zoomed keeps a point of the picture where it is while the rest comes nearer.
export function zoomed(v: View, by: number, width: number, height: number, to?: Point): View {
  const k = Math.min(closest, Math.max(widest(width) * 0.8, v.k * by));
  const p = to ?? { x: width / 2, y: height / 2 };
  const wx = v.x + (p.x - width / 2) / v.k;
  const wy = v.y + (p.y - height / 2) / v.k;
  return { x: wx - (p.x - width / 2) / k, y: wy - (p.y - height / 2) / k, k };
}

export interface Placed<T> extends Point {
  r: number;
  of: T[];
}

// gather draws as one what would lie upon each other; the largest first.
export function gather<T>(
  all: readonly (Point & { r: number; it: T })[],
  most: (n: T[]) => number,
): Placed<T>[] {
  const out: Placed<T>[] = [];
  for (const d of [...all].sort((a, b) => b.r - a.r)) {
    const near = out.find((o) => Math.hypot(o.x - d.x, o.y - d.y) < (o.r + d.r) * 0.8);
    if (!near) {
      out.push({ x: d.x, y: d.y, r: d.r, of: [d.it] });
      continue;
    }
    const n = near.of.length;
    near.x = (near.x * n + d.x) / (n + 1);
    near.y = (near.y * n + d.y) / (n + 1);
    near.of.push(d.it);
    near.r = Math.max(near.r, most(near.of));
  }
  return out;
}

// towards finds the dot that lies next in a direction, for the arrow keys.
export function towards<T extends Point>(
  from: Point,
  all: readonly T[],
  dx: number,
  dy: number,
): T | undefined {
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const p of all) {
    const along = (p.x - from.x) * dx + (p.y - from.y) * dy;
    if (along <= 1) continue;
    const aside = Math.abs((p.x - from.x) * dy) + Math.abs((p.y - from.y) * dx);
    const far = along + 2 * aside;
    if (far < least) {
      least = far;
      best = p;
    }
  }
  return best;
}

type Ring = readonly (readonly number[])[];

// drawn is the outline of rings as a path in the world's own measure, ten
// thousand wide; the last meridian is not crossed.
export function drawn(rings: readonly Ring[], close: boolean): string {
  let d = "";
  for (const ring of rings) {
    let pen = false;
    let last = 0;
    for (const [lon = 0, lat = 0] of ring) {
      const p = project(lat, lon);
      const jump = pen && Math.abs(lon - last) > 180;
      d += `${pen && !jump ? "L" : "M"}${(p.x * 10_000).toFixed(1)} ${(p.y * 10_000).toFixed(1)}`;
      pen = true;
      last = lon;
    }
    if (close) d += "Z";
  }
  return d;
}
