import { i18n } from "@lingui/core";

// The languages we have words for. German and Arabic follow: add a line here and a folder of catalogues.
const languages: Record<string, { dir: "ltr" | "rtl" }> = {
  en: { dir: "ltr" },
};

const catalogues = import.meta.glob<{ messages: Record<string, never> }>("../locales/*/*.po");

const load = (tag: string, name: string) => catalogues[`../locales/${tag}/${name}.po`]?.();

// speak loads the words of the best language we have for this browser and turns the page its way.
export async function speak(wanted: readonly string[] = navigator.languages): Promise<void> {
  const tag = wanted.map((w) => w.split("-")[0] ?? "").find((w) => w in languages) ?? "en";
  const language = languages[tag] as (typeof languages)[string];
  i18n.loadAndActivate({ locale: tag, messages: (await load(tag, "messages"))?.messages ?? {} });
  document.documentElement.lang = tag;
  document.documentElement.dir = language.dir;
}

// words loads what a room says, into what is spoken already.
export async function words(room: string): Promise<void> {
  const tag = i18n.locale;
  const more = await load(tag, room);
  if (more) i18n.load(tag, more.messages);
}

// region is the locale for dates and numbers: our words, as the reader's own country writes
// them. Whoever reads German and gets English still has 24 hours and a comma.
export function region(wanted: readonly string[] = navigator.languages): string {
  const ours = i18n.locale || "en";
  const first = wanted[0] ?? ours;
  if (first.split("-")[0] === ours) return first;
  try {
    const { region: country } = new Intl.Locale(first).maximize();
    return country ? `${ours}-${country}` : ours;
  } catch {
    return ours; // a browser may call its language anything
  }
}
