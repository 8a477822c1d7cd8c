import { t } from "@lingui/core/macro";

export const kinds = [
  "network",
  "media",
  "microblog",
  "wiki",
  "blog",
  "review",
  "bookmark",
  "forum",
  "owned",
] as const;
export const statuses = ["claimed", "unclaimed", "orphaned", "impostor", "closed"] as const;

export function kindName(k: string): string {
  switch (k) {
    case "network":
      return t`Social networks`;
    case "media":
      return t`Media sharing`;
    case "microblog":
      return t`Microblogs`;
    case "wiki":
      return t`Wikis`;
    case "blog":
      return t`Blogs`;
    case "review":
      return t`Review sites`;
    case "bookmark":
      return t`Bookmarking`;
    case "forum":
      return t`Forums`;
    default:
      return t`Our own pages`;
  }
}

export function statusName(s: string): string {
  switch (s) {
    case "claimed":
      return t`claimed`;
    case "unclaimed":
      return t`unclaimed`;
    case "orphaned":
      return t`orphaned`;
    case "impostor":
      return t`impostor`;
    case "ownerless":
      return t`without an owner`;
    default:
      return t`closed`;
  }
}

export function howName(how: string): string {
  switch (how) {
    case "link":
      return t`linked from the home page`;
    case "rel-me":
      return t`the home page says “this is me”`;
    case "feed":
      return t`a feed of the home page`;
    case "webfinger":
      return t`WebFinger knows the account`;
    case "atproto":
      return t`the domain says so to Bluesky`;
    case "dns":
      return t`the domain’s DNS says so to Bluesky`;
    case "back":
      return t`it links back to us`;
    default:
      return t`a page stands at the usual address`;
  }
}

export const answerName = (a: string) => (a === "yes" ? t`yes` : a === "no" ? t`no` : t`unknown`);
