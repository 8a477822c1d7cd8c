import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import {
  AtSign,
  Bell,
  CircleCheck,
  Clock,
  HandHelping,
  type LucideIcon,
  Siren,
  Stamp,
  Unplug,
  UserCheck,
} from "lucide-react";
import { AppLink, Button, Empty, Failed, MenuItem, MenuLine, Page, Skeleton, Time } from "../../kit";
import { type Notice, useNotices, useSee } from "./notices";

const icons: Record<string, LucideIcon> = {
  mention: AtSign,
  assigned: UserCheck,
  offer: HandHelping,
  due: Clock,
  approval: Stamp,
  alert: Siren,
  done: CircleCheck,
  broken: Unplug,
};

function Line({ notice: n }: { notice: Notice }) {
  const Icon = icons[n.kind] ?? Bell;
  return (
    <>
      <Icon className={`i mt-0.5 flex-none ${n.read ? "text-ink-3" : "text-voice"}`} aria-hidden />
      <span className="flex min-w-0 flex-1 flex-col whitespace-normal">
        <span className={n.read ? "text-ink-2" : "font-strong"}>{n.text}</span>
        <span className="text-xs text-ink-3">
          <Time at={n.at} />
        </span>
      </span>
      {!n.read && (
        <span className="mt-1.5 size-2 flex-none rounded-full bg-voice" aria-label={t`new`} role="img" />
      )}
    </>
  );
}

// Latest are the newest notices, inside the bell's menu.
export function Latest() {
  const list = useNotices(8);
  const see = useSee();
  if (list.error) return <Failed error={list.error} onRetry={list.refetch} />;
  if (!list.data) return <Skeleton rows={3} avatar={false} />;
  return (
    <div className="w-88 max-w-[calc(100vw-5rem)]">
      {list.data.length === 0 && (
        <p className="px-2 py-3 text-ink-2">
          <Trans>Nothing new. Where colleagues name you or give you something, it is told here.</Trans>
        </p>
      )}
      {list.data.map((n) => (
        <MenuItem
          key={n.id}
          onSelect={() => n.read || see.mutate([n.id])}
          link={<AppLink href={n.link} className="it !h-auto !items-start !py-2" />}
        >
          <span className="flex items-start gap-2.5 whitespace-normal">
            <Line notice={n} />
          </span>
        </MenuItem>
      ))}
      <MenuLine />
      {list.data.some((n) => !n.read) && (
        <MenuItem onSelect={() => see.mutate(undefined)}>
          <Trans>Mark all as seen</Trans>
        </MenuItem>
      )}
      <MenuItem link={<AppLink href="/notices" className="it" />}>
        <Trans>All notices</Trans>
      </MenuItem>
    </div>
  );
}

// Notices is everything that one was told in the last ninety days.
export function Notices() {
  const list = useNotices(50);
  const see = useSee();
  const unread = list.data?.some((n) => !n.read) ?? false;
  return (
    <Page
      title={<Trans>Notices</Trans>}
      name={t`Notices`}
      acts={
        unread && (
          <Button onClick={() => see.mutate(undefined)} busy={see.isPending}>
            <Trans>Mark all as seen</Trans>
          </Button>
        )
      }
    >
      <div className="mx-auto flex w-full max-w-3xl flex-col px-4 py-4 sm:px-6">
        {list.error ? (
          <Failed error={list.error} onRetry={list.refetch} />
        ) : !list.data ? (
          <Skeleton rows={6} avatar={false} />
        ) : list.data.length === 0 ? (
          <Empty title={<Trans>Nothing new</Trans>}>
            <Trans>
              Where colleagues name you, give you something or ask you, it is told here and kept for 90 days.
            </Trans>
          </Empty>
        ) : (
          <ul className="flex flex-col">
            {list.data.map((n) => (
              <li key={n.id} className="border-line border-b last:border-0">
                <AppLink
                  href={n.link}
                  className="flex items-start gap-3 rounded-sm px-2 py-3 hover:bg-hover"
                  onClick={() => n.read || see.mutate([n.id])}
                >
                  <Line notice={n} />
                </AppLink>
              </li>
            ))}
          </ul>
        )}
        {list.hasMore && (
          <Button className="mt-3 self-center" busy={list.loadingMore} onClick={list.more}>
            <Trans>Show more</Trans>
          </Button>
        )}
      </div>
    </Page>
  );
}
