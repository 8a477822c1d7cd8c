// Drives Chromium for the stories: one JSON line in, one JSON line out. The
// words of a step are those of a person: a role and a name, never a selector.
import { readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.PARLEY_UI}/package.json`);
const { chromium } = await import(pathToFileURL(require.resolve("playwright-core")).href).then((m) => m.default ?? m);
const { AxeBuilder } = await import(pathToFileURL(require.resolve("@axe-core/playwright")).href).then((m) => m.default ?? m);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

// How long a story waits for what must come, in milliseconds: for ever, nearly,
// as it is no stopwatch and the machine may be busy.
const patience = 45_000;

const pages = new Map(); // name → page; each has its own cookies
const troubles = [];

async function pageOf(name, size) {
  if (!pages.has(name)) {
    const context = await browser.newContext({ viewport: size ?? { width: 1440, height: 900 }, locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce" });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    page.on("pageerror", (e) => troubles.push(`${name}: ${e.message}`));
    page.on("console", (m) => {
      // A refusal that the story provokes is told to the user by the page; the browser logs it too.
      if (m.type() === "error" && !/status of 4\d\d/.test(m.text())) troubles.push(`${name}: ${m.text()}`);
    });
    pages.set(name, page);
  }
  return pages.get(name);
}

const exact = (name) => (name === undefined ? {} : name.startsWith("/") ? { name: new RegExp(name.slice(1, name.lastIndexOf("/")), "i") } : { name, exact: true });
const wanted = (text) => (text.startsWith("/") && text.lastIndexOf("/") > 0 ? new RegExp(text.slice(1, text.lastIndexOf("/")), "i") : text);

async function target(page, s) {
  const seen = (locator) => locator.filter({ visible: true }).first();
  const within = s.within ? seen(page.getByRole(s.within, exact(s.withinName))) : page;
  if (s.role) return seen(within.getByRole(s.role, exact(s.name)));
  if (s.label) return seen(within.getByLabel(wanted(s.label)));
  return seen(within.getByText(wanted(s.text)));
}

// file is a file as a browser gets it from elsewhere.
const file = (path) => ({ name: basename(path), type: { ".png": "image/png", ".jpg": "image/jpeg", ".pdf": "application/pdf", ".mp4": "video/mp4" }[extname(path)] ?? "", bytes: readFileSync(path, "base64") });

// given hands a file to an element, as somebody does who drops or pastes it.
const given = (el, { name, type, bytes, how }) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, { type }));
  if (how === "paste") return void el.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  const over = new DragEvent("dragover", { dataTransfer: data, bubbles: true, cancelable: true });
  el.dispatchEvent(over);
  if (!over.defaultPrevented) throw new Error(`nothing may be dropped there`);
  el.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
};

// rolled scrolls the list within an element, a step with each frame, and waits at its end for more.
const rolled = async (el, { rows, step }) => {
  const box = [el, ...el.querySelectorAll("*")].find((e) => /auto|scroll/.test(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight);
  if (!box) throw new Error("nothing scrolls there");
  const frames = [];
  let passed = 0;
  let most = 0;
  let waited = 0;
  let last = performance.now();
  for (;;) {
    const now = await new Promise((r) => requestAnimationFrame(r));
    frames.push(now - last);
    last = now;
    const at = [...box.querySelectorAll("[data-index]")].map((e) => Number(e.dataset.index));
    passed = Math.max(passed, ...at);
    most = Math.max(most, at.length);
    if (passed >= rows - 1) break;
    const before = box.scrollTop;
    box.scrollTop += step;
    waited = box.scrollTop === before ? waited + frames[frames.length - 1] : 0;
    if (waited > 20_000) throw new Error(`the list ends after ${passed + 1} rows`);
  }
  return { frames: frames.slice(1), rows: passed + 1, drawn: most, heap: performance.memory?.usedJSHeapSize ?? 0 };
};

const steps = {
  open: async (p, s) => void (await p.goto(s.url, { waitUntil: "load" })),
  url: async (p) => p.url(),
  click: async (p, s) => void (await (await target(p, s)).click()),
  focus: async (p, s) => void (await (await target(p, s)).focus()),
  fill: async (p, s) => void (await (await target(p, s)).fill(s.value)),
  upload: async (p, s) => void (await p.getByLabel(wanted(s.label)).setInputFiles(s.value)),
  drop: async (p, s) => (await target(p, s)).evaluate(given, { ...file(s.value), how: "drop" }),
  paste: async (p, s) => (await target(p, s)).evaluate(given, { ...file(s.value), how: "paste" }),
  choose: async (p, s) => void (await (await target(p, s)).selectOption(s.value)),
  press: async (p, s) => void (await p.keyboard.press(s.value)),
  type: async (p, s) => void (await p.keyboard.type(s.value)),
  see: async (p, s) => void (await (await target(p, s)).waitFor({ state: "visible", timeout: Math.max(patience, s.timeout ?? 0) })),
  gone: async (p, s) => void (await (await target(p, s)).waitFor({ state: "hidden", timeout: Math.max(patience, s.timeout ?? 0) })),
  count: async (p, s) => (s.role ? p.getByRole(s.role, exact(s.name)) : p.getByText(wanted(s.text))).count(),
  read: async (p, s) => (await target(p, s)).innerText(),
  value: async (p, s) => (await target(p, s)).inputValue(),
  holds: async (p, s) => {
    const field = await target(p, s);
    const until = Date.now() + patience;
    let got = await field.inputValue();
    while (got !== s.value && Date.now() < until) {
      await new Promise((r) => setTimeout(r, 50));
      got = await field.inputValue();
    }
    if (got !== s.value) throw new Error(`the field holds ${JSON.stringify(got)}`);
  },
  body: async (p) => p.locator("body").innerText(),
  size: async (p, s) => void (await p.setViewportSize({ width: s.width, height: s.height })),
  theme: async (p, s) => void (await p.emulateMedia({ colorScheme: s.value })),
  shot: async (p, s) => void (await p.screenshot({ path: s.path, fullPage: !!s.full })),
  wide: async (p) => p.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  fetch: async (p, s) => p.evaluate(async ([m, u, b]) => {
    const r = await fetch(u, { method: m, headers: b ? { "Content-Type": "application/json" } : {}, body: b });
    return { status: r.status, text: await r.text() };
  }, [s.method, s.url, s.value]),
  axe: async (p, s) => {
    const axe = new AxeBuilder({ page: p });
    if (s.value) axe.withRules([s.value]);
    else axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
    const found = await axe.analyze();
    return found.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")})`);
  },
  reload: async (p) => void (await p.reload()),
  // scroll passes so many rows of a list by, as fast as no hand does, and tells of each frame how long it took.
  scroll: async (p, s) => (await target(p, s)).evaluate(rolled, { rows: s.rows, step: s.height }),
  offline: async (p, s) => void (await p.context().setOffline(s.value === "yes")),
  troubles: async (_, s) => troubles.splice(0).filter((t) => !(s.value && new RegExp(s.value).test(t))),
};

const say = (o) => process.stdout.write(`${JSON.stringify(o)}\n`);
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const s = JSON.parse(line);
  try {
    const page = s.do === "troubles" ? null : await pageOf(s.page ?? "main", s.viewport);
    say({ ok: true, value: await steps[s.do](page, s) });
  } catch (e) {
    say({ ok: false, error: String(e.message ?? e).split("\n").slice(0, 12).join("\n") });
  }
}
await browser.close();
