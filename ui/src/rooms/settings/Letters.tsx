import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Section, Skeleton, Switch, tell } from "../../kit";
import { api, ok } from "../../lib/api";
import { sentenceOf } from "../../lib/problem";
import { useMay } from "../../lib/session";

const key = ["alert-letters"];

// Letters says whether one gets alerts by mail as well as in the app.
export function Letters() {
  const may = useMay("listen.read");
  const cache = useQueryClient();
  const mine = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => ok(api.GET("/api/alerts/letters", { signal })),
    enabled: may,
  });
  const set = useMutation({
    mutationFn: (on: boolean) => ok(api.PUT("/api/alerts/letters", { body: { on } })),
    onSuccess: (now) => cache.setQueryData(key, now),
    onError: (e) => tell({ text: sentenceOf(e), bad: true }),
  });
  if (!may) return null;
  const m = mine.data;
  return (
    <Section title={<Trans>Alerts by mail</Trans>}>
      <div className="flex max-w-md flex-col items-start gap-2 pt-3">
        {mine.error && (
          <p role="alert" className="help bad">
            {sentenceOf(mine.error)}
          </p>
        )}
        {!m && !mine.error && <Skeleton rows={1} avatar={false} />}
        {m && (
          <>
            <Switch
              label={<Trans>Mail me new alerts</Trans>}
              checked={m.on}
              disabled={set.isPending || (!m.on && !m.possible)}
              onChange={(on) => set.mutate(on)}
            />
            <p className="text-ink-3">
              {m.possible ? (
                <Trans>
                  Of the programmes that you look after, to {m.email}, through {m.through}. One mail for an
                  alert at most; those that come close together go as one, and in a storm there is one in an
                  hour.
                </Trans>
              ) : (
                <Trans>
                  No mailbox is connected through which mail could be sent. An administrator connects one
                  under Channels.
                </Trans>
              )}
            </p>
          </>
        )}
      </div>
    </Section>
  );
}
