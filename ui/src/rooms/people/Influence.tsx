import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { AppLink, AsidePart } from "../../kit";
import { api, ok } from "../../lib/api";
import { count } from "../../lib/format";
import { reasons } from "../../lib/influence";
import type { Full } from "./data";

// Influence is how much a person is listened to, and why: of the account that is
// listened to most. Where nobody turned to them, nothing stands here.
export function Influence({ of: p }: { of: Full }) {
  const ids = (p.identities ?? []).map((i) => i.id);
  const found = useQuery({
    queryKey: ["network", "influence", undefined, ids],
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/api/network/influence", { params: { query: { identities: ids.join(",") } }, signal }),
        )
      ).items ?? [],
    enabled: ids.length > 0,
  }).data;
  const best = [...(found ?? [])].sort((a, b) => a.place - b.place)[0];
  if (!best) return null;
  return (
    <AsidePart title={<Trans>Influence</Trans>} end={t`place ${count(best.place)} of ${count(best.people)}`}>
      <p>{sentence(reasons(best.why))}</p>
      {best.bridge >= 20 && (
        <p className="mt-1.5 text-ink-2">
          <Trans>Stands between circles: bridge {Math.round(best.bridge)} of 100.</Trans>
        </p>
      )}
      <AppLink
        href={`/analyze/network?who=${best.identity}${best.programme ? `&programme=${best.programme}` : ""}`}
        className="link mt-2 inline-block"
      >
        <Trans>See them in the network</Trans>
      </AppLink>
    </AsidePart>
  );
}

const sentence = (s: string) => `${s.charAt(0).toLocaleUpperCase()}${s.slice(1)}.`;
