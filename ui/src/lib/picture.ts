// A chart as a picture: the drawing itself where there is one, with the styles that
// it has on the screen; otherwise the numbers of its table as bars.

interface Table {
  head: readonly string[];
  rows: readonly (readonly (string | number | null)[])[];
}

const pad = 24;
const scale = 2; // sharp on every screen and in print

interface Paint {
  width: number;
  height: number;
  draw: (g: CanvasRenderingContext2D, x: number, y: number) => void;
}

// picture saves a chart as PNG, with its title above and a line of notes below.
export async function picture(
  title: string,
  notes: string,
  figure: HTMLElement,
  table: Table,
): Promise<void> {
  const style = getComputedStyle(figure);
  const paper = colour(figure, "--color-paper", "#fff");
  const ink = style.color;
  const faint = colour(figure, "--color-ink-3", "#666");
  const font = style.fontFamily;
  const svg = figure.querySelector<SVGSVGElement>("svg.chart");
  const paint = svg ? await drawing(svg) : bars(table, ink, colour(figure, "--color-cat-1", "#067"), font);
  const width = Math.max(paint.width, 320) + 2 * pad;
  const height = paint.height + 88;
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  const g = canvas.getContext("2d");
  if (!g) return;
  g.scale(scale, scale);
  g.fillStyle = paper;
  g.fillRect(0, 0, width, height);
  g.fillStyle = ink;
  g.font = `600 16px ${font}`;
  g.fillText(title, pad, 32, width - 2 * pad);
  paint.draw(g, pad, 48);
  g.fillStyle = faint;
  g.font = `12px ${font}`;
  g.fillText(notes, pad, height - 16, width - 2 * pad);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob) download(blob, `${nameOf(title)}.png`);
}

export function nameOf(title: string): string {
  return (
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
      .replaceAll(/^-|-$/g, "") || "chart"
  );
}

export function download(blob: Blob, name: string): void {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(blob);
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 1000);
}

function colour(el: HTMLElement, name: string, otherwise: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name}, ${otherwise})`;
  el.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found || otherwise;
}

const kept = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
];

async function drawing(svg: SVGSVGElement): Promise<Paint> {
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [svg, ...svg.querySelectorAll<SVGElement>("*")];
  const to = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  from.forEach((el, i) => {
    const style = getComputedStyle(el);
    const into = to[i];
    if (!into) return;
    into.removeAttribute("class");
    for (const k of kept) into.setAttribute(k, style.getPropertyValue(k));
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const url = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }),
  );
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } finally {
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
  return { width, height, draw: (g, x, y) => g.drawImage(image, x, y, width, height) };
}

function bars(table: Table, ink: string, fill: string, font: string): Paint {
  const rows = table.rows.slice(0, 30);
  const value = (r: (typeof rows)[number]) => r.find((c): c is number => typeof c === "number") ?? 0;
  const top = Math.max(...rows.map(value), 1);
  const width = 720;
  return {
    width,
    height: rows.length * 24,
    draw: (g, x, y) => {
      g.font = `13px ${font}`;
      rows.forEach((r, i) => {
        const at = y + i * 24;
        g.fillStyle = ink;
        g.fillText(String(r[0] ?? ""), x, at + 16, 240);
        g.fillStyle = fill;
        g.fillRect(x + 256, at + 7, Math.max(1, (value(r) / top) * (width - 340)), 10);
        g.fillStyle = ink;
        g.fillText(String(value(r)), x + width - 64, at + 16);
      });
    },
  };
}
