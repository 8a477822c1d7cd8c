import { t } from "@lingui/core/macro";
import type { Tone } from "../../kit";
import { language } from "../../lib/format";

export function roleName(r: string): string {
  switch (r) {
    case "admin":
      return t`Administrator`;
    case "manager":
      return t`Manager`;
    case "responder":
      return t`Responder`;
    case "viewer":
      return t`Viewer`;
    case "":
      return t`Only in programmes`;
    default:
      return r;
  }
}

export function roleHelp(r: string): string {
  switch (r) {
    case "admin":
      return t`Everything, system and members too`;
    case "manager":
      return t`Everything but system and members`;
    case "responder":
      return t`Reads all, works the inbox, answers`;
    case "viewer":
      return t`Reads all, changes nothing`;
    default:
      return t`Sees only programmes with a role there`;
  }
}

export function healthTone(state: string): Tone {
  return state === "ok"
    ? "good"
    : state === "trouble"
      ? "alarm"
      : state === "waiting" || state === "soon"
        ? "wait"
        : "outline";
}

export function healthWord(state: string): string {
  switch (state) {
    case "ok":
      return t`listening`;
    case "waiting":
      return t`waiting`;
    case "soon":
      return t`ends soon`;
    case "trouble":
      return t`needs you`;
    case "off":
      return t`paused`;
    default:
      return state;
  }
}

// able says what a channel can do, in words; what needs no word is left out.
export function able(abilities: readonly string[] | null): string[] {
  const words: Record<string, string> = { listen: t`hears`, reply: t`answers`, publish: t`publishes` };
  return (abilities ?? []).flatMap((a) => words[a] ?? []);
}

// siteGroups are the kinds of site in the order in which they are shown: the seven of the open web, then the
// ways that lead to us alone, then practice.
export const siteGroups = [
  "network",
  "media",
  "microblog",
  "wiki",
  "blog",
  "review",
  "bookmark",
  "direct",
  "practice",
] as const;

export type SiteGroup = (typeof siteGroups)[number];

const sites: Record<string, SiteGroup> = { social: "network", bookmarks: "bookmark", reviews: "review" };

// siteOf is the group in which a network stands; whatever is new stands with the direct ones.
export function siteOf(site: string): SiteGroup {
  return siteGroups.find((g) => g === site) ?? sites[site] ?? "direct";
}

export function siteName(group: SiteGroup): string {
  const names: Record<SiteGroup, string> = {
    network: t`Social networks`,
    media: t`Photos and videos`,
    microblog: t`Microblogs`,
    wiki: t`Wikis`,
    blog: t`Blogs and news`,
    review: t`Review sites`,
    bookmark: t`Bookmarks`,
    direct: t`Straight to you`,
    practice: t`To practise`,
  };
  return names[group];
}

// size says bytes as people do.
export function size(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let v = bytes;
  let i = 0;
  while (v >= 1000 && i < units.length - 1) {
    v /= 1000;
    i++;
  }
  return `${v >= 100 || i === 0 ? Math.round(v) : v.toFixed(1)} ${units[i]}`;
}

// lines are the entries of a field with one per line, without what is empty.
export function lines(text: string): string[] {
  return [
    ...new Set(
      text
        .split("\n")
        .map((l) => l.trim())
        .filter(Boolean),
    ),
  ];
}

// agent says which browser a session is, as far as it tells.
export function agent(ua: string): string {
  const browser = /Edg\//.test(ua)
    ? "Edge"
    : /Firefox\//.test(ua)
      ? "Firefox"
      : /Chrom(e|ium)\//.test(ua)
        ? "Chrome"
        : /Safari\//.test(ua)
          ? "Safari"
          : ua.split(/[ /]/)[0] || t`unknown`;
  const system = /Android/.test(ua)
    ? "Android"
    : /iPhone|iPad/.test(ua)
      ? "iOS"
      : /Windows/.test(ua)
        ? "Windows"
        : /Mac OS/.test(ua)
          ? "macOS"
          : /Linux/.test(ua)
            ? "Linux"
            : "";
  return system ? t`${browser} on ${system}` : browser;
}

const guides: Record<string, string> = {
  feed: "feeds",
  facebook: "meta",
  messenger: "meta",
  instagram: "meta",
  whatsapp: "meta",
  google: "google-reviews",
  kannel: "sms",
  twilio: "sms",
  archive: "history",
};

// guideOf is where the guide of a kind of network is read; practice needs none.
export function guideOf(kind: string): string | undefined {
  if (kind === "practice") return undefined;
  return `https://github.com/parley-crm/parley/blob/main/docs/guides/${guides[kind] ?? kind}.md`;
}

// choiceName says a choice of a network's form as people do.
export function choiceName(field: string, choice: string): string {
  if (field === "lang") return language(choice);
  switch (choice) {
    case "yes":
      return t`Yes`;
    case "no":
      return t`No`;
    case "may":
      return t`Yes, may stay empty`;
    case "must":
      return t`Yes, must be filled`;
    case "tls":
    case "starttls":
      return choice.toUpperCase();
    default:
      return choice.charAt(0).toLocaleUpperCase() + choice.slice(1);
  }
}
