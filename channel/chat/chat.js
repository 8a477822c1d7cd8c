// Parley's chat. One line puts it on a page:
//   <script src="https://parley.example/door/…/chat.js" async></script>
// It asks nothing of the network before the visitor opens it, keeps no cookies, and touches nothing of the page.
(() => {
	"use strict";
	const script = document.currentScript;
	const base = script.src.replace(/chat\.js.*$/, "");
	if (window.parleyChat === base) return;
	window.parleyChat = base;

	// What lasts beyond a reload: the token, who they are, and what is not sent yet.
	const place = "parley-chat:" + base;
	let kept = { token: "", name: "", email: "", known: false, queue: [], read: 0 };
	try {
		kept = { ...kept, ...JSON.parse(localStorage.getItem(place) || "{}") };
	} catch {}
	const keep = () => {
		try {
			localStorage.setItem(place, JSON.stringify(kept));
		} catch {}
	};

	let hello = null; // how the chat looks and speaks
	let lines = new Map(); // what was said, by id
	let last = 0; // the highest position that came
	let shown = false;
	let streaming = false;
	let flushing = false;
	let trouble = "";
	let files = []; // what goes with the next message
	let wanted = false; // it was sent while they were on their way
	const own = new Map(); // files of this page, by id: shown without asking for them

	const css = `
:host { all: initial; color-scheme: light dark; }
* { box-sizing: border-box; font: 15px/1.45 system-ui, sans-serif; }
.b { position: fixed; inset-inline-end: 20px; bottom: 20px; width: 56px; height: 56px; border-radius: 28px; border: 0; background: var(--c); color: var(--i); cursor: pointer; box-shadow: 0 4px 16px #0004; z-index: 2147483000; display: grid; place-items: center; }
.b svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.n { position: absolute; top: -4px; inset-inline-end: -4px; min-width: 20px; height: 20px; border-radius: 10px; background: #b3261e; color: #fff; font-size: 12px; font-weight: 700; line-height: 20px; padding: 0 5px; }
.d { position: fixed; inset-inline-end: 20px; bottom: 88px; width: min(380px, calc(100vw - 24px)); height: min(580px, calc(100vh - 110px)); height: min(580px, calc(100dvh - 110px)); display: flex; flex-direction: column; border-radius: 12px; overflow: hidden; background: light-dark(#fff, #171c1d); color: light-dark(#1b2426, #e8edee); box-shadow: 0 8px 40px #0006; border: 1px solid light-dark(#d5dcdc, #3a4445); z-index: 2147483000; }
@media (max-width: 480px) { .d { inset: 0; width: auto; height: auto; border-radius: 0; border: 0; } .d:not([hidden]) + .b { display: none; } }
[hidden] { display: none !important; }
header { display: flex; align-items: center; gap: 8px; padding: 10px 8px 10px 16px; background: var(--c); color: var(--i); }
h2 { margin: 0; font-size: 16px; font-weight: 650; flex: 1; overflow-wrap: anywhere; }
header button { width: 40px; height: 40px; border: 0; border-radius: 8px; background: none; color: inherit; font-size: 22px; cursor: pointer; }
.l { flex: 1; overflow-y: auto; padding: 14px; display: flex; flex-direction: column; gap: 8px; overscroll-behavior: contain; }
.m { max-width: 85%; padding: 8px 12px; border-radius: 12px; white-space: pre-wrap; overflow-wrap: anywhere; background: light-dark(#eef2f2, #262f30); align-self: flex-start; }
.m.v { background: var(--c); color: var(--i); align-self: flex-end; }
.m small { display: block; font-size: 12px; opacity: .85; }
.m canvas, .o canvas { display: block; max-width: 100%; height: auto; border-radius: 6px; }
.m p { margin: 0; }
.f { display: block; max-width: 100%; margin: 4px 0; padding: 0; border: 0; background: none; color: inherit; text-align: start; text-decoration: underline; cursor: pointer; overflow-wrap: anywhere; min-height: 28px; }
.u { list-style: none; margin: 0; padding: 8px 10px; display: grid; gap: 6px; font-size: 13px; }
.u li { display: grid; grid-template-columns: 1fr auto auto; gap: 2px 8px; align-items: center; padding: 4px 4px 4px 10px; border-radius: 8px; background: light-dark(#eef2f2, #262f30); }
.u b { font: inherit; font-weight: 600; font-size: 13px; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.u small { font-size: 12px; grid-column: 1; }
.u progress { grid-column: 1 / -1; width: 100%; height: 6px; accent-color: var(--c); }
.u button, .o button { min-width: 36px; min-height: 36px; border: 0; border-radius: 8px; background: none; color: inherit; cursor: pointer; grid-row: 1 / 3; font-size: 13px; font-weight: 600; }
.u .x, .o .x { font-size: 20px; grid-column: 3; }
.a { position: relative; flex: none; width: 44px; height: 44px; border-radius: 8px; display: grid; place-items: center; cursor: pointer; }
.a:focus-within { outline: 3px solid light-dark(#0a6ebd, #7cc4ff); outline-offset: 2px; }
.a svg { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.h { padding: 0 12px 8px; font-size: 12px; color: light-dark(#4c5757, #b3bdbe); }
.g { outline: 3px dashed light-dark(#0a6ebd, #7cc4ff); outline-offset: -6px; }
.o { position: absolute; inset: 0; display: flex; flex-direction: column; background: inherit; }
.o div { display: flex; align-items: center; gap: 4px; padding: 6px 8px 6px 16px; }
.o b { flex: 1; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.o figure { flex: 1; margin: 0; padding: 8px; overflow: auto; display: grid; place-items: center; }
.s { padding: 8px 14px; font-size: 13px; color: light-dark(#4c5757, #b3bdbe); border-top: 1px solid light-dark(#e2e8e8, #2c3536); }
form { display: flex; gap: 8px; padding: 10px; border-top: 1px solid light-dark(#e2e8e8, #2c3536); align-items: flex-end; }
form.w { flex-direction: column; align-items: stretch; padding: 14px; }
label { font-weight: 600; } label span { font-weight: 400; }
input, textarea { width: 100%; border: 1px solid light-dark(#7b8888, #7b8888); border-radius: 8px; padding: 9px 11px; background: light-dark(#fff, #1f2627); color: inherit; }
input { margin-top: 4px; min-height: 44px; }
textarea { resize: none; height: 44px; max-height: 130px; flex: 1; }
form button { min-height: 44px; border: 0; border-radius: 8px; padding: 0 16px; background: var(--c); color: var(--i); font-weight: 650; cursor: pointer; }
.e { color: light-dark(#a3210f, #ffa08f); margin: 0; }
a { color: light-dark(#0b5f8a, #8fd0ff); }
:focus-visible { outline: 3px solid light-dark(#0a6ebd, #7cc4ff); outline-offset: 2px; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }`;

	const el = (tag, props = {}, ...children) => {
		const e = document.createElement(tag);
		for (const [k, v] of Object.entries(props)) k.includes("-") || k === "role" || k === "for" ? e.setAttribute(k, v) : (e[k] = v);
		e.append(...children);
		return e;
	};

	const host = el("parley-chat");
	const root = host.attachShadow({ mode: "open" });
	const colours = (c) => {
		const [r, g, b] = [1, 3, 5].map((i) => (parseInt(c.slice(i, i + 2), 16) / 255) ** 2);
		const lum = 0.2126 * r + 0.7152 * g + 0.0722 * b;
		return `:host { --c: ${c}; --i: ${1.05 / (lum + 0.05) >= (lum + 0.05) / 0.05 ? "#fff" : "#000"}; }`;
	};
	const dress = (c) => {
		try {
			const sheet = new CSSStyleSheet();
			sheet.replaceSync(css + colours(c));
			root.adoptedStyleSheets = [sheet]; // no inline style, so the page's own policy does not matter
		} catch {
			root.querySelector("style")?.remove();
			root.append(el("style", { textContent: css + colours(c) }));
		}
	};

	const W = () => hello?.words ?? { open: "Open the chat", close: "Close the chat" };
	const count = el("span", { className: "n", hidden: true });
	const bubble = el("button", { className: "b", type: "button", "aria-expanded": "false" });
	bubble.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M21 11.5a8.4 8.4 0 0 1-12 7.6L3 21l1.9-6A8.4 8.4 0 1 1 21 11.5z"/></svg>';
	bubble.append(count);
	const title = el("h2", { id: "t" });
	const closer = el("button", { type: "button", textContent: "×" });
	const log = el("div", { className: "l", role: "log", "aria-live": "polite", tabIndex: 0 });
	const status = el("div", { className: "s", role: "status", hidden: true });
	const foot = el("div");
	const dialog = el("section", { className: "d", role: "dialog", "aria-labelledby": "t", hidden: true }, el("header", {}, title, closer), log, status, foot);
	root.append(dialog, bubble);

	const draw = () => {
		const all = [...lines.values()].sort((a, b) => a.n - b.n);
		const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
		const want = [];
		if (hello?.greeting) want.push({ id: "greeting", ours: true, text: hello.greeting });
		want.push(...all);
		for (const q of kept.queue) if (!lines.has(q.id)) want.push({ id: q.id, text: q.text, files: q.files, note: trouble || W().sending });
		const had = new Map([...log.children].map((c) => [c.dataset.id, c]));
		want.forEach((m, i) => {
			let row = had.get(m.id);
			if (!row || (row.dataset.q && !m.note)) {
				row?.remove();
				row = el("div", { className: m.ours ? "m" : "m v", dir: "auto" }, el("span", { className: "sr", textContent: (m.ours ? hello.brand || hello.title : W().you) + ": " }), m.text, ...(m.files ?? []).map(filed));
				row.dataset.id = m.id;
				if (m.files && m.note) row.dataset.q = 1;
			}
			had.delete(m.id);
			const note = row.querySelector("small");
			if (m.note && !note) row.append(el("small", { textContent: m.note }));
			else if (m.note) note.textContent = m.note;
			else note?.remove();
			if (log.children[i] !== row) log.insertBefore(row, log.children[i] ?? null);
		});
		for (const row of had.values()) row.remove();
		if (atEnd) log.scrollTop = log.scrollHeight;
		if (shown) kept.read = last;
		const unread = all.filter((l) => l.ours && l.n > kept.read).length;
		count.hidden = unread === 0;
		count.textContent = unread;
		bubble.setAttribute("aria-label", (shown ? W().close : W().open) + (unread ? ` (${W().new}: ${unread})` : ""));
		keep();
	};

	const size = (n) => (n < 1e6 ? Math.ceil(n / 1e3) + " kB" : (n / (1 << 20)).toFixed(1) + " MB");
	const fill = (text) => text.replace("{n}", hello.files.most).replace("{s}", hello.files.size >> 20);
	const path = (f) => base + "file/" + f.id.split("/").map(encodeURIComponent).join("/");
	const headers = () => ({ Authorization: "Bearer " + kept.token });
	const bytes = async (f) => {
		if (own.has(f.id)) return own.get(f.id);
		const r = await fetch(path(f), { credentials: "omit", headers: headers() });
		if (!r.ok) throw r.status;
		return r.blob();
	};
	// paint draws a picture from its bytes: the page's own policy need not allow pictures of ours.
	const paint = async (f, most) => {
		const m = await createImageBitmap(await bytes(f));
		const k = Math.min(1, most / Math.max(m.width, m.height));
		const c = el("canvas", { width: Math.max(1, m.width * k), height: Math.max(1, m.height * k), role: "img", "aria-label": f.alt || f.name });
		c.getContext("2d").drawImage(m, 0, 0, c.width, c.height);
		return c;
	};
	const save = async (f) => {
		const a = el("a", { href: URL.createObjectURL(await bytes(f)), download: f.name });
		a.click();
		setTimeout(() => URL.revokeObjectURL(a.href), 60000);
	};
	// filed is a file under the words with which it came.
	const filed = (f) => {
		const b = el("button", { className: "f", type: "button" }, f.name + " (" + size(f.size) + ")");
		b.onclick = () => (f.picture ? look(f, b) : save(f)).catch(() => say(W().broken));
		if (f.picture && f.size < 4e6) {
			b.setAttribute("aria-label", W().show + ": " + (f.alt || f.name));
			paint(f, 240).then((c) => {
				const end = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
				b.replaceChildren(c);
				if (end) log.scrollTop = log.scrollHeight;
			}, () => {});
		}
		return b;
	};
	// look shows a picture over the whole chat.
	const look = async (f, from) => {
		const c = await paint(f, 1600);
		const keepIt = el("button", { type: "button", textContent: W().save });
		const shut = el("button", { type: "button", className: "x", textContent: "×", "aria-label": W().close });
		const over = el("div", { className: "o", role: "dialog", "aria-label": f.name }, el("div", {}, el("b", { textContent: f.name }), keepIt, shut), el("figure", {}, c));
		keepIt.onclick = () => save(f).catch(() => say(W().broken));
		shut.onclick = () => (over.remove(), from.focus());
		over.onkeydown = (e) => {
			if (e.key === "Escape") {
				e.stopPropagation();
				shut.onclick();
			}
		};
		dialog.append(over);
		shut.focus();
	};
	// add takes files from the visitor, as far as they may go along.
	const add = (list) => {
		if (!hello?.files || !foot.querySelector(".u")) return;
		for (const file of list) {
			const u = { id: id(), file, name: (file.name || "picture.png").slice(-200), size: file.size, part: 0 };
			if (files.filter((x) => !x.wrong).length >= hello.files.most) u.wrong = fill(W().many);
			else if (file.size > hello.files.size) u.wrong = fill(W().large);
			files.push(u);
			if (!u.wrong) bring(u);
		}
		tray();
	};
	const bring = (u) => {
		u.wrong = "";
		const x = (u.x = new XMLHttpRequest());
		x.open("POST", base + "file?id=" + u.id + "&name=" + encodeURIComponent(u.name));
		x.setRequestHeader("Authorization", "Bearer " + kept.token);
		x.setRequestHeader("Content-Type", "application/octet-stream");
		x.upload.onprogress = (e) => {
			u.part = e.loaded / e.total;
			const p = foot.querySelector(`[data-u="${u.id}"] progress`);
			if (p) p.value = u.part;
		};
		x.onload = x.onerror = () => {
			u.x = null;
			if (x.status === 201) {
				u.done = JSON.parse(x.responseText);
				own.set(u.id, u.file);
			} else if (x.status === 401 && !u.known) {
				u.known = true;
				kept.token = "";
				void greet().then(() => bring(u));
				return;
			} else {
				u.wrong = x.status === 413 ? fill(W().large) : x.status === 415 || x.status === 422 ? W().kind : x.status === 409 ? fill(W().many) : x.status === 429 ? W().slow : W().broken;
				u.more = ![413, 415, 422].includes(x.status);
			}
			tray();
			if (wanted && files.every((f) => f.done)) foot.querySelector("form").requestSubmit();
		};
		x.send(u.file);
	};
	const drop = (u) => {
		u.x?.abort();
		if (u.done) void fetch(path(u), { method: "DELETE", credentials: "omit", headers: headers() }).catch(() => {});
		files = files.filter((f) => f !== u);
		tray();
		(foot.querySelector(".u button") ?? foot.querySelector("textarea"))?.focus();
	};
	// tray shows what goes along, and how far it has come.
	const tray = () => {
		const list = foot.querySelector(".u");
		if (!list) return;
		list.hidden = !files.length;
		list.replaceChildren(
			...files.map((u) => {
				const out = el("button", { type: "button", className: "x", textContent: "×", "aria-label": W().remove + ": " + u.name });
				out.onclick = () => drop(u);
				const row = el("li", {}, el("b", { textContent: u.name, title: u.name }), el("small", { className: u.wrong ? "e" : "", role: u.wrong ? "alert" : "note", textContent: u.wrong || size(u.size) }));
				row.dataset.u = u.id;
				if (u.more && u.wrong) {
					const more = el("button", { type: "button", textContent: W().again });
					more.onclick = () => (bring(u), tray());
					row.append(more);
				}
				row.append(out);
				if (!u.done && !u.wrong) row.append(el("progress", { value: u.part, max: 1, "aria-label": u.name }));
				return row;
			}),
		);
	};
	dialog.ondragover = (e) => {
		if (!hello?.files || ![...e.dataTransfer.types].includes("Files")) return;
		e.preventDefault();
		dialog.classList.add("g");
	};
	dialog.ondragleave = () => dialog.classList.remove("g");
	dialog.ondrop = (e) => {
		dialog.classList.remove("g");
		if (!hello?.files || !e.dataTransfer.files.length) return;
		e.preventDefault();
		add(e.dataTransfer.files);
	};
	const say = (text) => {
		status.hidden = !text;
		status.textContent = text;
	};
	const calm = () => say(hello && !hello.open ? hello.offline : "");

	const ask = async (path, body) =>
		fetch(base + path, {
			method: "POST",
			credentials: "omit",
			headers: { "Content-Type": "application/json", ...(kept.token ? { Authorization: "Bearer " + kept.token } : {}) },
			body: JSON.stringify(body ?? {}),
		});

	let greeting = null;
	const greet = () =>
		(greeting ??= (async () => {
			for (let wait = 1000; ; wait = Math.min(wait * 2, 30000)) {
				try {
					const r = await ask("hello");
					if (r.ok) {
						hello = await r.json();
						kept.token = hello.token;
						keep();
						for (const l of hello.lines) take(l);
						dress(hello.colour);
						host.lang = hello.lang;
						title.textContent = hello.title;
						closer.setAttribute("aria-label", W().close);
						log.setAttribute("aria-label", hello.title);
						for (const f of hello.waiting ?? []) if (!files.some((u) => u.id === f.id) && !kept.queue.some((q) => q.files?.some((x) => x.id === f.id))) files.push({ ...f, done: f });
						calm();
						form();
						draw();
						return;
					}
					if (r.status === 403) return; // this site may not use it
				} catch {}
				say(hello ? W().lost : "…");
				await new Promise((done) => setTimeout(done, wait));
			}
		})().finally(() => {
			greeting = null;
		}));

	const take = (l) => {
		lines.set(l.id, l);
		if (l.n > last) last = l.n;
		kept.queue = kept.queue.filter((q) => q.id !== l.id);
	};

	// flush sends what is not sent yet, in order. The same id again is the same message, so trying again is safe.
	const flush = async () => {
		if (flushing || !hello) return;
		flushing = true;
		let wait = 1000;
		while (kept.queue.length > 0) {
			const q = kept.queue[0];
			try {
				const r = await ask("say", { id: q.id, text: q.text, files: q.files?.map((f) => f.id), name: kept.name, email: kept.email, page: location.href.slice(0, 2000) });
				if (r.ok) {
					take(await r.json());
					trouble = "";
					wait = 1000;
					calm();
					draw();
					continue;
				}
				if (r.status === 401) {
					kept.token = "";
					await greet();
				} else if (r.status === 410) {
					kept.queue.shift(); // a file of it was not kept that long
					const text = foot.querySelector("textarea");
					if (text && !text.value) text.value = q.text;
					say(W().gone);
					draw();
					continue;
				} else if (r.status === 422) {
					kept.queue.shift(); // it can never be sent
					kept.known = false;
					form();
					draw();
					continue;
				}
				trouble = r.status === 429 ? W().slow : W().failed;
				if (r.headers.get("Retry-After")) wait = Number(r.headers.get("Retry-After")) * 1000;
			} catch {
				trouble = W().failed;
			}
			draw();
			await new Promise((done) => setTimeout(done, wait));
			wait = Math.min(wait * 2, 30000);
		}
		flushing = false;
	};

	// listen reads what is new as it comes, and comes back after a break where it stopped.
	const listen = async () => {
		if (streaming) return;
		streaming = true;
		for (let wait = 1000; ; wait = Math.min(wait * 2, 30000)) {
			try {
				const r = await fetch(base + "live?after=" + last, { credentials: "omit", headers: { Authorization: "Bearer " + kept.token } });
				if (r.status === 401) {
					kept.token = "";
					await greet();
					continue;
				}
				if (r.ok) {
					calm();
					wait = 500;
					const reader = r.body.pipeThrough(new TextDecoderStream()).getReader();
					let text = "";
					for (;;) {
						const { value, done } = await reader.read();
						if (done) break;
						text += value;
						for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) {
							const data = text.slice(0, end).match(/^data: (.*)$/m);
							if (data) {
								take(JSON.parse(data[1]));
								draw();
							}
						}
					}
				}
			} catch {
				if (shown) say(W().lost);
			}
			await new Promise((done) => setTimeout(done, wait));
		}
	};

	const id = () => ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

	// form is what stands below: who they are, or what they want to say.
	const form = () => {
		const focus = shown && (!root.activeElement || foot.contains(root.activeElement));
		const first = hello.ask !== "no" && !kept.known && lines.size === 0;
		foot.replaceChildren(first ? who() : message());
		if (focus) foot.querySelector("input, textarea")?.focus();
	};

	const who = () => {
		const must = hello.ask === "must";
		const field = (key, label, type, fill) => {
			const input = el("input", { id: key, type, name: key, autocomplete: fill, maxLength: 200, required: must, value: kept[key] });
			return [el("label", { for: key }, label, " ", el("span", { textContent: must ? "" : W().optional })), input];
		};
		const wrong = el("p", { className: "e", role: "alert", hidden: true });
		const [nl, name] = field("name", W().name, "text", "name");
		const [el2, email] = field("email", W().email, "email", "email");
		const f = el("form", { className: "w", noValidate: true }, el("div", {}, nl, name), el("div", {}, el2, email), wrong, el("button", { textContent: W().begin }));
		if (hello.privacy) f.append(el("a", { href: hello.privacy, target: "_blank", rel: "noopener noreferrer", textContent: W().privacy }));
		f.onsubmit = (e) => {
			e.preventDefault();
			if ((must && (!name.value.trim() || !email.value.trim())) || !email.checkValidity()) {
				wrong.textContent = W().needed;
				wrong.hidden = false;
				(must && !name.value.trim() ? name : email).focus();
				return;
			}
			kept.name = name.value.trim();
			kept.email = email.value.trim();
			kept.known = true;
			keep();
			foot.replaceChildren(message());
			foot.querySelector("textarea").focus();
		};
		return f;
	};

	const message = () => {
		const text = el("textarea", { id: "m", maxLength: 4000, dir: "auto", rows: 1, placeholder: W().message, "aria-label": W().message });
		const f = el("form", {}, text, el("button", { textContent: W().send }));
		const all = el("div", {}, el("ul", { className: "u", hidden: true }), f);
		if (hello.files) {
			const pick = el("input", { type: "file", multiple: true, className: "sr", "aria-describedby": "h", accept: "image/*,audio/*,video/*,.pdf,.txt,.csv,.docx,.xlsx,.pptx,.odt,.ods" });
			pick.onchange = () => {
				add(pick.files);
				pick.value = "";
			};
			const clip = el("label", { className: "a", title: W().add });
			clip.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="m21 11-8.6 8.6a5.5 5.5 0 0 1-7.8-7.8l8.9-8.9a3.7 3.7 0 0 1 5.2 5.2l-8.9 8.9a1.8 1.8 0 0 1-2.6-2.6l8.2-8.1"/></svg>';
			clip.append(el("span", { className: "sr", textContent: W().add }), pick);
			f.prepend(clip);
			all.append(el("div", { id: "h", className: "h", textContent: fill(W().limit) }));
			text.onpaste = (e) => {
				if (!e.clipboardData.files.length) return;
				e.preventDefault();
				add(e.clipboardData.files);
			};
			setTimeout(tray);
		}
		text.onkeydown = (e) => {
			if (e.key === "Enter" && !e.shiftKey && !e.isComposing) {
				e.preventDefault();
				f.requestSubmit();
			}
		};
		f.onsubmit = (e) => {
			e.preventDefault();
			const words = text.value.trim();
			if ((wanted = files.some((u) => !u.done && !u.wrong))) return say(W().coming);
			const with_ = files.filter((u) => u.done).map((u) => u.done);
			if (!words && !with_.length) return;
			kept.queue.push({ id: id(), text: words, ...(with_.length ? { files: with_ } : {}) });
			files = files.filter((u) => u.wrong);
			text.value = "";
			calm();
			tray();
			draw();
			log.scrollTop = log.scrollHeight;
			text.focus();
			void flush();
		};
		return all;
	};
	const begin = async () => {
		await greet();
		if (!hello) return;
		void flush();
		void listen();
	};

	const show = async (on) => {
		shown = on;
		dialog.hidden = !on;
		bubble.setAttribute("aria-expanded", String(on));
		if (on && !hello) await begin();
		draw();
		if (on) (foot.querySelector("input, textarea") ?? closer).focus();
		else bubble.focus();
		log.scrollTop = log.scrollHeight;
	};
	bubble.onclick = () => void show(!shown);
	closer.onclick = () => void show(false);
	dialog.onkeydown = (e) => {
		if (e.key === "Escape") {
			e.stopPropagation();
			void show(false);
		}
	};

	dress("#0b6571");
	draw();
	const put = () => {
		document.body.append(host);
		if (script.hasAttribute("data-open")) void show(true);
		else if (kept.token) void begin(); // who has talked before hears of answers
	};
	document.body ? put() : addEventListener("DOMContentLoaded", put);
})();
