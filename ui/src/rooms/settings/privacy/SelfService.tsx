import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Section, States, Switch } from "../../../kit";
import { api, ok } from "../../../lib/api";

// SelfService lets customers see for themselves what we hold of them, or not.
export function SelfService({ may }: { may: boolean }) {
  const cache = useQueryClient();
  const self = useQuery({
    queryKey: ["privacy", "self"],
    queryFn: ({ signal }) => ok(api.GET("/api/privacy/self-service", { signal })),
  });
  const set = useMutation({
    mutationFn: (on: boolean) => ok(api.PUT("/api/privacy/self-service", { body: { on } })),
    onSuccess: (now) => cache.setQueryData(["privacy", "self"], now),
  });
  return (
    <Section title={<Trans>Customers help themselves</Trans>}>
      <States of={self}>
        {(s) => (
          <div className="flex max-w-(--measure) flex-col gap-3 py-3">
            <p className="text-ink-2">
              <Trans>
                On a page of their own customers see what you hold of their account, say what they agree to,
                tell you what is wrong, and ask for a copy or to be forgotten. They prove who they are by a
                link that is sent, in your name, to the account by which they wrote to you in private.
              </Trans>
            </p>
            <Switch
              label={<Trans>Offer the page</Trans>}
              help={
                s.ready ? undefined : (
                  <Trans>
                    Parley has no public address yet, so a link would lead nowhere. Start it with --url.
                  </Trans>
                )
              }
              checked={s.on}
              disabled={!may || set.isPending || (!s.ready && !s.on)}
              onChange={(on) => set.mutate(on)}
            />
            {s.on && s.page && (
              <p>
                <a href={s.page} target="_blank" rel="noopener noreferrer" className="link underline">
                  {s.page}
                </a>
              </p>
            )}
          </div>
        )}
      </States>
    </Section>
  );
}
