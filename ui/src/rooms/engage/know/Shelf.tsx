import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import {
  Archive,
  ArrowLeft,
  BookOpen,
  CalendarClock,
  Folder,
  LifeBuoy,
  MessageSquareQuote,
  PencilLine,
  SlidersHorizontal,
} from "lucide-react";
import { Shelf, ShelfHead, ShelfLink } from "../../../kit";
import { useCommands } from "../../../lib/commands";
import { useMay } from "../../../lib/session";
import { useCategories, useKnowCounts } from "./data";
import type { KnowSearch } from "./search";

export const shelfName = () => t`Knowledge`;

const alone = { exact: true, includeSearch: false };

// KnowShelf is what is known, by state and subject.
export function KnowShelf({ here }: { here?: KnowSearch }) {
  const counts = useKnowCounts().data;
  const categories = useCategories().data ?? [];
  const may = useMay("know.publish");
  const go = useNavigate();
  useCommands(t`Knowledge`, [
    { id: "articles", label: t`Articles`, run: () => void go({ to: "/engage/know" }) },
    { id: "inbox", label: t`Inbox`, run: () => void go({ to: "/engage" }) },
  ]);
  const at = (s: KnowSearch) =>
    here !== undefined && here.state === s.state && here.category === s.category && here.due === s.due;
  const all = counts ? counts.draft + counts.published + counts.archived : undefined;
  const places: [KnowSearch, typeof Archive, string, number | undefined, "wait" | undefined][] = [
    [{}, BookOpen, t`Articles`, all, undefined],
    [{ state: "draft" }, PencilLine, t`Drafts`, counts?.draft, undefined],
    [{ due: true }, CalendarClock, t`To look at again`, counts?.due, "wait"],
    [{ state: "archived" }, Archive, t`Archived`, counts?.archived, undefined],
  ];
  return (
    <Shelf
      title={<Trans>Knowledge</Trans>}
      foot={
        <>
          {may && (
            <ShelfLink to="/engage/know/settings" icon={<SlidersHorizontal className="i" aria-hidden />}>
              <Trans>Settings</Trans>
            </ShelfLink>
          )}
          <ShelfLink
            to="/engage"
            activeOptions={alone}
            icon={<ArrowLeft className="i rtl:-scale-x-100" aria-hidden />}
          >
            <Trans>Inbox</Trans>
          </ShelfLink>
        </>
      }
    >
      {places.map(([search, Sign, name, n, tone]) => (
        <ShelfLink
          key={name}
          to="/engage/know"
          search={search}
          activeOptions={{ exact: true }}
          here={at(search)}
          icon={<Sign className="i" aria-hidden />}
          n={n}
          tone={tone}
        >
          {name}
        </ShelfLink>
      ))}
      <ShelfLink
        to="/engage/know/answers"
        activeOptions={alone}
        icon={<MessageSquareQuote className="i" aria-hidden />}
      >
        <Trans>Answers</Trans>
      </ShelfLink>
      <ShelfLink to="/engage/know/report" activeOptions={alone} icon={<LifeBuoy className="i" aria-hidden />}>
        <Trans>What it brings</Trans>
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
            activeOptions={{ exact: true }}
            here={at({ category: c.id })}
            icon={<Folder className={c.parent ? "i s ms-3" : "i"} aria-hidden />}
          >
            {c.name}
          </ShelfLink>
        ))}
    </Shelf>
  );
}
