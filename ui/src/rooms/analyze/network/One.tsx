import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { AppLink, Avatar, Button, btn, Empty, Facts, States } from "../../../kit";
import { count } from "../../../lib/format";
import { reasons } from "../../../lib/influence";
import { useMay } from "../../../lib/session";
import { useInfluence } from "../web";

// One is somebody of the network: why they are listened to, and with whom they talk.
export function One({
  id,
  programme,
  onClose,
  onWho,
}: {
  id: string;
  programme: string | undefined;
  onClose: () => void;
  onWho: (id: string) => void;
}) {
  const found = useInfluence([id], programme);
  const people = useMay("people.read");
  return (
    <div className="px-5 py-4">
      <Button look="g" size="sm" onClick={onClose}>
        <Trans>All circles</Trans>
      </Button>
      <States of={found} empty={<Empty title={<Trans>They are not in this network.</Trans>} />}>
        {([w]) =>
          w && (
            <>
              <div className="mt-3 flex items-center gap-3">
                <Avatar name={w.name} size="lg" />
                <div className="min-w-0">
                  <h2 className="truncate text-lg font-strong">{w.name}</h2>
                  <p className="truncate text-ink-3">@{w.handle}</p>
                </div>
              </div>
              <p className="mt-3 text-lg">
                <Trans>
                  Place {count(w.place)} of {count(w.people)}: {reasons(w.why)}.
                </Trans>
              </p>
              <div className="mt-3">
                <Facts
                  of={[
                    [<Trans key="f">Followers</Trans>, count(w.followers)],
                    [<Trans key="p">Posts we heard</Trans>, count(w.why.posts)],
                    [<Trans key="s">Shared, as told</Trans>, count(w.why.shares)],
                    [
                      <Trans key="t">Turns to</Trans>,
                      <Plural key="tv" value={w.why.turned} one="# person" other="# people" />,
                    ],
                    [<Trans key="c">Circles they talk with</Trans>, count(w.why.circles)],
                    [
                      <Trans key="b">Bridge</Trans>,
                      <Trans key="bv">
                        {Math.round(w.bridge)} of 100, place {count(w.bridge_no)}
                      </Trans>,
                    ],
                  ]}
                />
              </div>
              <p className="mt-3 flex flex-wrap gap-2">
                {w.person && people && (
                  <AppLink href={`/people/${w.person}`} className={btn("o", "sm")}>
                    <Trans>Open the person</Trans>
                  </AppLink>
                )}
                <Link to="/analyze" search={{ range: "90d", author: w.identity }} className={btn("g", "sm")}>
                  <Trans>What they say</Trans>
                </Link>
              </p>
              <h3 className="mt-5 text-xs text-ink-3">
                <Trans>Talks most with</Trans>
              </h3>
              <ul>
                {(w.neighbours ?? []).map((o) => (
                  <li key={o.identity} className="border-b border-line">
                    <button
                      type="button"
                      className="flex min-h-9 w-full items-center gap-2.5 text-start hover:underline"
                      onClick={() => onWho(o.identity)}
                    >
                      <Avatar name={o.name} size="sm" />
                      <span className="truncate">{o.name}</span>
                      <span className="ms-auto text-xs text-ink-3">
                        <Plural value={o.times} one="once" other="# times" />
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </States>
    </div>
  );
}
