import { t } from "@lingui/core/macro";
import { language } from "./format";
import { intentName } from "./intent";

// What facets count, said in this language.

export function topicName(label: string): string {
  const names: Record<string, string> = {
    delivery: t`delivery`,
    price: t`price`,
    billing: t`billing`,
    quality: t`quality`,
    safety: t`safety`,
    support: t`support`,
    digital: t`app and website`,
    availability: t`availability`,
    staff: t`staff`,
    place: t`shop and place`,
    returns: t`returns`,
    environment: t`environment`,
    privacy: t`privacy`,
    features: t`features`,
    outage: t`outage`,
    taste: t`taste`,
  };
  return names[label] ?? label.replaceAll("_", " ");
}

export function emotionName(label: string): string {
  const names: Record<string, string> = {
    anger: t`anger`,
    joy: t`joy`,
    optimism: t`optimism`,
    sadness: t`sadness`,
  };
  return names[label] ?? label;
}

// entityName is a thing without its kind.
export function entityName(v: string): string {
  return v.slice(v.indexOf(":") + 1);
}

export function entityKind(v: string): string {
  const names: Record<string, string> = {
    brand: t`brand`,
    product: t`product`,
    person: t`person`,
    place: t`place`,
    hashtag: t`hashtag`,
  };
  const kind = v.slice(0, Math.max(0, v.indexOf(":")));
  return names[kind] ?? kind;
}

export function reachName(v: string): string {
  switch (v) {
    case "0":
      return t`under 100 followers`;
    case "100":
      return t`100 to 1,000`;
    case "1000":
      return t`1,000 to 10,000`;
    case "10000":
      return t`10,000 to 100,000`;
    default:
      return t`100,000 and more`;
  }
}

// valueName says a value of a facet.
export function valueName(facet: string, value: string, name?: string): string {
  if (name) return name;
  switch (facet) {
    case "topic":
      return topicName(value);
    case "intent":
      return intentName(value);
    case "emotion":
      return emotionName(value);
    case "entity":
      return entityName(value);
    case "lang":
      return language(value);
    case "reach":
      return reachName(value);
    case "toxicity":
      return value === "offensive" ? t`offensive` : t`not offensive`;
    case "sentiment":
      return value === "negative"
        ? t`Negative`
        : value === "positive"
          ? t`Positive`
          : value === "neutral"
            ? t`Neutral`
            : t`not read`;
    default:
      return value;
  }
}
