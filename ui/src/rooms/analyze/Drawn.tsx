import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import Graph from "graphology";
import { Minus, Plus, Scan } from "lucide-react";
import { useEffect, useRef } from "react";
import Sigma from "sigma";
import { Button } from "../../kit";
import { count } from "../../lib/format";
import type { Map as Web } from "./web";

interface Props {
  of: Web;
  circle: number | undefined;
  who: string | undefined;
  onWho: (id: string | undefined) => void;
  onBroken: () => void; // where WebGL is missing
}

// Drawn is the map of who talks to whom. Places are laid out by the server, so that
// twenty thousand people are drawn at once.
export function Drawn({ of: web, circle, who, onWho, onBroken }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Sigma | undefined>(undefined);
  const now = useRef({ circle, who, onWho, onBroken });
  now.current = { circle, who, onWho, onBroken };
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    const paint = palette(el);
    const graph = graphOf(web, paint);
    let sigma: Sigma;
    let names: Named[] = [];
    try {
      sigma = new Sigma(graph, el, {
        labelFont: getComputedStyle(el).fontFamily,
        labelColor: { color: paint.ink },
        labelSize: 12,
        labelRenderedSizeThreshold: 7,
        labelDensity: 0.6,
        hideEdgesOnMove: web.links !== null && web.links.length > 5000,
        defaultEdgeColor: paint.faint,
        zIndex: true,
        minCameraRatio: 0.02,
        maxCameraRatio: 3,
        defaultDrawNodeHover: hover(paint),
        defaultDrawNodeLabel: (_, data) => void names.push(data), // written together, below
        nodeReducer: (key, data) => {
          const { circle, who } = now.current;
          const near = who === undefined || key === who || graph.areNeighbors(key, who);
          const within = circle === undefined || data.circle === circle;
          if (near && within)
            return {
              ...data,
              zIndex: 1,
              forceLabel: key === who || (who !== undefined && near) || data.first,
            };
          return { ...data, color: paint.pale, label: "", zIndex: 0 };
        },
        edgeReducer: (key, data) => {
          const { circle, who } = now.current;
          const [a, b] = graph.extremities(key);
          if (who !== undefined)
            return a === who || b === who
              ? { ...data, color: paint.strong, zIndex: 1 }
              : { ...data, hidden: true };
          if (
            circle !== undefined &&
            graph.getNodeAttribute(a, "circle") !== circle &&
            graph.getNodeAttribute(b, "circle") !== circle
          )
            return { ...data, hidden: true };
          return data;
        },
      });
    } catch {
      now.current.onBroken();
      return;
    }
    sigma.on("beforeRender", () => {
      names = [];
    });
    sigma.on("afterRender", () => {
      const g = sigma.getCanvases().labels?.getContext("2d");
      if (g) write(g, names, { ...sigma.getDimensions(), font: getComputedStyle(el).fontFamily, paint });
    });
    sigma.on("clickNode", ({ node }) => now.current.onWho(node));
    sigma.on("clickStage", () => now.current.onWho(undefined));
    sigma.on("enterNode", () => {
      el.style.cursor = "pointer";
    });
    sigma.on("leaveNode", () => {
      el.style.cursor = "";
    });
    drawn.current = sigma;
    return () => {
      drawn.current = undefined;
      sigma.kill();
    };
  }, [web]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen changes how it is drawn
  useEffect(() => {
    drawn.current?.refresh({ skipIndexation: true });
  }, [circle, who]);
  const people = count(web.dots?.length ?? 0);
  const links = count(web.links?.length ?? 0);
  return (
    <div className="relative min-h-96 flex-1">
      <div
        ref={box}
        role="img"
        aria-label={t`A map of ${people} people and ${links} links between them. The list says the same.`}
        className="absolute inset-0 rounded-sm border border-line bg-paper"
        data-drawn={people}
      />
      <div className="absolute end-3 bottom-3 flex flex-col gap-1.5">
        <Button
          square
          touch
          aria-label={t`Closer`}
          onClick={() => void drawn.current?.getCamera().animatedZoom({ duration: quick() })}
        >
          <Plus className="i" aria-hidden />
        </Button>
        <Button
          square
          touch
          aria-label={t`Further away`}
          onClick={() => void drawn.current?.getCamera().animatedUnzoom({ duration: quick() })}
        >
          <Minus className="i" aria-hidden />
        </Button>
        <Button
          square
          touch
          aria-label={t`All of it`}
          onClick={() => void drawn.current?.getCamera().animatedReset({ duration: quick() })}
        >
          <Scan className="i" aria-hidden />
        </Button>
      </div>
      <p className="absolute start-3 bottom-3 rounded-xs bg-paper/80 px-1.5 text-xs text-ink-3">
        <Trans>Size: how much they are listened to. Colour: circle.</Trans>
      </p>
    </div>
  );
}

const quick = () => (window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 180);

interface Paint {
  ink: string;
  paper: string;
  faint: string;
  pale: string;
  strong: string;
  other: string;
  circles: string[];
}

// palette reads the colours of the theme as WebGL understands them.
function palette(el: HTMLElement): Paint {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const g = canvas.getContext("2d", { willReadFrequently: true });
  const probe = document.createElement("span");
  el.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(--color-${name})`;
    if (!g) return "#888888";
    g.clearRect(0, 0, 1, 1);
    g.fillStyle = getComputedStyle(probe).color;
    g.fillRect(0, 0, 1, 1);
    const [r = 0, gr = 0, b = 0] = g.getImageData(0, 0, 1, 1).data;
    return `#${[r, gr, b].map((v) => v.toString(16).padStart(2, "0")).join("")}`;
  };
  const paint = {
    ink: read("ink"),
    paper: read("raised"),
    faint: read("line"),
    pale: read("line-2"),
    strong: read("ink-3"),
    other: read("context"),
    circles: [1, 2, 3, 4, 5, 6, 7, 8].map((i) => read(`cat-${i}`)),
  };
  probe.remove();
  return paint;
}

function graphOf(web: Web, paint: Paint): Graph {
  const graph = new Graph({ type: "undirected", multi: false });
  const dots = web.dots ?? [];
  const of = new Map(dots.map((d) => [d.p, d.id]));
  const many = dots.length > 3000;
  const met = new Set<number>();
  for (const d of dots) {
    const first = !met.has(d.c) && d.c < 12;
    met.add(d.c);
    graph.addNode(d.id, {
      x: d.x,
      y: d.y,
      size: (many ? 1.5 : 3) + Math.sqrt(d.s) * (many ? 0.9 : 1.4),
      label: d.n,
      circle: d.c,
      first,
      color: d.c < 8 ? paint.circles[d.c] : paint.other,
    });
  }
  for (const [a = 0, b = 0, n = 1] of web.links ?? []) {
    const from = of.get(a);
    const to = of.get(b);
    if (from && to && !graph.hasEdge(from, to))
      graph.addEdge(from, to, { size: Math.min(4, 0.4 + Math.log2(n)) });
  }
  return graph;
}

interface Named {
  x: number;
  y: number;
  size: number;
  label?: string | null;
}

interface Board {
  width: number;
  height: number;
  font: string;
  paint: Paint;
}

// write puts names beside their dots, those listened to most first. A name that would
// lie on another, or under the buttons, is left out; one that would stick out goes to the other side.
function write(g: CanvasRenderingContext2D, names: readonly Named[], b: Board): void {
  const taken: [number, number, number, number][] = [[b.width - 64, b.height - 156, b.width, b.height]];
  g.font = `500 12px ${b.font}`;
  g.lineWidth = 3;
  g.lineJoin = "round";
  for (const n of [...names].sort((a, c) => c.size - a.size)) {
    if (!n.label) continue;
    const wide = g.measureText(n.label).width;
    const after = n.x + n.size + 4;
    const x = after + wide > b.width - 6 ? n.x - n.size - 4 - wide : after;
    const box: [number, number, number, number] = [x - 2, n.y - 8, x + wide + 2, n.y + 8];
    if (x < 4 || n.y < 10 || n.y > b.height - 28) continue;
    if (taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) continue;
    taken.push(box);
    g.strokeStyle = b.paint.paper;
    g.strokeText(n.label, x, n.y + 4);
    g.fillStyle = b.paint.ink;
    g.fillText(n.label, x, n.y + 4);
  }
}

// hover draws a name on paper, in the colours of the theme.
function hover(paint: Paint) {
  return (
    g: CanvasRenderingContext2D,
    data: { x: number; y: number; size: number; label?: string | null },
    settings: { labelFont: string; labelSize: number },
  ) => {
    if (!data.label) return;
    g.font = `600 ${settings.labelSize}px ${settings.labelFont}`;
    const width = g.measureText(data.label).width + 12;
    const x = data.x + data.size + 4;
    g.fillStyle = paint.paper;
    g.strokeStyle = paint.pale;
    g.beginPath();
    g.roundRect(x, data.y - 11, width, 22, 6);
    g.fill();
    g.stroke();
    g.fillStyle = paint.ink;
    g.fillText(data.label, x + 6, data.y + 4);
    g.beginPath();
    g.arc(data.x, data.y, data.size + 2, 0, Math.PI * 2);
    g.strokeStyle = paint.ink;
    g.stroke();
  };
}
