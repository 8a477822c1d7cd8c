// What may come next in a query, by what stands before the caret.

export interface Suggestion {
  put: string; // what takes the place of the piece before the caret
  label: string;
  note?: string;
}

export interface Sources {
  channels: readonly { kind: string; name: string }[];
  handles: readonly string[];
  // Places as the server found them for the words in "asked"; it knows other spellings.
  places: { asked: string; found: readonly { name: string; detail: string; branch: boolean }[] };
  language: (tag: string) => string; // a tag in words
  notes: Readonly<Record<string, string>>; // what an operator or field does
}

export interface Piece {
  from: number; // in UTF-16 units, as the caret is
  to: number;
  text: string;
  quoted: boolean; // inside quotes that are not a field's
}

const most = 7;
const operators = ["AND", "OR", "NOT", "NEAR/5"];
const fields = ["lang:", "from:", "channel:", "place:"];
const tags =
  "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nl no pl pt pt-BR ro ru sk sl sr sv th tr uk und ur vi zh".split(
    " ",
  );

const open = /[“”„«»"]/g;

// pieceAt is what is being written at the caret.
export function pieceAt(text: string, caret: number): Piece {
  const before = text.slice(0, caret);
  const field = /(?:^|[\s(])((?:lang|from|channel|place):"?[^"()]*)$/i.exec(before);
  if (field?.[1] && (field[1].includes('"') || !/\s/.test(field[1])))
    return { from: caret - field[1].length, to: caret, text: field[1], quoted: false };
  const word = /[^\s()“”„«»"]*$/.exec(before)?.[0] ?? "";
  const quoted = (before.match(open)?.length ?? 0) % 2 === 1;
  return { from: caret - word.length, to: caret, text: word, quoted };
}

// suggest lists what the piece may become; nothing when it is whole already.
export function suggest(text: string, caret: number, of: Sources): Suggestion[] {
  const piece = pieceAt(text, caret);
  const after = text.slice(caret);
  if (piece.text === "" || piece.quoted || /^[^\s()]/.test(after)) return [];
  const [name, ...rest] = piece.text.split(":");
  if (rest.length > 0 && name) {
    const value = rest.join(":").replace(/^"/, "").toLowerCase();
    return values(name.toLowerCase(), value, of)
      .filter((s) => s.put !== piece.text)
      .slice(0, most);
  }
  const low = piece.text.toLowerCase();
  const out: Suggestion[] = [];
  // A word in small letters is a word, unless something stands before it.
  const first = text.slice(0, piece.from).trim() === "";
  for (const o of operators) {
    const bare = o.replace(/\/\d+$/, "");
    if (
      o !== piece.text &&
      bare.startsWith(piece.text.toUpperCase()) &&
      (!first || o === "NOT") &&
      low.length > 1
    )
      out.push({ put: `${o} `, label: o, ...note(of, bare) });
  }
  for (const f of fields)
    if (f.startsWith(low) && low.length > 1) out.push({ put: f, label: f, ...note(of, f) });
  return out.slice(0, most);
}

function note(of: Sources, key: string): { note?: string } {
  return of.notes[key] ? { note: of.notes[key] } : {};
}

function values(name: string, value: string, of: Sources): Suggestion[] {
  const begins = (s: string) => s.toLowerCase().startsWith(value);
  switch (name) {
    case "lang":
      return tags
        .map((t) => ({ put: `lang:${t}`, label: t, note: of.language(t) }))
        .filter((s) => begins(s.label) || (value.length > 1 && begins(s.note)));
    case "channel": {
      const kinds = [...new Set(of.channels.map((c) => c.kind))].filter(begins);
      const names = of.channels.filter((c) => begins(c.name) && c.name.toLowerCase() !== c.kind);
      return [
        ...kinds.map((k) => ({ put: `channel:${k}`, label: k, ...note(of, "kind") })),
        ...names.map((c) => ({
          put: /^[\w.-]+$/.test(c.name) ? `channel:${c.name}` : `channel:"${c.name.replaceAll('"', "")}"`,
          label: c.name,
          note: c.kind,
        })),
      ];
    }
    case "place":
      return placesOf(value, of);
    case "from":
      return of.handles
        .filter((h) => begins(h) || begins(h.replace(/^@/, "")))
        .map((h) => ({ put: `from:${h.replace(/^@/, "")}`, label: h }));
  }
  return [];
}

// bare is a text without marks above its letters, small.
const bare = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// placesOf are the places that were found. While an older answer stands there, what
// has nothing of the words is left out.
function placesOf(value: string, of: Sources): Suggestion[] {
  const { asked, found } = of.places;
  const fits = bare(asked) === bare(value) ? found : found.filter((p) => bare(p.name).includes(bare(value)));
  const branches = fits.filter((p) => p.branch);
  const rest = fits.filter((p) => !p.branch);
  const all = [...branches.slice(0, Math.max(4, most - rest.length)), ...rest].map((p) => ({
    put: /^[\p{L}\d.-]+$/u.test(p.name) ? `place:${p.name}` : `place:"${p.name.replaceAll('"', "")}"`,
    label: p.name,
    ...(p.detail ? { note: p.detail } : {}),
  }));
  return all.filter((s, i) => all.findIndex((x) => x.put === s.put) === i);
}

// placeAsked is the beginning of a place at the caret, if one is written there.
export function placeAsked(text: string, caret: number | undefined): string {
  if (caret === undefined) return "";
  return /^place:"?(.*)$/is.exec(pieceAt(text, caret).text)?.[1]?.trim() ?? "";
}

// completed is the text with a suggestion in the place of the piece, and where
// the caret stands then.
export function completed(text: string, caret: number, s: Suggestion): { text: string; caret: number } {
  const { from } = pieceAt(text, caret);
  const end = s.put.endsWith(":") || s.put.endsWith(" ") || text.slice(caret).startsWith(" ") ? "" : " ";
  const put = s.put + end;
  return { text: text.slice(0, from) + put + text.slice(caret), caret: from + put.length };
}
