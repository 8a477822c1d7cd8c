import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ChevronLeft, LogIn, LogOut, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import {
  Avatar,
  Button,
  btn,
  type Cond,
  Confirm,
  condText,
  Empty,
  Page,
  PageBody,
  Sparkline,
  States,
  Tabs,
  Time,
  tell,
} from "../../../kit";
import { useCommands } from "../../../lib/commands";
import { count } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { Changes } from "../Changes";
import { usePeople } from "../data";
import { PeopleTable } from "../PeopleTable";
import { PeopleShelf, shelfName } from "../Shelf";
import { Builder } from "./Builder";
import { type Segment, useSegment, useSegmentActs, useSegmentChanges } from "./data";
import { useFields } from "./fields";
import { Filling, Moved } from "./Parts";
import { Voice } from "./Voice";

const route = getRouteApi("/frame/people/segments/$id");

const back = (name: string) => (
  <span className="flex min-w-0 items-center gap-1">
    <Link to="/people/segments" className={btn("g", "sm", "sq -ms-2")} aria-label={t`All segments`}>
      <ChevronLeft className="i rtl:-scale-x-100" aria-hidden />
    </Link>
    <span className="truncate">{name}</span>
  </span>
);

// NewSegment is where one begins.
export function NewSegment() {
  const go = useNavigate();
  return (
    <Page
      name={t`New segment`}
      title={back(t`New segment`)}
      shelf={<PeopleShelf here="segments" />}
      shelfName={shelfName()}
    >
      <PageBody className="max-w-5xl">
        <Builder
          onKept={(s) => void go({ to: "/people/segments/$id", params: { id: s.id } })}
          onLeave={() => void go({ to: "/people/segments" })}
        />
      </PageBody>
    </Page>
  );
}

// SegmentPage is one segment: who is in it, who came and went, and its conditions.
export function SegmentPage() {
  const { id } = route.useParams();
  const { edit, show, back: since, beside } = route.useSearch();
  const go = route.useNavigate();
  const away = useNavigate();
  const segment = useSegment(id);
  const acts = useSegmentActs();
  const [asks, setAsks] = useState(false);
  const may = useMay("people.write") && Boolean(segment.data?.editable);
  const name = segment.data?.name ?? t`Segment`;
  const change = () => void go({ search: { edit: true } });
  useCommands(
    t`Segment`,
    may ? [{ id: "edit-segment", label: t`Change the segment`, keys: "e", run: change }] : [],
  );
  return (
    <Page
      name={name}
      title={back(name)}
      shelf={<PeopleShelf here="segments" />}
      shelfName={shelfName()}
      acts={
        may &&
        !edit && (
          <>
            <Button look="g" touch square aria-label={t`Remove the segment`} onClick={() => setAsks(true)}>
              <Trash2 className="i" aria-hidden />
            </Button>
            <Button touch onClick={change}>
              <Pencil className="i s" aria-hidden />
              <span className="max-sm:sr-only">
                <Trans>Change</Trans>
              </span>
            </Button>
          </>
        )
      }
    >
      <PageBody className="max-w-5xl">
        <States of={segment}>
          {(s) =>
            edit && may ? (
              <Builder
                key={s.id}
                of={s}
                onKept={() => {
                  tell({ text: t`The segment is kept.` });
                  void go({ search: {} });
                }}
                onLeave={() => void go({ search: {} })}
              />
            ) : (
              <>
                <Head of={s} />
                <Tabs
                  label={t`Segment`}
                  value={show ?? "members"}
                  onChange={(v) => void go({ search: v === "members" ? {} : { show: v } })}
                  parts={[
                    { value: "members", label: <Trans>People</Trans> },
                    { value: "voice", label: <Trans>What they say</Trans> },
                    { value: "changes", label: <Trans>Who came and went</Trans> },
                  ]}
                >
                  <div className="pt-3">
                    {show === "changes" ? (
                      <History id={s.id} />
                    ) : show === "voice" ? (
                      <Voice
                        of={s}
                        days={since ?? 30}
                        beside={beside}
                        onChange={(d, b) =>
                          void go({
                            search: {
                              show: "voice",
                              ...(d === 30 ? {} : { back: d }),
                              ...(b ? { beside: b } : {}),
                            },
                          })
                        }
                      />
                    ) : (
                      <Members of={s} />
                    )}
                  </div>
                </Tabs>
                <Changes object="segment" id={s.id} />
              </>
            )
          }
        </States>
        <Confirm
          open={asks}
          onOpenChange={setAsks}
          title={<Trans>Remove the segment “{name}”?</Trans>}
          text={<Trans>It goes for everybody, with its history. The people stay as they are.</Trans>}
          act={<Trans>Remove</Trans>}
          look="d"
          busy={acts.drop.isPending}
          onAct={() => acts.drop.mutate(id, { onSuccess: () => void away({ to: "/people/segments" }) })}
        />
      </PageBody>
    </Page>
  );
}

function Head({ of: s }: { of: Segment }) {
  const fields = useFields();
  const sizes = (s.days ?? []).map((d) => d.size);
  return (
    <header className="mb-5 flex flex-wrap items-end gap-x-8 gap-y-3">
      <div className="min-w-0 flex-1 basis-80">
        {s.about && <p className="mb-1">{s.about}</p>}
        <p className="text-ink-2">{condText(s.conditions as Cond, fields)}</p>
      </div>
      <div className="flex items-end gap-5">
        {sizes.length > 1 && (
          <Sparkline
            values={sizes}
            width={140}
            height={34}
            label={t`How many there were on each of the last thirty days`}
          />
        )}
        <p>
          <b className="text-2xl font-strong tracking-tight tabular-nums">{count(s.members)}</b>{" "}
          <Plural value={s.members} one="person" other="people" />
          <span className="block text-xs">{s.filling ? <Filling of={s} /> : <Moved of={s} />}</span>
        </p>
      </div>
    </header>
  );
}

function Members({ of: s }: { of: Segment }) {
  const people = usePeople({ segment: s.id });
  return (
    <States
      of={people}
      empty={
        s.filling ? (
          <Empty title={<Trans>Nobody yet.</Trans>}>
            <Trans>Everybody is being looked at; this takes some seconds.</Trans>
          </Empty>
        ) : (
          <Empty title={<Trans>It holds of nobody now.</Trans>}>
            <Trans>Whoever it holds of one day stands here by themselves.</Trans>
          </Empty>
        )
      }
    >
      {(rows) => <PeopleTable rows={rows} of={people} />}
    </States>
  );
}

function History({ id }: { id: string }) {
  const changes = useSegmentChanges(id);
  return (
    <States
      of={changes}
      empty={
        <Empty title={<Trans>Nobody came or went yet.</Trans>}>
          <Trans>Whoever joins or leaves from now on, because something of them changed, stands here.</Trans>
        </Empty>
      }
    >
      {(rows) => (
        <>
          <ul aria-label={t`Who came and went`}>
            {rows.map((c) => (
              <li
                key={`${c.person.id} ${c.at} ${c.joined}`}
                className="relative flex min-h-11 items-center gap-3 border-b border-line"
              >
                {c.joined ? (
                  <LogIn className="i text-good" aria-hidden />
                ) : (
                  <LogOut className="i text-ink-3" aria-hidden />
                )}
                <Avatar name={c.person.name} size="sm" />
                <span className="min-w-0 flex-1 truncate">
                  <Link
                    to="/people/$id"
                    params={{ id: c.person.id }}
                    className="font-strong after:absolute after:inset-0 hover:underline"
                  >
                    {c.person.name}
                  </Link>{" "}
                  <span className="text-ink-2">{c.joined ? <Trans>joined</Trans> : <Trans>left</Trans>}</span>
                </span>
                <Time at={c.at} className="text-ink-3" />
              </li>
            ))}
          </ul>
          {changes.hasMore && (
            <div className="py-4">
              <Button size="sm" touch busy={changes.loadingMore} onClick={changes.more}>
                <Trans>Show more</Trans>
              </Button>
            </div>
          )}
        </>
      )}
    </States>
  );
}
