import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import {
  Avatar,
  Button,
  Chip,
  Confirm,
  Empty,
  Menu,
  MenuItem,
  MenuLabel,
  MenuLine,
  States,
  Table,
  Time,
  tell,
} from "../../kit";
import { full } from "../../lib/format";
import { useMay, useSession } from "../../lib/session";
import { type Member, type Role, useMemberActs, useMembers } from "./data";
import { Frame } from "./Frame";
import { Grants } from "./Grants";
import { Invite } from "./Invite";
import { Once } from "./Once";
import { roleName } from "./words";

// Members are the colleagues who are in, and what each may do.
export function Members() {
  const reads = useMay("govern.read");
  const may = useMay("member.write");
  const members = useMembers(reads);
  return (
    <Frame name={t`Members`} may={reads} acts={may && <Invite />}>
      {!may && (
        <p className="pb-4 text-ink-2">
          <Trans>Administrators invite people and change what they may do.</Trans>
        </p>
      )}
      <States
        of={members}
        empty={
          <Empty title={<Trans>Nobody is here yet.</Trans>}>
            <Trans>Whoever follows an invitation appears here.</Trans>
          </Empty>
        }
      >
        {(rows) => (
          <>
            <Table
              label={t`Members`}
              head={
                <>
                  <th>
                    <Trans>Name</Trans>
                  </th>
                  <th>
                    <Trans>Role</Trans>
                  </th>
                  <th className="max-md:hidden">
                    <Trans>In programmes</Trans>
                  </th>
                  <th className="max-sm:hidden">
                    <Trans>Policies</Trans>
                  </th>
                  <th className="max-sm:hidden">
                    <Trans>Last seen</Trans>
                  </th>
                  <th>
                    <span className="sr-only">
                      <Trans>Acts</Trans>
                    </span>
                  </th>
                </>
              }
            >
              {rows.map((m) => (
                <Row key={m.id} m={m} may={may} />
              ))}
            </Table>
            <p className="pt-3 text-xs text-ink-3">
              <Plural value={rows.length} one="One person." other="# people." />
            </p>
          </>
        )}
      </States>
    </Frame>
  );
}

function Row({ m, may }: { m: Member; may: boolean }) {
  const programmes = m.programmes ?? [];
  return (
    <tr>
      <td>
        <span className="flex items-center gap-2.5 py-1">
          <Avatar name={m.name || m.email} us={m.state === "active"} size="sm" />
          <span className="min-w-0">
            <span className={m.state === "disabled" ? "text-ink-3" : "font-medium"}>{m.name || m.email}</span>
            {m.state === "invited" && (
              <>
                {" "}
                <Chip tone="wait">
                  <Trans>invited</Trans>
                </Chip>
              </>
            )}
            {m.state === "disabled" && (
              <>
                {" "}
                <Chip tone="outline">
                  <Trans>shut out</Trans>
                </Chip>
              </>
            )}
            <span className="block truncate text-xs text-ink-3 max-sm:max-w-40">{m.email}</span>
          </span>
        </span>
      </td>
      <td>{roleName(m.role)}</td>
      <td className="text-ink-2 max-md:hidden">
        {programmes.length ? programmes.map((p) => `${p.name} (${roleName(p.role)})`).join(", ") : "–"}
      </td>
      <td className="max-sm:hidden">
        {m.acknowledged ? (
          <Chip tone="good">
            <Trans>read</Trans>
          </Chip>
        ) : (
          <Chip tone="wait">
            <Trans>something is unread</Trans>
          </Chip>
        )}
      </td>
      <td className="text-ink-2 max-sm:hidden">
        {m.last_seen_at ? <Time at={m.last_seen_at} /> : <Trans>never</Trans>}
      </td>
      <td className="num">{may && <Acts m={m} />}</td>
    </tr>
  );
}

const roles: readonly (Role | "")[] = ["admin", "manager", "responder", "viewer", ""];

function Acts({ m }: { m: Member }) {
  const me = useSession()?.member?.id === m.id;
  const { change, reset } = useMemberActs();
  const [asks, setAsks] = useState(false);
  const [grants, setGrants] = useState(false);
  const name = m.name || m.email;
  const off = m.state === "disabled";
  const give = (role: Role | "") =>
    change.mutate(
      { id: m.id, role },
      {
        onSuccess: () =>
          tell({
            text: t`${name}: ${roleName(role)}.`,
            undo: () => change.mutate({ id: m.id, role: m.role as Role | "" }),
          }),
      },
    );
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button look="g" size="sm" square touch aria-label={t`Acts on ${name}`} title={t`Acts on ${name}`}>
            <Ellipsis className="i" aria-hidden />
          </Button>
        }
      >
        <MenuLabel>
          <Trans>Role</Trans>
        </MenuLabel>
        {roles.map((r) => (
          <MenuItem key={r || "none"} chosen={r === m.role} disabled={me} onSelect={() => give(r)}>
            {roleName(r)}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem onSelect={() => setGrants(true)}>
          <Trans>Roles in programmes</Trans>
        </MenuItem>
        {m.state === "active" && (
          <MenuItem onSelect={() => reset.mutate(m.id)}>
            <Trans>Make a link for a new password</Trans>
          </MenuItem>
        )}
        {!me && m.state !== "invited" && (
          <MenuItem
            danger={!off}
            onSelect={() => (off ? change.mutate({ id: m.id, state: "active" }) : setAsks(true))}
          >
            {off ? <Trans>Let in again</Trans> : <Trans>Shut out</Trans>}
          </MenuItem>
        )}
      </Menu>
      <Confirm
        open={asks}
        onOpenChange={setAsks}
        title={<Trans>Shut {name} out?</Trans>}
        text={<Trans>All sessions end at once. What was said and done stays, under this name.</Trans>}
        look="d"
        act={<Trans>Shut out</Trans>}
        busy={change.isPending}
        onAct={() => change.mutate({ id: m.id, state: "disabled" }, { onSuccess: () => setAsks(false) })}
      />
      {grants && <Grants m={m} onClose={() => setGrants(false)} />}
      <Once
        open={Boolean(reset.data)}
        onClose={reset.reset}
        title={<Trans>A link for {name}</Trans>}
        text={
          reset.data && (
            <Trans>
              Give it to {name}. It sets a new password, works once, and until {full(reset.data.expires_at)}.
            </Trans>
          )
        }
        label={<Trans>Link</Trans>}
        value={reset.data?.link ?? ""}
      />
    </>
  );
}
