import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button, Dialog, DialogClose, Select, States, tell } from "../../kit";
import { type Grant, type GrantRole, type Member, useMemberActs, useProgrammes } from "./data";
import { roleName } from "./words";

// GrantRows choose a role in each programme, or none.
export function GrantRows({ value, onChange }: { value: readonly Grant[]; onChange: (v: Grant[]) => void }) {
  const programmes = useProgrammes();
  const set = (programme: string, role: GrantRole | "") => {
    const rest = value.filter((g) => g.programme !== programme);
    onChange(role ? [...rest, { programme, role }] : rest);
  };
  return (
    <States
      of={programmes}
      none={(p) => p.length === 0}
      empty={
        <p className="text-ink-2">
          <Trans>There is no programme yet.</Trans>
        </p>
      }
    >
      {(rows) => (
        <ul className="flex flex-col gap-2">
          {rows.map((p) => (
            <li key={p.id} className="flex items-center gap-3">
              <span className="min-w-0 flex-1 truncate">{p.name}</span>
              <Select
                className="max-w-44"
                label={t`Role in ${p.name}`}
                value={value.find((g) => g.programme === p.id)?.role ?? ""}
                onChange={(r) => set(p.id, r as GrantRole | "")}
                choices={[
                  { value: "", label: t`No role of its own` },
                  ...(["manager", "responder", "viewer"] as const).map((r) => ({
                    value: r as string,
                    label: roleName(r),
                  })),
                ]}
              />
            </li>
          ))}
        </ul>
      )}
    </States>
  );
}

// Grants changes the roles somebody has within programmes.
export function Grants({ m, onClose }: { m: Member; onClose: () => void }) {
  const { change } = useMemberActs();
  const name = m.name || m.email;
  const [value, setValue] = useState<Grant[]>(
    (m.programmes ?? []).map((p) => ({ programme: p.id, role: p.role as GrantRole })),
  );
  return (
    <Dialog
      open
      onOpenChange={(o) => !o && onClose()}
      title={<Trans>What {name} may do in programmes</Trans>}
      text={
        <Trans>On top of the role everywhere. Who is in no programme and has no role sees nothing.</Trans>
      }
      acts={
        <>
          <DialogClose
            render={
              <Button look="g">
                <Trans>Not now</Trans>
              </Button>
            }
          />
          <Button
            look="p"
            busy={change.isPending}
            onClick={() =>
              change.mutate(
                { id: m.id, grants: value },
                {
                  onSuccess: () => {
                    tell({ text: t`${name}’s roles are changed.` });
                    onClose();
                  },
                },
              )
            }
          >
            <Trans>Save roles</Trans>
          </Button>
        </>
      }
    >
      <GrantRows value={value} onChange={setValue} />
    </Dialog>
  );
}
