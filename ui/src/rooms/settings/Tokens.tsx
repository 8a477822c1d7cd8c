import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, Confirm, Empty, States, Table, Time, tell } from "../../kit";
import { day } from "../../lib/format";
import { useMay } from "../../lib/session";
import { type Token, useTokenActs, useTokens } from "./data";
import { Frame } from "./Frame";
import { NewToken } from "./NewToken";
import { roleName } from "./words";

// Tokens let programs speak to Parley; each can do what its role may.
export function Tokens() {
  const may = useMay("token.write");
  const tokens = useTokens(may);
  return (
    <Frame name={t`API tokens`} may={may} acts={<NewToken />}>
      <p className="max-w-(--measure) pb-4 text-ink-2">
        <Trans>
          A program shows its token and may then do what the token’s role allows. All there is to call stands
          in the{" "}
          <a href="/api/docs" target="_blank" rel="noreferrer" className="link underline">
            API reference
          </a>
          .
        </Trans>
      </p>
      <States
        of={tokens}
        empty={
          <Empty title={<Trans>No program has a token.</Trans>} acts={<NewToken />}>
            <Trans>Make one for a shop that reports outcomes, or a script that reads numbers.</Trans>
          </Empty>
        }
      >
        {(rows) => (
          <Table
            label={t`API tokens`}
            head={
              <>
                <th>
                  <Trans>Name</Trans>
                </th>
                <th>
                  <Trans>Role</Trans>
                </th>
                <th className="max-md:hidden">
                  <Trans>Only for</Trans>
                </th>
                <th className="max-sm:hidden">
                  <Trans>Last used</Trans>
                </th>
                <th className="max-sm:hidden">
                  <Trans>Ends</Trans>
                </th>
                <th>
                  <span className="sr-only">
                    <Trans>Acts</Trans>
                  </span>
                </th>
              </>
            }
          >
            {rows.map((k) => (
              <Row key={k.id} k={k} />
            ))}
          </Table>
        )}
      </States>
    </Frame>
  );
}

function Row({ k }: { k: Token }) {
  const { revoke } = useTokenActs();
  const [asks, setAsks] = useState(false);
  const over = k.expires_at !== undefined && Date.parse(k.expires_at) < Date.now();
  return (
    <tr>
      <td>
        <span className="block py-1">
          <span className="font-medium">{k.name}</span>
          <span className="block text-xs text-ink-3">
            {k.created_by ? <Trans>made by {k.created_by.name}</Trans> : null} <Time at={k.created_at} />
          </span>
        </span>
      </td>
      <td>{roleName(k.role)}</td>
      <td className="mono text-xs text-ink-2 max-md:hidden">
        {k.scopes?.length ? k.scopes.join(", ") : <Trans>all the role may</Trans>}
      </td>
      <td className="text-ink-2 max-sm:hidden">
        {k.last_used_at ? <Time at={k.last_used_at} /> : <Trans>never</Trans>}
      </td>
      <td className="text-ink-2 max-sm:hidden">
        {k.expires_at ? (
          over ? (
            <Trans>over</Trans>
          ) : (
            <Time at={k.expires_at} show={day} />
          )
        ) : (
          <Trans>never</Trans>
        )}
      </td>
      <td className="num">
        <Confirm
          open={asks}
          onOpenChange={setAsks}
          trigger={
            <Button
              look="g"
              size="sm"
              square
              touch
              aria-label={t`Revoke ${k.name}`}
              title={t`Revoke ${k.name}`}
            >
              <Trash2 className="i s" aria-hidden />
            </Button>
          }
          title={<Trans>Revoke {k.name}?</Trans>}
          text={<Trans>Whatever uses it stops working at once. It can’t be brought back.</Trans>}
          look="d"
          act={<Trans>Revoke it</Trans>}
          busy={revoke.isPending}
          onAct={() =>
            revoke.mutate(k.id, { onSuccess: () => tell({ text: t`${k.name} no longer works.` }) })
          }
        />
      </td>
    </tr>
  );
}
