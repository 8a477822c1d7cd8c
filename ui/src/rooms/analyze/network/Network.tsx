import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { AppLink, Button, btn, Empty, Menu, MenuItem, Page, Segments, States } from "../../../kit";
import { useNames } from "../Look";
import type { NetworkSearch } from "../search";
import { useNetwork } from "../web";
import { Circles } from "./Circles";
import { Drawing } from "./Drawing";
import { Kinds } from "./Kinds";
import { Lead } from "./Lead";
import { One } from "./One";
import { People } from "./People";

const route = getRouteApi("/frame/analyze/network");
// Network is who talks to whom: who is listened to and why, who belongs together,
// who stands between. As a map, and as a list that says the same.
export function Network() {
  const search = route.useSearch();
  const go = route.useNavigate();
  const set = (next: { [K in keyof NetworkSearch]?: NetworkSearch[K] | undefined }) =>
    void go({
      search: (s) =>
        Object.fromEntries(
          Object.entries({ ...s, ...next }).filter(([, v]) => v !== undefined),
        ) as NetworkSearch,
      replace: true,
      resetScroll: false,
    });
  const net = useNetwork(search.programme);
  return (
    <Page
      name={t`Network`}
      title={<Trans>Network</Trans>}
      beside={
        <Link to="/analyze" className="link max-sm:hidden">
          <Trans>Explorer</Trans>
        </Link>
      }
      acts={
        <>
          <Programme
            of={search.programme}
            onChange={(programme) => set({ programme, circle: undefined, who: undefined })}
          />
          <Segments
            label={t`View`}
            value={search.as ?? "map"}
            parts={[
              { value: "map", label: t`Map` },
              { value: "list", label: t`List` },
            ]}
            onChange={(v) => set({ as: v === "list" ? "list" : undefined })}
          />
        </>
      }
    >
      <States
        of={net}
        pad
        none={(n) => !n.ready || n.people === 0}
        empty={<Nothing ready={net.data?.ready ?? false} />}
      >
        {(n) => (
          <div className="scroll lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(20rem,25rem)] lg:overflow-hidden">
            <div className="flex min-w-0 flex-col px-4 py-5 sm:px-6 lg:overflow-y-auto">
              <Lead of={n} />
              <Kinds of={n} value={search.kind} onChange={(kind) => set({ kind })} />
              {search.as === "list" ? (
                <People search={search} set={set} />
              ) : (
                <Drawing of={n} search={search} set={set} />
              )}
            </div>
            <aside
              className="min-w-0 border-line max-lg:border-t lg:overflow-y-auto lg:border-s"
              aria-label={t`Who they are`}
            >
              {search.who ? (
                <One
                  id={search.who}
                  programme={search.programme}
                  onClose={() => set({ who: undefined })}
                  onWho={(who) => set({ who })}
                />
              ) : (
                <Circles
                  of={n}
                  chosen={search.circle}
                  onChoose={(circle) => set({ circle })}
                  onWho={(who) => set({ who })}
                />
              )}
            </aside>
          </div>
        )}
      </States>
    </Page>
  );
}

function Programme({
  of: id,
  onChange,
}: {
  of: string | undefined;
  onChange: (id: string | undefined) => void;
}) {
  const names = useNames();
  if (names.programmes.length === 0) return null;
  return (
    <Menu
      align="end"
      trigger={
        <Button look="g" touch>
          <span className="max-w-40 truncate">
            {id ? (names.programme(id) ?? t`This programme`) : t`All channels`}
          </span>
          <ChevronDown className="i s" aria-hidden />
        </Button>
      }
    >
      <MenuItem chosen={!id} onSelect={() => onChange(undefined)}>
        <Trans>All channels</Trans>
      </MenuItem>
      {names.programmes.map((p) => (
        <MenuItem key={p.id} chosen={p.id === id} onSelect={() => onChange(p.id)}>
          {p.name}
        </MenuItem>
      ))}
    </Menu>
  );
}

function Nothing({ ready }: { ready: boolean }) {
  return (
    <Empty
      title={
        ready ? (
          <Trans>Nobody has turned to anybody yet.</Trans>
        ) : (
          <Trans>The network is not looked at yet.</Trans>
        )
      }
      acts={
        <AppLink href="/settings/channels" className={btn("o", "sm")}>
          <Trans>Look at the channels</Trans>
        </AppLink>
      }
    >
      <Trans>Who answers, names and shares whom is kept as it is heard, and looked at every minute.</Trans>
    </Empty>
  );
}
