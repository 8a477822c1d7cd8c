import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Archive, ArrowLeft, BookOpen, CalendarClock, Folder, PencilLine } from "lucide-react";
import { Shelf, ShelfHead, ShelfLink } from "../../../kit";
import { useCommands } from "../../../lib/commands";
import { useCategories, useKnowCounts } from "./data";
import type { KnowSearch } from "./search";

export const shelfName = () => t`Knowledge`;

// KnowShelf is what is known, by state and subject.
export function KnowShelf({ here }: { here?: KnowSearch }) {
  const counts = useKnowCounts().data;
  const categories = useCategories().data ?? [];
  const go = useNavigate();
  useCommands(t`Knowledge`, [
    { id: "articles", label: t`Articles`, run: () => void go({ to: "/engage/know" }) },
    { id: "inbox", label: t`Inbox`, run: () => void go({ to: "/engage" }) },
  ]);
  const at = (s: KnowSearch) =>
    here !== undefined && here.state === s.state && here.category === s.category && here.due === s.due;
  return (
    <Shelf
      title={<Trans>Knowledge</Trans>}
      foot={
        <ShelfLink
          to="/engage"
          activeOptions={{ exact: true, includeSearch: false }}
          icon={<ArrowLeft className="i rtl:-scale-x-100" aria-hidden />}
        >
          <Trans>Inbox</Trans>
        </ShelfLink>
      }
    >
      <ShelfLink
        to="/engage/know"
        here={at({})}
        icon={<BookOpen className="i" aria-hidden />}
        n={counts ? counts.draft + counts.published + counts.archived : undefined}
      >
        <Trans>Articles</Trans>
      </ShelfLink>
      <ShelfLink
        to="/engage/know"
        search={{ state: "draft" }}
        here={at({ state: "draft" })}
        icon={<PencilLine className="i" aria-hidden />}
        n={counts?.draft}
      >
        <Trans>Drafts</Trans>
      </ShelfLink>
      <ShelfLink
        to="/engage/know"
        search={{ due: true }}
        here={at({ due: true })}
        icon={<CalendarClock className="i" aria-hidden />}
        n={counts?.due}
        tone="wait"
      >
        <Trans>To look at again</Trans>
      </ShelfLink>
      <ShelfLink
        to="/engage/know"
        search={{ state: "archived" }}
        here={at({ state: "archived" })}
        icon={<Archive className="i" aria-hidden />}
        n={counts?.archived}
      >
        <Trans>Archived</Trans>
      </ShelfLink>
      {categories.length > 0 && (
        <ShelfHead>
          <Trans>Subjects</Trans>
        </ShelfHead>
      )}
      {categories
        .filter((c) => !c.parent)
        .flatMap((c) => [c, ...categories.filter((x) => x.parent === c.id)])
        .map((c) => (
          <ShelfLink
            key={c.id}
            to="/engage/know"
            search={{ category: c.id }}
            here={at({ category: c.id })}
            icon={<Folder className={c.parent ? "i s ms-3" : "i"} aria-hidden />}
          >
            {c.name}
          </ShelfLink>
        ))}
    </Shelf>
  );
}
