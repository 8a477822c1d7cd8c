import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Avatar, ChartFrame, NoData, Table } from "../../kit";
import { count, short } from "../../lib/format";
import { useMay } from "../../lib/session";
import type { Explored } from "./data";
import { Net } from "./Topics";

interface Props {
  of: Explored;
  chosen: string | undefined;
  onChoose: (author: string | undefined) => void;
}

// Authors are those who said most.
export function Authors({ of: e, chosen, onChoose }: Props) {
  const people = useMay("people.read");
  const rows = e.authors ?? [];
  const title = t`Who sets the tone`;
  return (
    <ChartFrame
      title={title}
      def={{
        word: t`by posts`,
        text: t`The accounts that said most in this time, and how many follow them.`,
      }}
      n={e.total.count}
      missing={
        e.authors_of > 0 && (
          <Trans>of part of a day only the newest {count(e.authors_of)} posts were counted</Trans>
        )
      }
      table={{
        head: [t`Name`, t`Handle`, t`Followers`, t`Posts`, t`Negative`, t`Neutral`, t`Positive`],
        rows: rows.map((a) => [
          a.name,
          `@${a.handle}`,
          a.followers,
          a.count,
          a.negative,
          a.neutral,
          a.positive,
        ]),
      }}
    >
      {rows.length === 0 ? (
        <NoData />
      ) : (
        <Table
          label={title}
          head={
            <>
              <th>
                <Trans>Name</Trans>
              </th>
              <th className="num">
                <Trans>Followers</Trans>
              </th>
              <th className="max-md:hidden">
                <Trans>Net feeling</Trans>
              </th>
              <th className="num">
                <Trans>Posts</Trans>
              </th>
            </>
          }
        >
          {rows.slice(0, 12).map((a) => (
            <tr
              key={a.identity}
              className={chosen === a.identity ? "bg-chosen shadow-[inset_2px_0_var(--color-voice)]" : ""}
            >
              <td>
                <span className="flex min-w-0 items-center gap-2.5">
                  <Avatar name={a.name} src={a.avatar} size="sm" />
                  {a.person && people ? (
                    <Link to="/people/$id" params={{ id: a.person }} className="truncate hover:underline">
                      {a.name}
                    </Link>
                  ) : (
                    <span className="truncate">{a.name}</span>
                  )}
                </span>
              </td>
              <td className="num">{short(a.followers)}</td>
              <td className="max-md:hidden">
                <Net of={a} />
              </td>
              <td className="num">
                <button
                  type="button"
                  className="link min-h-6"
                  aria-pressed={chosen === a.identity}
                  aria-label={t`${count(a.count)} posts by ${a.name}`}
                  onClick={() => onChoose(chosen === a.identity ? undefined : a.identity)}
                >
                  {count(a.count)}
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </ChartFrame>
  );
}
