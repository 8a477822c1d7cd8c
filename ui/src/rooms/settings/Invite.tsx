import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { UserPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, Dialog, Field, Input, Select } from "../../kit";
import { full } from "../../lib/format";
import { sentenceOf } from "../../lib/problem";
import { fault, type Grant, type Role, useMemberActs } from "./data";
import { GrantRows } from "./Grants";
import { Once } from "./Once";
import { roleHelp, roleName } from "./words";

// Invite makes a link that lets one person in.
export function Invite() {
  const { invite } = useMemberActs();
  const [open, setOpen] = useState(false);
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role | "">("responder");
  const [grants, setGrants] = useState<Grant[]>([]);
  const placed = fault(invite.error, "email") ?? fault(invite.error, "name");
  const send = (e: FormEvent) => {
    e.preventDefault();
    invite.mutate(
      {
        email: email.trim(),
        role,
        ...(name.trim() ? { name: name.trim() } : {}),
        ...(grants.length ? { programmes: grants } : {}),
      },
      {
        onSuccess: () => {
          setOpen(false);
          setName("");
          setGrants([]);
        },
      },
    );
  };
  return (
    <>
      <Dialog
        open={open}
        onOpenChange={(o) => {
          setOpen(o);
          if (o) invite.reset();
        }}
        title={<Trans>Invite somebody</Trans>}
        text={<Trans>You get a link to give them. It works once.</Trans>}
        trigger={
          <Button look="p" touch>
            <UserPlus className="i s" aria-hidden />
            <Trans>Invite</Trans>
          </Button>
        }
      >
        <form className="touch flex flex-col gap-3" onSubmit={send}>
          <Field label={<Trans>Email</Trans>} error={fault(invite.error, "email")}>
            <Input
              name="email"
              type="email"
              required
              value={email}
              onChange={(e) => setEmail(e.target.value)}
              autoComplete="off"
              autoFocus
            />
          </Field>
          <Field
            label={<Trans>Name</Trans>}
            help={<Trans>They can change it when they come in.</Trans>}
            error={fault(invite.error, "name")}
          >
            <Input
              name="name"
              value={name}
              onChange={(e) => setName(e.target.value)}
              maxLength={200}
              autoComplete="off"
            />
          </Field>
          <Field label={<Trans>Role</Trans>} help={roleHelp(role)}>
            <Select
              value={role}
              onChange={setRole}
              choices={(["admin", "manager", "responder", "viewer", ""] as const).map((r) => ({
                value: r,
                label: roleName(r),
                help: roleHelp(r),
              }))}
            />
          </Field>
          <div className="field">
            <span className="label">
              <Trans>In programmes</Trans>
            </span>
            <GrantRows value={grants} onChange={setGrants} />
          </div>
          {invite.error && !placed && (
            <p role="alert" className="help bad">
              {sentenceOf(invite.error)}
            </p>
          )}
          <div className="flex justify-end">
            <Button type="submit" look="p" busy={invite.isPending} onClick={() => {}}>
              <Trans>Make the link</Trans>
            </Button>
          </div>
        </form>
      </Dialog>
      <Once
        open={Boolean(invite.data) && !open}
        onClose={() => {
          invite.reset();
          setEmail("");
        }}
        title={<Trans>The invitation for {email}</Trans>}
        text={
          invite.data && (
            <Trans>Send it to them yourself. It works once, until {full(invite.data.expires_at)}.</Trans>
          )
        }
        label={t`Link`}
        value={invite.data?.link ?? ""}
      />
    </>
  );
}
