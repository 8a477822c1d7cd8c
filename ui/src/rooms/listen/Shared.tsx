import { Plural, Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { AsidePart, Avatar, Button, States, Time } from "../../kit";
import { count } from "../../lib/format";
import { useMay } from "../../lib/session";
import { type Mention, useShares } from "./data";

// Shared is who passed a post on, as far as the network tells who. Where nobody
// is known, nothing stands here.
export function Shared({ of: m }: { of: Mention }) {
  const shares = useShares(m.shared_by > 0 ? m.id : undefined);
  const people = useMay("people.read");
  if (m.shared_by === 0) return null;
  return (
    <AsidePart
      title={<Trans>Shared by</Trans>}
      end={
        m.shares > m.shared_by ? (
          <Trans>
            {count(m.shared_by)} known of {count(m.shares)}
          </Trans>
        ) : (
          <Plural value={m.shared_by} one="one share" other="# shares" />
        )
      }
    >
      <States of={shares}>
        {(rows) => (
          <>
            <ul>
              {rows.map((s) => (
                <li
                  key={`${s.identity}${s.at}`}
                  className="flex min-h-9 items-center gap-2.5 border-b border-line"
                >
                  <Avatar name={s.name} src={s.avatar} size="sm" />
                  <span className="min-w-0 truncate">
                    {s.person && people ? (
                      <Link to="/people/$id" params={{ id: s.person }} className="hover:underline">
                        {s.name}
                      </Link>
                    ) : (
                      s.name
                    )}{" "}
                    {s.handle && <span className="text-ink-3">@{s.handle}</span>}
                  </span>
                  <span className="ms-auto flex-none text-xs text-ink-3">
                    {s.kind === "quote" && (
                      <>
                        <Trans>quoted</Trans>{" "}
                      </>
                    )}
                    <Time at={s.at} />
                  </span>
                </li>
              ))}
            </ul>
            {shares.hasMore && (
              <Button look="g" size="sm" busy={shares.loadingMore} onClick={shares.more}>
                <Trans>Show more</Trans>
              </Button>
            )}
          </>
        )}
      </States>
    </AsidePart>
  );
}
