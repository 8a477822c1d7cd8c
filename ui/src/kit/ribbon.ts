// The geometry of the loop ribbon: which line goes how far, and where it ends.

export interface Loop {
  heard: number;
  matched: number;
  answered: number;
  learned: number;
  perLine: number;
  hot: number; // share of the first subject among what matched, 0 to 1
}

export interface Line {
  d: string;
  tone: "off" | "hot" | "voice";
  half: boolean;
  end?: [number, number];
}

export interface Drawing {
  lines: Line[];
  joints: [number, number][];
  fan: { d: string; end: [number, number]; tone: "hot" | "voice" }[];
  back: string;
  tip: string;
}

const most = 44;
const gap = 18;

// noise is a number between 0 and 1 that is always the same for the same line.
function noise(i: number, salt: number): number {
  const s = Math.sin(i * 12.9898 + salt * 78.233) * 43758.5453;
  return s - Math.floor(s);
}

// lines says how many lines stand for a number; something is never nothing.
export function lines(n: number, perLine: number): number {
  return n <= 0 ? 0 : Math.max(1, Math.min(most, Math.round(n / Math.max(1, perLine))));
}

// perLine is a round number of posts for one line, so that the whole day fits.
export function perLine(heard: number): number {
  const rough = heard / 40;
  if (rough <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10) * power;
}

// pick spreads k chosen ones evenly over n places.
export function pick(n: number, k: number): Set<number> {
  const out = new Set<number>();
  for (let i = 0; i < k; i++) out.add(Math.floor(((i + 0.5) * n) / k));
  return out;
}

const curve = (x0: number, y0: number, x1: number, y1: number) => {
  const w = x1 - x0;
  const f = (n: number) => n.toFixed(1);
  return `M${f(x0)} ${f(y0)}C${f(x0 + w * 0.5)} ${f(y0)} ${f(x0 + w * 0.55)} ${f(y1)} ${f(x1)} ${f(y1)}`;
};

export function draw(loop: Loop, width: number, height: number, mid: number): Drawing {
  const joints: [number, number][] = [0.25, 0.5, 0.75].map((f) => [Math.round(width * f), mid]);
  const [a, b, c] = joints.map((j) => j[0]) as [number, number, number];
  const all = lines(loop.heard, loop.perLine);
  const some = Math.min(all, lines(loop.matched, loop.perLine));
  const fewer = Math.min(some, lines(loop.answered, loop.perLine));
  const found = fewer > 0 && loop.learned > 0 ? 1 : 0;
  const hot = Math.round(some * loop.hot);
  const out: Line[] = [];

  const spread = (n: number, i: number, half: number, step: number) => {
    const s = Math.min(step, n > 1 ? (half * 2) / (n - 1) : 0);
    return mid + (i - (n - 1) / 2) * s;
  };
  const wide = Math.min(52, height / 2 - 26);

  const on = pick(all, some);
  let k = 0;
  for (let i = 0; i < all; i++) {
    const y0 = spread(all, i, wide, 5);
    if (on.has(i)) {
      out.push({
        d: curve(0, y0, a - gap, spread(some, k, 21, 3)),
        tone: k < hot ? "hot" : "voice",
        half: false,
      });
      k++;
    } else {
      const x1 = (a - gap) * (0.34 + noise(i, 1) * 0.4);
      const y1 = y0 + (mid - y0) * 0.18;
      out.push({ d: curve(0, y0, x1, y1), tone: "off", half: false, end: [x1, y1] });
    }
  }

  const stage = (
    n: number,
    kept: number,
    x0: number,
    x1: number,
    salt: number,
    half0: number,
    half1: number,
    hotN: number,
  ) => {
    const go = pick(n, kept);
    let j = 0;
    let h = 0;
    for (let i = 0; i < n; i++) {
      const tone = i < hotN ? ("hot" as const) : ("voice" as const);
      const y0 = spread(n, i, half0, 5);
      if (go.has(i)) {
        out.push({ d: curve(x0 + gap, y0, x1 - gap, spread(kept, j, half1, 5)), tone, half: false });
        j++;
        if (tone === "hot") h++;
      } else {
        const x = x0 + gap + (x1 - x0 - 2 * gap) * (0.34 + noise(i, salt) * 0.56);
        const y = y0 + (y0 - mid) * 0.9 + (noise(i, salt + 7) - 0.5) * 10;
        out.push({ d: curve(x0 + gap, y0, x, y), tone, half: true, end: [x, y] });
      }
    }
    return h;
  };
  const hot2 = stage(some, fewer, a, b, 2, 21, 8, hot);
  stage(fewer, found, b, c, 3, 8, 0, hot2);

  const dots = Math.min(loop.learned, 9);
  const tail = width > 720 ? 170 : width * 0.1;
  const fan = Array.from({ length: found ? dots : 0 }, (_, i) => {
    const y = mid + (i - (dots - 1) / 2) * 8;
    const x = c + gap + tail;
    return {
      d: curve(c + gap, mid, x, y),
      end: [x + 3, y] as [number, number],
      tone: i < Math.round(dots * loop.hot) ? ("hot" as const) : ("voice" as const),
    };
  });
  const from = c + gap + tail + 14;
  const low = height - 20;
  const right = width - 12;
  const back = `M${from} ${mid}H${right - 12}a12 12 0 0 1 12 12V${low - 12}a12 12 0 0 1-12 12H24a12 12 0 0 1-12-12V${low - 14}`;
  return { lines: out, joints, fan, back, tip: `M8 ${low - 11}l4-6 4 6` };
}
