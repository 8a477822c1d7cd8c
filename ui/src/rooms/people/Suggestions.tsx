import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { Button, btn, Empty, Page, Segments, Stack, States } from "../../kit";
import { useCommands } from "../../lib/commands";
import { share } from "../../lib/format";
import { Compare } from "./SuggestCompare";
import { reasonWord, type Suggestion, useSuggestions } from "./suggestData";

type State = "open" | "accepted" | "declined";

const route = getRouteApi("/frame/people/suggestions");

// Suggestions are pairs of persons who may be one, with what speaks for it. A
// colleague decides; nobody is joined by itself.
export function Suggestions() {
  const { s, state = "open" } = route.useSearch();
  const go = route.useNavigate();
  const list = useSuggestions(state);
  const rows = list.data ?? [];
  const chosen = s ?? rows[0]?.id;
  const show = (id: string | undefined) =>
    void go({ search: { ...(state === "open" ? {} : { state }), ...(id ? { s: id } : {}) }, replace: true });
  const step = (by: 1 | -1) => {
    const next = rows[rows.findIndex((r) => r.id === chosen) + by];
    if (next) show(next.id);
  };
  useCommands(t`Suggestions`, [
    { id: "next", label: t`Next suggestion`, keys: "j", run: () => step(1) },
    { id: "previous", label: t`Previous suggestion`, keys: "k", run: () => step(-1) },
  ]);
  return (
    <Page
      name={t`Same person?`}
      title={
        <span className="flex items-center gap-1">
          <Link
            to={s ? "/people/suggestions" : "/people"}
            className={btn("g", "sm", "sq -ms-2")}
            aria-label={s ? t`All suggestions` : t`All people`}
          >
            <ChevronLeft className="i rtl:-scale-x-100" aria-hidden />
          </Link>
          <Trans>Same person?</Trans>
        </span>
      }
      acts={
        <Segments<State>
          label={t`Which`}
          value={state}
          onChange={(v) => void go({ search: v === "open" ? {} : { state: v }, replace: true })}
          parts={[
            { value: "open", label: <Trans>Open</Trans> },
            { value: "accepted", label: <Trans>Joined</Trans> },
            { value: "declined", label: <Trans>Declined</Trans> },
          ]}
        />
      }
    >
      <div className="scroll">
        <div className="mx-auto max-w-5xl px-4 py-4 sm:px-6">
          <States of={list} empty={<Nothing state={state} />}>
            {(all) => (
              <div className="grid items-start gap-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
                <nav aria-label={t`Suggestions`} className={s ? "max-lg:hidden" : ""}>
                  <ul className="flex flex-col gap-1">
                    {all.map((r) => (
                      <li key={r.id}>
                        <Pair of={r} chosen={r.id === chosen} show={() => show(r.id)} />
                      </li>
                    ))}
                  </ul>
                  <div className="py-3 text-ink-3">
                    {list.hasMore ? (
                      <Button size="sm" touch busy={list.loadingMore} onClick={list.more}>
                        <Trans>Show more</Trans>
                      </Button>
                    ) : (
                      <Plural value={all.length} one="One pair." other="# pairs." />
                    )}
                  </div>
                </nav>
                <div className={s ? "" : "max-lg:hidden"}>
                  {chosen && <Compare key={chosen} id={chosen} after={() => show(undefined)} />}
                </div>
              </div>
            )}
          </States>
        </div>
      </div>
    </Page>
  );
}

function Nothing({ state }: { state: State }) {
  if (state === "accepted")
    return (
      <Empty title={<Trans>Nobody was joined yet.</Trans>}>
        <Trans>Pairs that you find to be one person stand here, and can be taken apart.</Trans>
      </Empty>
    );
  if (state === "declined")
    return (
      <Empty title={<Trans>Nothing was declined.</Trans>}>
        <Trans>Pairs that you find to be two people stand here. They are not asked again.</Trans>
      </Empty>
    );
  return (
    <Empty
      title={<Trans>No suggestions.</Trans>}
      acts={
        <Link to="/people" className={btn("o", "sm")}>
          <Trans>All people</Trans>
        </Link>
      }
    >
      <Trans>
        When somebody writes an address or a phone number under which another person is known, both stand here
        for you to decide. A name alone is never enough.
      </Trans>
    </Empty>
  );
}

function Pair({ of: r, chosen, show }: { of: Suggestion; chosen: boolean; show: () => void }) {
  const first = r.reasons?.[0];
  return (
    <button
      type="button"
      className="it w-full !items-start gap-3 !py-2 text-start"
      aria-current={chosen ? "true" : undefined}
      data-highlighted={chosen ? "" : undefined}
      onClick={show}
    >
      <Stack names={[r.survivor.name, r.other.name]} />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-strong">{r.survivor.name}</span>
        <span className="block truncate text-ink-2">{r.other.name}</span>
        {first && <span className="block truncate text-xs text-ink-3">{reasonWord(first).text}</span>}
      </span>
      <span className="flex-none text-xs text-ink-3">{share(Math.min(r.probability, 0.99))}</span>
    </button>
  );
}
