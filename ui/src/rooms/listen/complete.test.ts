import { expect, test } from "vitest";
import { completed, pieceAt, placeAsked, type Sources, suggest } from "./complete";

const of: Sources = {
  channels: [
    { kind: "bluesky", name: "Bluesky" },
    { kind: "wordpress", name: "Our blog" },
    { kind: "mastodon", name: "Mastodon" },
    { kind: "mastodon", name: "Mastodon-DE" },
  ],
  handles: ["maria", "marian@social.example", "tom"],
  places: {
    asked: "col",
    found: [
      { name: "Brewell Köln", detail: "Ehrenstraße 4, Köln", branch: true },
      { name: "Cologne", detail: "Germany", branch: false },
      { name: "Columbus, Ohio", detail: "United States", branch: false },
      { name: "Cologne", detail: "Germany", branch: false },
    ],
  },
  language: (t) =>
    ({ de: "German", da: "Danish", pt: "Portuguese", "pt-BR": "Brazilian Portuguese" })[t] ?? t,
  notes: { AND: "both" },
};
const labels = (text: string, caret = text.length) => suggest(text, caret, of).map((s) => s.label);

test("operators are offered where something stands before them", () => {
  expect(labels("kettle an")).toEqual(["AND"]);
  expect(labels("kettle NO")).toEqual(["NOT"]);
  expect(labels("kettle ne")).toEqual(["NEAR/5"]);
  expect(labels("an")).toEqual([]);
  expect(labels("kettle AND")).toEqual([]);
  expect(labels("kettle a")).toEqual([]);
});

test("fields, and then their values", () => {
  expect(labels("kettle la")).toEqual(["lang:"]);
  expect(labels("kettle (chan")).toEqual(["channel:"]);
  expect(labels("lang:pt")).toEqual(["pt-BR"]);
  expect(labels("lang:ger")).toEqual(["de"]);
  expect(labels("channel:ma")).toEqual(["mastodon", "Mastodon-DE"]);
  expect(labels('channel:"our')).toEqual(["Our blog"]);
  expect(labels("kettle from:mari")).toEqual(["maria", "marian@social.example"]);
  expect(labels("from:maria")).toEqual(["marian@social.example"]);
  expect(labels("colour:re")).toEqual([]);
  expect(labels("tea place:COL")).toEqual(["Brewell Köln", "Cologne", "Columbus, Ohio"]);
  expect(labels('place:"colog')).toEqual(["Cologne"]); // the answer to "col" still stands there
  expect(labels("place:kol")).toEqual(["Brewell Köln"]);
});

test("nothing is offered inside a phrase, inside a word, or where nothing is written", () => {
  expect(labels('"hot la')).toEqual([]);
  expect(labels("kettle lang", 9)).toEqual([]);
  expect(labels("kettle ")).toEqual([]);
  expect(labels("")).toEqual([]);
});

test("what is chosen takes the place of the piece", () => {
  const choose = (text: string, caret = text.length) => {
    const [s] = suggest(text, caret, of);
    return s ? completed(text, caret, s) : undefined;
  };
  expect(choose("kettle an")).toEqual({ text: "kettle AND ", caret: 11 });
  expect(choose("kettle la")).toEqual({ text: "kettle lang:", caret: 12 });
  expect(choose('channel:"our')).toEqual({ text: 'channel:"Our blog" ', caret: 19 });
  expect(choose("(channel:blu OR tea)", 12)).toEqual({ text: "(channel:bluesky OR tea)", caret: 16 });
  expect(choose('tea place:"colu')).toEqual({ text: 'tea place:"Columbus, Ohio" ', caret: 27 });
  expect(choose("place:colo")).toEqual({ text: "place:Cologne ", caret: 14 });
  expect(choose("🫖 lang:ger")).toEqual({ text: "🫖 lang:de ", caret: 11 });
});

test("the piece at the caret", () => {
  expect(pieceAt("a (bc", 5)).toMatchObject({ from: 3, to: 5, text: "bc" });
  expect(pieceAt('x channel:"our sh', 17)).toMatchObject({ from: 2, text: 'channel:"our sh', quoted: false });
});

test("a place is asked for once something of it is written", () => {
  expect(placeAsked("tea place:new", 13)).toBe("new");
  expect(placeAsked('tea place:"new yo', 17)).toBe("new yo");
  expect(placeAsked("tea place:", 10)).toBe("");
  expect(placeAsked('tea place:"Lisbon" ', 19)).toBe("");
  expect(placeAsked("lang:en", 7)).toBe("");
  expect(placeAsked("place:new", undefined)).toBe("");
});
