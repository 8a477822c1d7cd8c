import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { Button, Dialog, Field, Select } from "../../kit";
import { type Charter, useMembers, useRules } from "./data";
import { fault } from "./NewProgramme";
import { roleName } from "./Programme";

type Role = "manager" | "responder" | "viewer";

// Enrol puts a member into a programme, with a role that holds inside it.
export function Enrol({ of: p }: { of: Charter }) {
  const [open, setOpen] = useState(false);
  const [who, setWho] = useState("");
  const [role, setRole] = useState<Role>("responder");
  const members = useMembers(open);
  const { enrol } = useRules();
  const here = new Set((p.members ?? []).map((m) => m.id));
  const free = (members.data ?? []).filter((m) => !here.has(m.id) && m.state !== "disabled");
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={<Trans>Who joins {p.name}?</Trans>}
      trigger={
        <Button look="o" size="sm" touch>
          <UserPlus className="i s" aria-hidden />
          <Trans>Add somebody</Trans>
        </Button>
      }
      acts={
        <Button
          look="p"
          busy={enrol.isPending}
          {...(who ? {} : { why: t`Choose somebody first.` })}
          onClick={() =>
            enrol.mutate(
              { id: p.id, member: who, role },
              {
                onSuccess: () => {
                  setOpen(false);
                  setWho("");
                },
              },
            )
          }
        >
          <Trans>Add them</Trans>
        </Button>
      }
    >
      <div className="touch flex flex-col gap-3">
        <Field label={<Trans>Member</Trans>} error={fault(enrol.error, "member") ?? enrol.error?.message}>
          <Select
            label={t`Member`}
            value={who}
            onChange={setWho}
            choices={[
              {
                value: "",
                label: free.length === 0 && members.data ? t`Everybody is in already` : t`Choose somebody`,
              },
              ...free.map((m) => ({ value: m.id, label: m.name || m.email })),
            ]}
          />
        </Field>
        <Field
          label={<Trans>Role here</Trans>}
          help={
            <Trans>
              Responders may answer, once they have read what is required. Managers may also change things.
            </Trans>
          }
        >
          <Select<Role>
            label={t`Role here`}
            value={role}
            onChange={setRole}
            choices={(["responder", "manager", "viewer"] as const).map((r) => ({
              value: r,
              label: roleName(r),
            }))}
          />
        </Field>
      </div>
    </Dialog>
  );
}
