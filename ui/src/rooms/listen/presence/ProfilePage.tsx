import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, Confirm, Empty, Facts, Page, PageBody, Section, States, Time, tell } from "../../../kit";
import { full } from "../../../lib/format";
import { useMay } from "../../../lib/session";
import { ListenShelf, shelfName } from "../Shelf";
import { type ProfileDetail, usePresenceActs, useProfile } from "./data";
import { Status } from "./Presence";
import { ProfileForm } from "./ProfileForm";
import { answerName, kindName } from "./words";

const route = getRouteApi("/frame/listen/presence/$id");

// ProfilePage is one profile of ours, or of an impostor, with its audits.
export function ProfilePage() {
  const { id } = route.useParams();
  const profile = useProfile(id);
  const may = useMay("listen.write");
  const acts = usePresenceActs();
  const go = useNavigate();
  const [asks, setAsks] = useState<"edit" | "remove">();
  const p = profile.data;
  return (
    <Page
      name={p?.name ?? t`Profile`}
      title={p?.name ?? <Trans>Profile</Trans>}
      beside={p && <Status of={p.status} />}
      shelf={<ListenShelf />}
      shelfName={shelfName()}
      acts={
        may &&
        p && (
          <>
            <Button
              look="g"
              square
              touch
              aria-label={t`Remove`}
              title={t`Remove`}
              onClick={() => setAsks("remove")}
            >
              <Trash2 className="i" aria-hidden />
            </Button>
            <Button look="p" touch onClick={() => setAsks("edit")}>
              <Pencil className="i s" aria-hidden />
              <Trans>Change</Trans>
            </Button>
          </>
        )
      }
    >
      <PageBody>
        <States of={profile}>
          {(x) => (
            <>
              <About of={x} />
              <Audits of={x} />
            </>
          )}
        </States>
      </PageBody>
      {p && (
        <>
          <ProfileForm open={asks === "edit"} onOpenChange={(o) => setAsks(o ? "edit" : undefined)} of={p} />
          <Confirm
            open={asks === "remove"}
            onOpenChange={(o) => setAsks(o ? "remove" : undefined)}
            title={<Trans>Remove {p.name} from the register?</Trans>}
            text={
              <Trans>
                Nothing changes on the network. A profile that is shut there is better marked as closed.
              </Trans>
            }
            look="d"
            act={<Trans>Remove it</Trans>}
            busy={acts.remove.isPending}
            onAct={() =>
              acts.remove.mutate(p.id, {
                onSuccess: () => {
                  tell({ text: t`${p.name} is removed from the register.` });
                  void go({ to: "/listen/presence" });
                },
              })
            }
          />
        </>
      )}
    </Page>
  );
}

function About({ of: p }: { of: ProfileDetail }) {
  return (
    <Facts
      of={[
        ...(p.url
          ? [
              [
                <Trans key="u">Address</Trans>,
                <a
                  key="ul"
                  href={p.url}
                  rel="noreferrer"
                  target="_blank"
                  className="underline [overflow-wrap:anywhere]"
                >
                  {p.url}
                </a>,
              ] as const,
            ]
          : []),
        ...(p.handle ? [[<Trans key="h">Handle</Trans>, `@${p.handle}`] as const] : []),
        [<Trans key="k">Kind</Trans>, `${kindName(p.kind)}${p.network ? `, ${p.network}` : ""}`],
        [<Trans key="r">Region</Trans>, p.region],
        [<Trans key="o">Answers for it</Trans>, p.owner?.name ?? t`nobody yet`],
        [<Trans key="p">Programme</Trans>, p.programme?.name ?? "–"],
        [<Trans key="s">Sponsor</Trans>, p.sponsor || "–"],
        [<Trans key="w">Purpose</Trans>, p.purpose || "–"],
        [
          <Trans key="c">Connected as</Trans>,
          p.channel ? (
            <Link key="cl" to="/settings/channels/$id" params={{ id: p.channel.id }} className="underline">
              {p.channel.name}
            </Link>
          ) : (
            t`not connected`
          ),
        ],
        [<Trans key="a">Last audit</Trans>, p.audited_at ? full(p.audited_at) : t`never`],
        ...(p.note ? [[<Trans key="n">Note</Trans>, p.note] as const] : []),
        ...(p.status === "impostor"
          ? [[<Trans key="d">Done about it</Trans>, p.done || t`nothing yet`] as const]
          : []),
      ]}
    />
  );
}

function Audits({ of: p }: { of: ProfileDetail }) {
  const audits = p.audits ?? [];
  return (
    <Section title={<Trans>Audits</Trans>} className="mt-8">
      {audits.length === 0 ? (
        <Empty title={<Trans>It was never looked at.</Trans>}>
          <Trans>It is part of the next round of audits.</Trans>
        </Empty>
      ) : (
        <ul className="mt-3 flex flex-col gap-4">
          {audits.map((a) => (
            <li key={a.round} className="border-b border-line pb-3">
              <p>
                <b className="font-strong">{a.round_name}</b>{" "}
                <span className="text-ink-3">
                  {a.at ? (
                    <>
                      {a.by?.name} · <Time at={a.at} />
                    </>
                  ) : (
                    <Trans>waits</Trans>
                  )}
                </span>
              </p>
              {(a.answers ?? []).map((x, i) => (
                <p key={a.questions?.[i] ?? i} className="text-ink-2">
                  {a.questions?.[i]} <b className="font-strong">{answerName(x.answer)}</b> {x.text}
                </p>
              ))}
              {a.note && <p className="mt-1 text-ink-2">{a.note}</p>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
