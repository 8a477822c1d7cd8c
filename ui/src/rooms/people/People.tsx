import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { btn, Empty, Page, States } from "../../kit";
import { useCommands } from "../../lib/commands";
import { useSettled } from "../../lib/debounce";
import { usePeople } from "./data";
import { PeopleTable } from "./PeopleTable";
import { PeopleShelf, shelfName } from "./Shelf";
import { Waiting } from "./SuggestMaybe";
import { InSegment } from "./segments/InSegment";

const route = getRouteApi("/frame/people");

// People is everybody we have heard, the latest first.
export function People() {
  const { q, segment } = route.useSearch();
  const go = route.useNavigate();
  const [words, setWords] = useState(q ?? "");
  const settled = useSettled(words.trim());
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (settled !== (q ?? ""))
      void go({
        search: { ...(settled ? { q: settled } : {}), ...(segment ? { segment } : {}) },
        replace: true,
      });
  }, [settled, q, segment, go]);
  const list = useRef<HTMLDivElement>(null);
  const step = (by: 1 | -1) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>("[data-person]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    (at < 0 ? all[0] : all[at + by])?.focus();
  };
  useCommands(t`People`, [
    { id: "find", label: t`Find a person`, keys: "/", run: () => field.current?.focus() },
    { id: "next", label: t`Next person`, keys: "j", run: () => step(1) },
    { id: "previous", label: t`Previous person`, keys: "k", run: () => step(-1) },
  ]);
  const people = usePeople({ q, segment });
  return (
    <Page
      name={t`People`}
      title={<Trans>People</Trans>}
      shelf={<PeopleShelf here="people" />}
      shelfName={shelfName()}
      acts={
        <>
          <Waiting />
          <InSegment
            value={segment}
            onChange={(v) => void go({ search: { ...(q ? { q } : {}), ...(v ? { segment: v } : {}) } })}
          />
          <label className="input find max-w-67 max-sm:max-w-44">
            <Search className="i s" aria-hidden />
            <span className="sr-only">
              <Trans>Find a person</Trans>
            </span>
            <input
              ref={field}
              type="search"
              value={words}
              onChange={(e) => setWords(e.target.value)}
              placeholder={t`Name or handle`}
              className="min-w-0 flex-1 bg-transparent text-ink outline-none focus-visible:shadow-none"
            />
          </label>
        </>
      }
    >
      <div className="scroll">
        <div ref={list} className="px-4 py-3 sm:px-6">
          <States
            of={people}
            empty={
              segment && !q ? (
                <Empty title={<Trans>Nobody is in this segment now.</Trans>} />
              ) : q ? (
                <Empty title={<Trans>Nobody is called that.</Trans>}>
                  <Trans>Names and handles are searched, from the beginning of a word.</Trans>
                </Empty>
              ) : (
                <Empty
                  title={<Trans>Nobody has spoken yet.</Trans>}
                  acts={
                    <Link to="/" className={btn("o", "sm")}>
                      <Trans>See what is heard</Trans>
                    </Link>
                  }
                >
                  <Trans>
                    Whoever writes to you, or is found by a monitor, stands here with all their channels
                    joined.
                  </Trans>
                </Empty>
              )
            }
          >
            {(rows) => <PeopleTable rows={rows} of={people} />}
          </States>
        </div>
      </div>
    </Page>
  );
}
