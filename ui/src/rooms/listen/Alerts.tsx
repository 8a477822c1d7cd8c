import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { BellRing, CircleCheck } from "lucide-react";
import { btn, Empty, Page, PageBody, Segments, States, Time } from "../../kit";
import { AlertStateChip } from "./AlertParts";
import { type Alert, lead, proof, type Shown, subjectOf, useAlerts } from "./alerts";
import { More } from "./More";
import { ListenShelf, shelfName } from "./Shelf";

const route = getRouteApi("/frame/listen/alerts");

// Alerts are the incidents, the newest first: what is out of the ordinary, and who looks after it.
export function Alerts() {
  const { show = "open", monitor } = route.useSearch();
  const go = route.useNavigate();
  const alerts = useAlerts(show, monitor);
  return (
    <Page
      name={t`Alerts`}
      title={<Trans>Alerts</Trans>}
      shelf={<ListenShelf />}
      shelfName={shelfName()}
      acts={
        <Segments<Shown>
          label={t`Which alerts`}
          value={show}
          parts={[
            { value: "open", label: <Trans>Not settled</Trans> },
            { value: "settled", label: <Trans>Settled</Trans> },
            { value: "all", label: <Trans>All</Trans> },
          ]}
          onChange={(s) =>
            void go({ search: (old) => ({ ...old, show: s === "open" ? undefined : s }), replace: true })
          }
        />
      }
    >
      <PageBody className="max-w-4xl !pt-2">
        <States
          of={alerts}
          empty={
            <div className="pt-6">
              <Empty
                title={
                  show === "open" ? (
                    <Trans>Nothing is out of the ordinary.</Trans>
                  ) : (
                    <Trans>There is none.</Trans>
                  )
                }
                acts={
                  show === "open" ? (
                    <Link to="/listen/alerts" search={{ show: "settled" }} className={btn("o", "sm")}>
                      <Trans>Look at those that are settled</Trans>
                    </Link>
                  ) : (
                    <Link to="/listen/alerts" className={btn("o", "sm")}>
                      <Trans>Look at those that are not settled</Trans>
                    </Link>
                  )
                }
              >
                <Trans>
                  Every monitor is compared with what is usual at this hour of the week. When far more is
                  said, or it sounds far worse, an alert stands here within a minute.
                </Trans>
              </Empty>
            </div>
          }
        >
          {(rows) => (
            <>
              <ul aria-label={t`Alerts`}>
                {rows.map((a) => (
                  <AlertRow key={a.id} of={a} />
                ))}
              </ul>
              {alerts.hasMore && <More of={alerts} />}
            </>
          )}
        </States>
      </PageBody>
    </Page>
  );
}

// AlertRow is an alert in a list: what it is about, why, and where it stands.
export function AlertRow({ of: a }: { of: Alert }) {
  const settled = a.state === "resolved" || a.state === "false";
  const Icon = settled ? CircleCheck : BellRing;
  return (
    <li className="relative flex gap-3 border-b border-line py-4 last:border-0 hover:bg-sunken sm:px-2">
      <Icon className={`i l mt-0.5 flex-none ${settled ? "text-ink-3" : "text-alarm"}`} aria-hidden />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
          <Link
            to="/listen/alerts/$id"
            params={{ id: a.id }}
            className="min-w-0 text-md font-strong before:absolute before:inset-0"
          >
            {subjectOf(a)}
          </Link>
          <AlertStateChip of={a} />
          <Time at={a.raised_at} className="ms-auto text-xs text-ink-3" />
        </div>
        <p className="mt-0.5">{lead(a)}.</p>
        <p className="mt-0.5 text-ink-3">
          {[...proof(a), ...(a.words.length > 0 ? [t`most repeated: ${a.words.join(", ")}`] : [])].join(
            " · ",
          )}
        </p>
      </div>
    </li>
  );
}
