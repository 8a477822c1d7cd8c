import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import { useId, useState } from "react";
import { Button, Failed, Skeleton } from "../../kit";
import { api, ok } from "../../lib/api";
import { linked } from "../../lib/highlight";

// Rest is what a mail quotes below the new words, and who got it too; on a press.
export function Rest({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  const at = useId();
  const rest = useQuery({
    queryKey: ["rest", id],
    queryFn: ({ signal }) => ok(api.GET("/api/messages/{id}/rest", { params: { path: { id } }, signal })),
    enabled: open,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const cc = rest.data?.cc ?? [];
  return (
    <div className="mt-1.5">
      <Button
        look="g"
        size="sm"
        touch
        aria-expanded={open}
        aria-controls={at}
        aria-label={open ? t`Hide the rest` : t`Show the rest`}
        title={open ? t`Hide the rest` : t`Show the rest`}
        onClick={() => setOpen(!open)}
      >
        <Ellipsis className="i" aria-hidden />
      </Button>
      {open && (
        <div id={at} className="mt-1.5 border-s-2 border-line-2 ps-3 text-ink-2">
          {rest.isPending ? (
            <Skeleton rows={2} />
          ) : rest.error ? (
            <Failed error={rest.error} onRetry={() => void rest.refetch()} />
          ) : (
            <>
              {cc.length > 0 && (
                <p className="mb-1 text-xs text-ink-3 wrap-anywhere">
                  <Trans>Also to {cc.join(", ")}</Trans>
                </p>
              )}
              {rest.data.text && (
                <p className="words" dir="auto">
                  {linked(rest.data.text)}
                </p>
              )}
            </>
          )}
        </div>
      )}
    </div>
  );
}
