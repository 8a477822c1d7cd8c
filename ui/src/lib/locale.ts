import { i18n } from "@lingui/core";

// The languages we have words for. German and Arabic follow: add a line here and a catalogue.
const languages: Record<
  string,
  { dir: "ltr" | "rtl"; load: () => Promise<{ messages: Record<string, never> }> }
> = {
  en: { dir: "ltr", load: () => import("../locales/en/messages.po") },
};

// speak loads the words of the best language we have for this browser and turns the page its way.
export async function speak(wanted: readonly string[] = navigator.languages): Promise<void> {
  const tag = wanted.map((w) => w.split("-")[0] ?? "").find((w) => w in languages) ?? "en";
  const language = languages[tag] as (typeof languages)[string];
  const { messages } = await language.load();
  i18n.loadAndActivate({ locale: tag, messages });
  document.documentElement.lang = tag;
  document.documentElement.dir = language.dir;
}

// region is the locale for dates and numbers: the browser's own, if it speaks our language.
export function region(): string {
  const own = navigator.languages.find((l) => l.split("-")[0] === (i18n.locale || "en"));
  return own ?? (i18n.locale || "en");
}
