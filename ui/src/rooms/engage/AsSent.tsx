import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { FileCode, ImageOff } from "lucide-react";
import { useId, useState } from "react";
import { Button, Failed, Skeleton } from "../../kit";
import { api, ok } from "../../lib/api";

// AsSent shows a mail as its sender made it look, on a press: in a frame that runs nothing and loads nothing.
export function AsSent({ id, name }: { id: string; name: string }) {
  const [open, setOpen] = useState(false);
  const at = useId();
  const facts = useQuery({
    queryKey: ["sent", id],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/messages/{id}/sent/facts", { params: { path: { id } }, signal })),
    enabled: open,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const hosts = (facts.data?.hosts ?? []).join(", ");
  return (
    <div className="mt-1.5">
      <Button look="g" size="sm" touch aria-expanded={open} aria-controls={at} onClick={() => setOpen(!open)}>
        <FileCode className="i s" aria-hidden />
        {open ? <Trans>Show the words alone</Trans> : <Trans>Show as sent</Trans>}
      </Button>
      {open && (
        <div id={at} className="mt-1.5">
          {facts.isPending ? (
            <Skeleton rows={4} />
          ) : facts.error ? (
            <Failed error={facts.error} onRetry={() => void facts.refetch()} />
          ) : (
            <>
              {facts.data.left > 0 && (
                <p className="mb-1.5 flex items-start gap-1.5 text-xs text-ink-2 wrap-anywhere">
                  <ImageOff className="i s mt-0.5 flex-none" aria-hidden />
                  <span>
                    <Plural
                      value={facts.data.left}
                      one="One picture is left out, so that its owner does not learn that you read this:"
                      other="# pictures are left out, so that their owners do not learn that you read this:"
                    />{" "}
                    {hosts}
                  </span>
                </p>
              )}
              <iframe
                title={t`The mail of ${name} as it was sent`}
                src={`/api/messages/${encodeURIComponent(id)}/sent`}
                sandbox="allow-popups allow-popups-to-escape-sandbox"
                referrerPolicy="no-referrer"
                loading="lazy"
                className="block w-full resize-y rounded-sm border border-line-2 bg-white"
                style={{ height: Math.min(Math.max(facts.data.height, 120), 640) }}
              />
            </>
          )}
        </div>
      )}
    </div>
  );
}
