import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Bell as Icon } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Count, Menu } from "../kit";
import { api, ok } from "../lib/api";

const Latest = lazy(() => import("../rooms/home/Notices").then((m) => ({ default: m.Latest })));

export function useUnread(): number {
  const { data } = useQuery({
    queryKey: ["notices", "unread"],
    queryFn: async ({ signal }) => (await ok(api.GET("/api/notices/unread", { signal }))).unread,
  });
  return data ?? 0;
}

// Bell shows how many notices are new, and the latest when pressed.
export function Bell() {
  const [open, setOpen] = useState(false);
  const n = useUnread();
  return (
    <Menu
      side="inline-end"
      align="end"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          className="item !min-h-10"
          aria-label={n > 0 ? t`Notices, ${n} new` : t`Notices`}
          title={t`Notices`}
        >
          <Icon className="i l" aria-hidden />
          <Count n={n} label={t`new notices`} />
        </button>
      }
    >
      <Suspense>
        <Latest />
      </Suspense>
    </Menu>
  );
}

// BellRow is the bell as a row of the phone's "More".
export function BellRow({ onGo }: { onGo: () => void }) {
  const n = useUnread();
  return (
    <Link to="/notices" className="it !min-h-12 text-lg" onClick={onGo}>
      <Icon className="i l" aria-hidden />
      <Trans>Notices</Trans>
      {n > 0 && <span className="ml-auto text-sm font-strong text-voice">{n}</span>}
    </Link>
  );
}
