import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChartColumn, ChevronLeft, ChevronRight, HandHelping, Settings2, Users } from "lucide-react";
import { useEffect, useState } from "react";
import {
  Avatar,
  Button,
  btn,
  Empty,
  Failed,
  Page,
  RowBody,
  Shelf,
  ShelfHead,
  ShelfLink,
  Skeleton,
  States,
  Tabs,
  Waits,
} from "../../../kit";
import { useCommands } from "../../../lib/commands";
import { medium, phone, useMedia } from "../../../lib/media";
import { useMay, useSession } from "../../../lib/session";
import { useViewing } from "../viewing";
import { Answer } from "./Answer";
import { Card, Done } from "./Card";
import { type Question, useMe, useQuestion, useQuestions } from "./data";
import { KnownBeside } from "./Known";
import { PresenceMenu } from "./PresenceMenu";
import type { ListName } from "./search";

const route = getRouteApi("/frame/hive");
const none: never[] = [];

function listName(l: ListName): string {
  return l === "taken" ? t`Mine to answer` : l === "pool" ? t`Open to everybody` : t`You may know this`;
}

// HiveShelf is what the hive has: my questions, and for whoever leads, its numbers.
export function HiveShelf() {
  const leads = useMay("govern.write");
  return (
    <Shelf title={<Trans>Hive</Trans>}>
      <ShelfLink to="/hive" icon={<HandHelping className="i" aria-hidden />}>
        <Trans>Questions</Trans>
      </ShelfLink>
      <ShelfLink to="/hive/me" icon={<Settings2 className="i" aria-hidden />}>
        <Trans>What I know, when I work</Trans>
      </ShelfLink>
      {leads && (
        <>
          <ShelfHead>
            <Trans>Lead</Trans>
          </ShelfHead>
          <ShelfLink to="/hive/lead" icon={<ChartColumn className="i" aria-hidden />}>
            <Trans>How it goes</Trans>
          </ShelfLink>
          <ShelfLink to="/hive/rules" icon={<Users className="i" aria-hidden />}>
            <Trans>Who is asked, and when</Trans>
          </ShelfLink>
        </>
      )}
    </Shelf>
  );
}

// useOpen is the question that is open: the one in the address, else the first
// of the list. It stays the same one when somebody else takes it away from there.
function useOpen(list: ListName, q: string | undefined, rows: readonly Question[], none: boolean) {
  const [held, hold] = useState<{ list: ListName; id: string }>();
  const first = rows[0]?.id;
  useEffect(() => {
    if (first && held?.list !== list) hold({ list, id: first });
  }, [first, list, held]);
  const id = q ?? (none ? undefined : held?.list === list ? held.id : first);
  return { id, letGo: () => hold(undefined) };
}

// Hive is where questions come to whoever may know: on a phone one at a time,
// on a desk the list beside the one that is open.
export function Hive() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const small = useMedia(phone);
  const tight = useMedia(medium);
  const may = useMay("inbox.reply");
  const knows = useMay("know.read");
  const mine = useSession()?.member?.id;
  const list = search.list ?? "mine";
  const questions = useQuestions(list, may);
  const me = useMe(may);
  const rows = questions.data ?? none;
  const { id: open, letGo } = useOpen(list, search.q, rows, small && list === "taken");
  const one = useQuestion(open);
  const show = (to: ListName, q?: string) =>
    void go({ search: { ...(to === "mine" ? {} : { list: to }), ...(q ? { q } : {}) } });
  const i = rows.findIndex((r) => r.id === open);
  const step = (by: 1 | -1) => {
    const next = rows[i + by];
    if (next) show(list, next.id);
    if (by === 1 && i >= rows.length - 3) questions.more();
  };
  const leave = () => {
    letGo();
    show(list, (rows[i + 1] ?? rows.find((r) => r.id !== open))?.id);
  };
  const back = () => {
    letGo();
    show(list);
  };
  useCommands(t`Hive`, [
    { id: "next", label: t`Next question`, keys: "j", run: () => step(1) },
    { id: "previous", label: t`Previous question`, keys: "k", run: () => step(-1) },
  ]);
  if (!may)
    return (
      <Page title={<Trans>Hive</Trans>} name={t`Hive`}>
        <div className="p-6">
          <Empty title={<Trans>The hive asks those who answer.</Trans>}>
            <Trans>
              Your role does not answer customers. Whoever manages members can make you a responder.
            </Trans>
          </Empty>
        </div>
      </Page>
    );
  const yours = one.data?.state === "claimed" && one.data.claimed_by?.id === mine;
  const answering = small && yours;
  const pane = open && (
    <Pane
      key={open}
      q={one.data}
      error={one.error}
      retry={() => void one.refetch()}
      list={list}
      place={i >= 0 ? { i, of: rows.length, more: questions.hasMore } : undefined}
      onStep={small ? step : undefined}
      onClaim={() => show(list, open)}
      onNext={leave}
      onBack={small ? back : undefined}
    />
  );
  const all = (
    <States of={questions} pad empty={<Nothing list={list} me={me.data?.state} />}>
      {(found) => <Rows list={found} chosen={open} onOpen={(q) => show(list, q)} more={questions} />}
    </States>
  );
  return (
    <Page
      title={<Trans>Hive</Trans>}
      name={one.data ? one.data.author.name : t`Hive`}
      shelf={<HiveShelf />}
      shelfName={t`Hive`}
      bar={!answering}
      acts={me.data && <PresenceMenu me={me.data} />}
      aside={open && yours && knows && !tight ? <KnownBeside id={open} /> : undefined}
      asideName={t`What we know of this`}
    >
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] sm:grid-cols-[minmax(15rem,var(--list))_minmax(0,1fr)]">
        {!answering && (
          <div className="flex min-h-0 min-w-0 flex-col border-line sm:border-e">
            <div className="flex-none px-4 pt-1">
              <Tabs<ListName>
                label={t`Which questions`}
                value={list}
                onChange={(l) => show(l)}
                parts={[
                  { value: "mine", label: t`For you`, ...(me.data ? { count: me.data.offers } : {}) },
                  { value: "taken", label: t`Yours`, ...(me.data ? { count: me.data.claims } : {}) },
                  { value: "pool", label: t`For all` },
                ]}
              />
            </div>
            {small && open ? pane : <div className="scroll">{all}</div>}
          </div>
        )}
        {answering && pane}
        {!small && (
          <div className="flex min-h-0 min-w-0 flex-col">
            {pane || (
              <div className="grid flex-1 place-items-center p-6">
                <Empty title={listName(list)}>
                  <Trans>What you choose opens here.</Trans>
                </Empty>
              </div>
            )}
          </div>
        )}
      </div>
    </Page>
  );
}

interface PaneProps {
  q: Question | undefined;
  error: unknown;
  retry: () => void;
  list: ListName;
  place: { i: number; of: number; more: boolean } | undefined;
  onStep: ((by: 1 | -1) => void) | undefined;
  onClaim: () => void;
  onNext: () => void;
  onBack: (() => void) | undefined;
}

// Pane is the question that is open, in the state in which it is.
function Pane({ q, error, retry, list, place, onStep, onClaim, onNext, onBack }: PaneProps) {
  const me = useSession()?.member?.id;
  if (!q)
    return error ? (
      <div className="p-6">
        <Failed error={error} onRetry={retry} />
      </div>
    ) : (
      <Skeleton rows={2} />
    );
  if (q.state === "claimed" && q.claimed_by?.id === me) return <Answer q={q} onBack={onBack} />;
  if (q.state === "claimed" && q.offer?.state !== "open") return <Done q={q} onNext={onNext} />;
  if (q.state === "answered" || q.state === "closed") return <Done q={q} onNext={onNext} />;
  const n = place ? place.i + 1 : 0;
  const of = place ? `${place.of}${place.more ? "+" : ""}` : "";
  return (
    <>
      <Watching id={q.id} />
      <Card
        q={q}
        onClaim={onClaim}
        onDone={onNext}
        title={
          <>
            <h2 className="text-xl font-strong tracking-tight">
              {q.state === "centre" ? (
                <Trans>At the contact centre</Trans>
              ) : (
                listName(q.offer?.state === "open" ? "mine" : "pool")
              )}
            </h2>
            <div className="mt-0.5 flex items-center gap-1 text-md text-ink-2">
              {place && (
                <span>
                  {list === "pool" ? (
                    <Trans>
                      {n} of {of} that nobody took
                    </Trans>
                  ) : (
                    <Trans>
                      {n} of {of} questions for you
                    </Trans>
                  )}
                </span>
              )}
              {onStep && place && place.of > 1 && (
                <>
                  <Button
                    look="g"
                    square
                    touch
                    aria-label={t`Previous question`}
                    className={place.i === 0 ? "invisible" : ""}
                    onClick={() => onStep(-1)}
                  >
                    <ChevronLeft className="i rtl:-scale-x-100" aria-hidden />
                  </Button>
                  <Button
                    look="g"
                    square
                    touch
                    aria-label={t`Next question`}
                    className={place.i >= place.of - 1 ? "invisible" : ""}
                    onClick={() => onStep(1)}
                  >
                    <ChevronRight className="i rtl:-scale-x-100" aria-hidden />
                  </Button>
                </>
              )}
            </div>
          </>
        }
      />
    </>
  );
}

// Watching tells colleagues that one looks at this question.
function Watching({ id }: { id: string }) {
  useViewing(id, false);
  return null;
}

function Rows({
  list,
  chosen,
  onOpen,
  more,
}: {
  list: Question[];
  chosen: string | undefined;
  onOpen: (id: string) => void;
  more: { hasMore: boolean; loadingMore: boolean; more: () => void };
}) {
  return (
    <ul aria-label={t`Questions`}>
      {list.map((q) => (
        <li key={q.id}>
          <button
            type="button"
            className="row"
            aria-current={q.id === chosen ? "true" : undefined}
            onClick={() => onOpen(q.id)}
          >
            <RowBody
              turn="ours"
              avatar={<Avatar name={q.author.name} src={q.author.avatar} channel={q.channel} />}
              who={q.author.name}
              end={<Waits since={q.asked_at} />}
              theirs
            >
              {q.text}
            </RowBody>
          </button>
        </li>
      ))}
      {more.hasMore && (
        <li className="p-3 text-center">
          <Button look="g" busy={more.loadingMore} onClick={more.more}>
            <Trans>Show more</Trans>
          </Button>
        </li>
      )}
    </ul>
  );
}

function Nothing({ list, me }: { list: ListName; me: string | undefined }) {
  if (list === "taken")
    return (
      <Empty title={<Trans>You have nothing to answer.</Trans>}>
        <Trans>What you take stands here until it is answered.</Trans>
      </Empty>
    );
  if (list === "pool")
    return (
      <Empty title={<Trans>Nothing is open to everybody.</Trans>}>
        <Trans>Questions that nobody took in the first minutes come here.</Trans>
      </Empty>
    );
  return (
    <Empty
      title={<Trans>Nobody needs you just now.</Trans>}
      acts={
        <Link to="/hive/me" className={btn("o")}>
          <Trans>Say what you know</Trans>
        </Link>
      }
    >
      {me === "off" || me === "busy" ? (
        <Trans>You are not asked at the moment: say above that you are available.</Trans>
      ) : (
        <Trans>When a customer asks something that you may know, it comes here, and to your bell.</Trans>
      )}
    </Empty>
  );
}
