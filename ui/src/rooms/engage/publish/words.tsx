import { plural, t } from "@lingui/core/macro";
import {
  CalendarClock,
  Check,
  CircleAlert,
  CircleHelp,
  Hand,
  LoaderCircle,
  PencilLine,
  Scale,
  ThumbsUp,
} from "lucide-react";
import { Chip, type Tone } from "../../../kit";
import type { State } from "./search";

export function stateName(s: State): string {
  switch (s) {
    case "draft":
      return t`Draft`;
    case "in_review":
      return t`In review`;
    case "approved":
      return t`Approved`;
    case "scheduled":
      return t`Scheduled`;
    case "publishing":
      return t`Publishing`;
    case "unknown":
      return t`Unknown`;
    case "published":
      return t`Published`;
    case "failed":
      return t`Failed`;
    case "held":
      return t`Held`;
  }
}

const tones: Record<State, Tone> = {
  draft: "outline",
  in_review: "voice",
  approved: "good",
  scheduled: "plain",
  publishing: "plain",
  unknown: "wait",
  published: "good",
  failed: "alarm",
  held: "wait",
};

const signs = {
  draft: PencilLine,
  in_review: Scale,
  approved: ThumbsUp,
  scheduled: CalendarClock,
  publishing: LoaderCircle,
  unknown: CircleHelp,
  published: Check,
  failed: CircleAlert,
  held: Hand,
} as const;

export function StateSign({ of }: { of: State }) {
  const Sign = signs[of];
  return <Sign className="i s flex-none" aria-hidden />;
}

// StateChip is where a post stands: a sign and a word.
export function StateChip({ of, asks }: { of: State; asks?: boolean }) {
  return (
    <Chip tone={tones[of]} icon={<StateSign of={of} />}>
      {asks ? t`Needs check` : stateName(of)}
    </Chip>
  );
}

export function remarkName(act: string, who: string): string {
  switch (act) {
    case "submit":
      return t`${who} asked for a review`;
    case "approve":
      return t`${who} approved it`;
    case "request_changes":
      return t`${who} asked for changes`;
    case "reject":
      return t`${who} rejected it`;
    case "withdraw":
      return t`${who} made it a draft again`;
    default:
      return t`${who} said`;
  }
}

export function room(r: { left: number; max: number; unit: string }): string {
  const left = r.left;
  if (left < 0) return plural(-left, { one: "# too many", other: "# too many" });
  return r.max > 100_000 ? "" : plural(left, { one: "# left", other: "# left" });
}

export function dayName(day: number): string {
  return [t`Sunday`, t`Monday`, t`Tuesday`, t`Wednesday`, t`Thursday`, t`Friday`, t`Saturday`][day] ?? "";
}

export type Audience = "public" | "unlisted" | "followers";

// audienceName is who sees a post.
export function audienceName(a: Audience): string {
  switch (a) {
    case "public":
      return t`Everybody sees it`;
    case "unlisted":
      return t`Everybody, outside of lists`;
    case "followers":
      return t`Followers only`;
  }
}
