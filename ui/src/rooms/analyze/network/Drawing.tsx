import { Trans } from "@lingui/react/macro";
import { lazy, Suspense, useState } from "react";
import { Button, Empty, Skeleton, States } from "../../../kit";
import type { NetworkSearch } from "../search";
import { type Net, useMap } from "../web";

const Drawn = lazy(() => import("../Drawn").then((m) => ({ default: m.Drawn })));

// Drawing is the network as a map, where the browser can draw one.
export function Drawing({
  of: n,
  search,
  set,
}: {
  of: Net;
  search: NetworkSearch;
  set: (n: { who?: string | undefined; as?: "list" | undefined }) => void;
}) {
  const map = useMap(search.programme, n.at, search.kind);
  const [broken, setBroken] = useState(false);
  if (broken)
    return (
      <Empty
        title={<Trans>This browser cannot draw the map.</Trans>}
        acts={
          <Button size="sm" onClick={() => set({ as: "list" })}>
            <Trans>See the list</Trans>
          </Button>
        }
      >
        <Trans>It needs WebGL, which is off or missing here. The list says the same.</Trans>
      </Empty>
    );
  return (
    <States
      of={map}
      skeleton={<Skeleton rows={6} />}
      none={(m) => !m.dots?.length}
      empty={<Empty title={<Trans>There are no bonds of this kind yet.</Trans>} />}
    >
      {(m) => (
        <Suspense fallback={<Skeleton rows={6} />}>
          <Drawn
            of={m}
            circle={search.circle}
            who={search.who}
            onWho={(who) => set({ who })}
            onBroken={() => setBroken(true)}
          />
        </Suspense>
      )}
    </States>
  );
}
