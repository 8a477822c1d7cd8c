import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Ellipsis, Inbox, Pause, Pencil, Play, Search, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, btn, Chip, Confirm, Menu, MenuItem, Page, Segments, States, tell } from "../../kit";
import { useCommands } from "../../lib/commands";
import { useMay } from "../../lib/session";
import { type Monitor as Mon, useCheck, useMentions, useMonitor, useMonitorActs, useSeries } from "./data";
import { Figures } from "./Figures";
import { Found } from "./Found";
import { painted } from "./Query";
import { ListenShelf, shelfName } from "./Shelf";
import { type MonitorSearch, ranges } from "./search";
import { TakeAll } from "./TakeAll";
import { rangeName } from "./words";

const route = getRouteApi("/frame/listen/monitors/$id");

// Monitor is one thing we listen for: what is so, the numbers that prove it, and
// the posts themselves beside. Choosing in a chart narrows the posts.
export function Monitor() {
  const { id } = route.useParams();
  const { range = "3d", ...filter } = route.useSearch();
  const go = route.useNavigate();
  const monitor = useMonitor(id);
  const series = useSeries(id, range);
  const posts = useMentions("mentions", filter, id);
  const set = (next: { [K in keyof MonitorSearch]?: MonitorSearch[K] | undefined }) =>
    void go({
      search: (s) =>
        Object.fromEntries(
          Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined),
        ) as MonitorSearch,
      replace: true,
    });
  const m = monitor.data;
  return (
    <Page
      name={m?.name ?? t`Monitor`}
      title={m?.name ?? <Trans>Monitor</Trans>}
      beside={
        m?.state === "paused" && (
          <Chip tone="wait" icon={<Pause aria-hidden />}>
            <Trans>paused</Trans>
          </Chip>
        )
      }
      shelf={<ListenShelf />}
      shelfName={shelfName()}
      acts={
        <>
          <span className="max-sm:hidden">
            <Segments
              label={t`Period`}
              value={range}
              parts={ranges.map((r) => ({ value: r, label: rangeName(r) }))}
              onChange={(r) => set({ range: r, since: undefined, until: undefined })}
            />
          </span>
          {m && <Acts of={m} />}
          <TakeAll posts={posts} />
        </>
      }
    >
      <States of={monitor} pad>
        {(m) => (
          <>
            <QueryBar of={m} />
            <div className="scroll lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(20rem,28rem)] lg:overflow-hidden">
              <div className="min-w-0 px-4 py-5 sm:px-6 lg:overflow-y-auto">
                <span className="mb-4 block sm:hidden">
                  <Segments
                    label={t`Period`}
                    value={range}
                    parts={ranges.map((r) => ({ value: r, label: rangeName(r) }))}
                    onChange={(r) => set({ range: r, since: undefined, until: undefined })}
                  />
                </span>
                <States of={series}>
                  {(s) => <Figures of={s} monitor={m} range={range} filter={filter} onFilter={set} />}
                </States>
              </div>
              <Found posts={posts} filter={filter} onFilter={set} monitor={m} />
            </div>
          </>
        )}
      </States>
    </Page>
  );
}

function QueryBar({ of: m }: { of: Mon }) {
  const may = useMay("listen.write");
  const check = useCheck(m.query).data;
  return (
    <div className="flex min-h-11 flex-none items-center gap-2 border-b border-line bg-sunken px-4 py-1.5 sm:px-6">
      <Search className="i s text-ink-3" aria-hidden />
      <code className="mono min-w-0 flex-1 truncate" title={m.query}>
        {painted(m.query, check?.tokens ?? [])}
      </code>
      {m.inbox && (
        <Chip tone="outline" icon={<Inbox aria-hidden />}>
          <Trans>into the inbox</Trans>
        </Chip>
      )}
      {m.programme && <span className="chip ol max-md:!hidden">{m.programme.name}</span>}
      {may && (
        <Link to="/listen/monitors/$id/edit" params={{ id: m.id }} className={btn("g", "sm", "touch")}>
          <Pencil className="i s" aria-hidden />
          <Trans>Edit</Trans>
        </Link>
      )}
    </div>
  );
}

function Acts({ of: m }: { of: Mon }) {
  const may = useMay("listen.write");
  const go = useNavigate();
  const acts = useMonitorActs();
  const [asks, setAsks] = useState(false);
  const paused = m.state === "paused";
  const turn = () =>
    acts.change.mutate(
      { id: m.id, state: paused ? "active" : "paused" },
      {
        onSuccess: () =>
          tell({
            text: paused ? t`${m.name} listens again.` : t`${m.name} is paused. Nothing new is counted.`,
            undo: () => acts.change.mutate({ id: m.id, state: paused ? "paused" : "active" }),
          }),
      },
    );
  const edit = () => void go({ to: "/listen/monitors/$id/edit", params: { id: m.id } });
  useCommands(
    t`This monitor`,
    [
      { id: "edit", label: t`Edit ${m.name}`, keys: "e", run: edit },
      { id: "pause", label: paused ? t`Listen again` : t`Pause ${m.name}`, run: turn },
      { id: "delete", label: t`Delete ${m.name}`, run: () => setAsks(true) },
    ],
    may,
  );
  if (!may) return null;
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button look="g" square touch aria-label={t`More acts`} title={t`More acts`}>
            <Ellipsis className="i" aria-hidden />
          </Button>
        }
      >
        <MenuItem icon={<Pencil className="i" aria-hidden />} keys="e" onSelect={edit}>
          <Trans>Edit</Trans>
        </MenuItem>
        <MenuItem
          icon={paused ? <Play className="i" aria-hidden /> : <Pause className="i" aria-hidden />}
          onSelect={turn}
        >
          {paused ? <Trans>Listen again</Trans> : <Trans>Pause</Trans>}
        </MenuItem>
        <MenuItem danger icon={<Trash2 className="i" aria-hidden />} onSelect={() => setAsks(true)}>
          <Trans>Delete</Trans>
        </MenuItem>
      </Menu>
      <Confirm
        open={asks}
        onOpenChange={setAsks}
        title={<Trans>Delete {m.name}?</Trans>}
        text={
          <Trans>
            The posts stay on the wall and in the inbox. That this monitor found them is forgotten.
          </Trans>
        }
        look="d"
        act={<Trans>Delete it</Trans>}
        busy={acts.remove.isPending}
        onAct={() =>
          acts.remove.mutate(m.id, {
            onSuccess: () => {
              tell({ text: t`${m.name} is deleted.` });
              void go({ to: "/listen" });
            },
          })
        }
      />
    </>
  );
}
