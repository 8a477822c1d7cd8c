import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Archive, Globe, House, PencilLine } from "lucide-react";
import { Chip } from "../../../kit";
import { language } from "../../../lib/format";
import type { Article, State } from "./data";

export function stateName(s: State | string): string {
  switch (s) {
    case "draft":
      return t`Draft`;
    case "published":
      return t`Published`;
    default:
      return t`Archived`;
  }
}

// Standing says where an article stands and who may read it, in one or two chips.
export function Standing({ of: a }: { of: Pick<Article, "state" | "visibility"> }) {
  if (a.state === "draft")
    return (
      <Chip tone="outline" icon={<PencilLine aria-hidden />}>
        {stateName("draft")}
      </Chip>
    );
  if (a.state === "archived")
    return (
      <Chip tone="outline" icon={<Archive aria-hidden />}>
        {stateName("archived")}
      </Chip>
    );
  return a.visibility === "public" ? (
    <Chip tone="good" icon={<Globe aria-hidden />}>
      <Trans>Public</Trans>
    </Chip>
  ) : (
    <Chip tone="note" icon={<House aria-hidden />}>
      <Trans>Inside only</Trans>
    </Chip>
  );
}

// tongues are languages to choose from: those in use first.
export function tongues(used: readonly string[] = []): { value: string; label: string }[] {
  const usual = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "nl",
    "pt",
    "pt-BR",
    "pl",
    "sv",
    "da",
    "nb",
    "fi",
    "tr",
    "ar",
    "he",
    "hi",
    "ja",
    "ko",
    "zh",
  ];
  return [...new Set([...used, ...usual])].map((l) => ({ value: l, label: language(l) }));
}
