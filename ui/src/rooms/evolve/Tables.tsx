import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { AppLink, ChannelMark, net, Section, Table } from "../../kit";
import { count, money, signed, span } from "../../lib/format";
import type { Board } from "./data";

export const sums = (values: readonly { value: number; currency: string }[] | null | undefined) =>
  (values ?? []).map((v) => money(v.value, v.currency)).join(" + ");

// Channels compares where people speak and how they are answered there.
export function Channels({ of: b }: { of: Board }) {
  const rows = b.by_channel ?? [];
  return (
    <Section title={<Trans>By channel</Trans>} n={rows.length}>
      {rows.length === 0 ? (
        <p className="py-3 text-ink-2">
          <Trans>No channel heard anything in this time.</Trans>
        </p>
      ) : (
        <Table
          label={t`By channel`}
          head={
            <>
              <th>
                <Trans>Channel</Trans>
              </th>
              <th className="num">
                <Trans>To us</Trans>
              </th>
              <th className="num">
                <Trans>Answered</Trans>
              </th>
              <th className="num">
                <Trans>Median</Trans>
              </th>
              <th className="num">
                <Trans>Net feeling</Trans>
              </th>
            </>
          }
        >
          {rows.map((c) => {
            const felt = net(c);
            return (
              <tr key={c.channel.id}>
                <td>
                  <span className="flex items-center gap-2">
                    <ChannelMark kind={c.channel.kind} mark={c.channel.mark} inline />
                    <AppLink href={`/listen?channel=${c.channel.id}`} className="truncate hover:underline">
                      {c.channel.name}
                    </AppLink>
                  </span>
                </td>
                <td className="num">{count(c.directed)}</td>
                <td className="num">
                  {count(c.answered)} <span className="text-ink-3">/ {count(c.opened)}</span>
                </td>
                <td className="num">{c.median_s === null ? "–" : span(c.median_s)}</td>
                <td className="num">{felt === undefined ? "–" : signed(felt)}</td>
              </tr>
            );
          })}
        </Table>
      )}
    </Section>
  );
}

// Credits lists the conversations that brought most.
export function Credits({ of: b }: { of: Board }) {
  const rows = b.credits ?? [];
  return (
    <Section title={<Trans>Credited conversations</Trans>} n={rows.length}>
      {rows.length === 0 ? (
        <p className="py-3 text-ink-2">
          <Trans>
            When somebody follows a link in an answer and buys, the conversation stands here. Your shop
            reports it to the API.
          </Trans>
        </p>
      ) : (
        <Table
          label={t`Credited conversations`}
          head={
            <>
              <th>
                <Trans>Conversation</Trans>
              </th>
              <th className="num">
                <Trans>Clicks</Trans>
              </th>
              <th className="num">
                <Trans>Outcomes</Trans>
              </th>
              <th className="num">
                <Trans>Value</Trans>
              </th>
            </>
          }
        >
          {rows.map((c) => (
            <tr key={c.conversation}>
              <td className="max-w-0 w-full">
                <Link
                  to="/engage"
                  search={{ view: "all", c: c.conversation }}
                  className="block truncate hover:underline"
                >
                  <b className="font-strong">{c.author}</b>{" "}
                  <span className="said text-ink-2">{c.subject}</span>
                </Link>
              </td>
              <td className="num">{count(c.clicks)}</td>
              <td className="num">{count(c.conversions)}</td>
              <td className="num">{sums(c.value) || "–"}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
