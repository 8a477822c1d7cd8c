// Shows the OpenAPI document to people. Text is only ever set as text.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];
const el = (name, props = {}, ...kids) => {
  const node = Object.assign(document.createElement(name), props);
  node.append(...kids.filter((k) => k !== null && k !== undefined));
  return node;
};

let doc;

function follow(schema) {
  for (let i = 0; schema && schema.$ref && i < 20; i++) schema = doc.components.schemas[schema.$ref.split("/").pop()];
  return schema || {};
}

function nameOf(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const types = [].concat(schema.type || "any");
  if (types.includes("array")) return `list of ${nameOf(schema.items) || "anything"}`;
  let name = types.filter((t) => t !== "null").join(" or ");
  if (schema.format) name += ` (${schema.format})`;
  if (types.includes("null")) name += " or null";
  return name;
}

function limits(schema) {
  const out = [];
  if (schema.enum) out.push("one of " + schema.enum.map((v) => (v === "" ? "“”" : v)).join(", "));
  if (schema.minimum !== undefined) out.push(`at least ${schema.minimum}`);
  if (schema.maximum !== undefined) out.push(`at most ${schema.maximum}`);
  if (schema.maxLength !== undefined) out.push(`at most ${schema.maxLength} characters`);
  if (schema.maxItems !== undefined) out.push(`at most ${schema.maxItems} items`);
  return out.join("; ");
}

function row(name, schema, required, about) {
  const full = follow(schema);
  const more = [required ? "required" : "", limits(full)].filter(Boolean).join("; ");
  return el("tr", {},
    el("th", { scope: "row" }, el("code", { textContent: name })),
    el("td", {},
      el("span", { className: "type", textContent: nameOf(schema) + (more ? `, ${more}` : "") }),
      about || full.description ? el("div", { textContent: about || full.description }) : null));
}

function fields(schema) {
  const full = follow(schema);
  const list = [].concat(full.type || []).includes("array") ? follow(full.items) : full;
  const names = Object.keys(list.properties || {});
  if (!names.length) return el("p", { className: "says", textContent: nameOf(schema) });
  return el("table", {}, el("tbody", {}, ...names.map((n) => row(n, list.properties[n], (list.required || []).includes(n)))));
}

// example makes an answer as it might look, from the types alone.
function example(schema, depth = 0) {
  const s = follow(schema);
  if (s.examples) return s.examples[0];
  if (s.enum) return s.enum[0];
  const type = [].concat(s.type || []).find((t) => t !== "null");
  if (type === "object" || s.properties) {
    const out = {};
    if (depth < 5) for (const [k, v] of Object.entries(s.properties || {})) out[k] = example(v, depth + 1);
    return out;
  }
  if (type === "array") return depth < 4 ? [example(s.items, depth + 1)] : [];
  if (type === "integer" || type === "number") return s.minimum || 0;
  if (type === "boolean") return false;
  if (type === "string") return s.format === "date-time" ? "2026-11-21T09:26:00Z" : "…";
  return null;
}

function bodyOf(content) {
  const kind = Object.keys(content || {})[0];
  return kind ? { kind, schema: content[kind].schema } : null;
}

function needs(op) {
  const p = op["x-permission"];
  if (p === "public") return "Nobody need be signed in.";
  if (p === "signed_in") return "Any member who is signed in.";
  return null;
}

function inside(op) {
  const box = el("div", { className: "inside" });
  const who = needs(op);
  box.append(el("p", { className: "needs" }, who || "Needs ", who ? null : el("code", { textContent: op["x-permission"] || "?" })));
  if (op.description) box.append(el("p", { textContent: op.description }));
  if ((op.parameters || []).length) {
    box.append(el("h4", { textContent: "Parameters" }),
      el("table", {}, el("tbody", {}, ...op.parameters.map((p) => row(`${p.name}`, p.schema, p.required, [p.in === "query" ? "" : `In the ${p.in}.`, p.description].filter(Boolean).join(" "))))));
  }
  const input = bodyOf(op.requestBody && op.requestBody.content);
  if (input) box.append(el("h4", { textContent: "Body" }), fields(input.schema), el("pre", { tabIndex: 0, textContent: JSON.stringify(example(input.schema), null, 2) }));
  for (const [status, answer] of Object.entries(op.responses || {})) {
    if (status === "default") continue;
    box.append(el("h4", { textContent: `Answer ${status}` }));
    const output = bodyOf(answer.content);
    if (!output) {
      box.append(el("p", { className: "says", textContent: "Nothing more." }));
    } else if (output.kind !== "application/json") {
      box.append(el("p", { textContent: answer.description || output.kind }));
    } else {
      box.append(fields(output.schema), el("pre", { tabIndex: 0, textContent: JSON.stringify(example(output.schema), null, 2) }));
    }
  }
  return box;
}

function show() {
  document.getElementById("about").textContent = doc.info.description || "";
  document.getElementById("version").textContent = `Version ${doc.info.version}`;
  const rooms = new Map();
  for (const [path, methods] of Object.entries(doc.paths)) {
    for (const method of METHODS) {
      const op = methods[method];
      if (!op) continue;
      const room = (op.tags || ["Other"])[0];
      if (!rooms.has(room)) rooms.set(room, []);
      rooms.get(room).push({ path, method, op });
    }
  }
  const operations = document.getElementById("operations");
  const index = document.getElementById("index");
  for (const room of [...rooms.keys()].sort()) {
    const section = el("section", {}, el("h2", { textContent: room }));
    const list = el("ul");
    for (const { path, method, op } of rooms.get(room)) {
      const words = `${method} ${path} ${op.summary || ""} ${op.operationId}`.toLowerCase();
      const details = el("details", { id: op.operationId },
        el("summary", {}, el("h3", {},
          el("span", { className: `method ${method}`, textContent: method }),
          el("span", { className: "path", textContent: path }),
          el("span", { className: "says", textContent: op.summary || "" }))));
      details.addEventListener("toggle", () => {
        if (details.open && details.childElementCount === 1) details.append(inside(op));
      });
      details.dataset.words = words;
      section.append(details);
      const link = el("li", {}, el("a", { href: `#${op.operationId}`, textContent: (op.summary || op.operationId).replace(/\.$/, "") }));
      link.dataset.words = words;
      list.append(link);
    }
    operations.append(section);
    index.append(el("div", {}, el("h2", { textContent: room }), list));
  }
}

function find(event) {
  const want = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const node of document.querySelectorAll("[data-words]")) node.hidden = !want.every((w) => node.dataset.words.includes(w));
  for (const part of document.querySelectorAll("#operations section, #index > div")) {
    part.hidden = ![...part.querySelectorAll("[data-words]")].some((n) => !n.hidden);
  }
  const left = document.querySelectorAll("#operations details:not([hidden])").length;
  document.getElementById("state").textContent = want.length ? (left ? `${left} found.` : "Nothing is called that.") : "";
}

function open() {
  const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (wanted && wanted.tagName === "DETAILS") {
    wanted.open = true;
    wanted.scrollIntoView();
  }
}

fetch("/api/openapi.json")
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`the server answered ${answer.status}`))))
  .then((json) => {
    doc = json;
    show();
    document.getElementById("state").textContent = "";
    document.getElementById("find").addEventListener("input", find);
    window.addEventListener("hashchange", open);
    open();
  })
  .catch((error) => {
    document.getElementById("state").textContent = `The document could not be read: ${error.message}.`;
  });
