// The geometry of the hive: cells with a point on top, laid around the centre in
// rings, so that a new programme never moves the others.

export interface Cell {
  x: number;
  y: number;
}

const directions: readonly (readonly [number, number])[] = [
  [1, 0],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [0, -1],
  [1, -1],
];

// spiral gives the first n places around the centre (which is not among them), ring
// by ring, as axial coordinates (q, r).
export function spiral(n: number): [number, number][] {
  const out: [number, number][] = [];
  for (let ring = 1; out.length < n; ring++) {
    let q = 0;
    let r = -ring; // the top of the ring, then clockwise
    for (const [dq, dr] of directions)
      for (let i = 0; i < ring && out.length < n; i++) {
        out.push([q, r]);
        q += dq;
        r += dr;
      }
  }
  return out;
}

// place turns axial coordinates into the middle of a cell of a size (its radius).
export function place([q, r]: readonly [number, number], size: number): Cell {
  return { x: size * Math.sqrt(3) * (q + r / 2), y: size * 1.5 * r };
}

// hexagon is the outline of a cell with soft corners.
export function hexagon(cx: number, cy: number, radius: number, soft = 0.1): string {
  const corner = (i: number): [number, number] => {
    const a = (Math.PI / 180) * (60 * i - 90);
    return [cx + radius * Math.cos(a), cy + radius * Math.sin(a)];
  };
  let d = "";
  for (let i = 0; i < 6; i++) {
    const [px, py] = corner(i + 5);
    const [x, y] = corner(i);
    const [nx, ny] = corner(i + 1);
    const a = [x + (px - x) * soft, y + (py - y) * soft].map((v) => v.toFixed(1));
    const b = [x + (nx - x) * soft, y + (ny - y) * soft].map((v) => v.toFixed(1));
    d += `${i === 0 ? "M" : "L"}${a.join(" ")}Q${x.toFixed(1)} ${y.toFixed(1)} ${b.join(" ")}`;
  }
  return `${d}Z`;
}

// radius grows with the people in a programme, by area, between half and almost all of its cell.
export function radius(members: number, most: number, size: number): number {
  if (most <= 0) return size * 0.62;
  return size * (0.6 + 0.32 * Math.sqrt(members / most));
}

// lines breaks a name into at most two lines that fit a cell.
export function lines(name: string, room = 12): string[] {
  if (name.length <= room) return [name];
  const words = name.split(" ");
  let best = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < words.length; i++) {
    const longest = Math.max(words.slice(0, i).join(" ").length, words.slice(i).join(" ").length);
    if (longest < least) {
      least = longest;
      best = i;
    }
  }
  const two = [words.slice(0, best).join(" "), words.slice(best).join(" ")].filter(Boolean);
  return two.map((l) => (l.length > room + 2 ? `${l.slice(0, room + 1)}…` : l));
}
