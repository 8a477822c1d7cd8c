import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button, Checkbox, Dialog, Field, Input, Select } from "../../kit";
import { sentenceOf } from "../../lib/problem";
import { useSession } from "../../lib/session";
import { fault, type Role, useTokenActs } from "./data";
import { Once } from "./Once";
import { roleHelp, roleName } from "./words";

const lives = { "": 0, "30": 30, "90": 90, "365": 365 } as const;
type Life = keyof typeof lives;

// NewToken makes a token and shows it, once.
export function NewToken() {
  const { add } = useTokenActs();
  const mine = useSession()?.member?.permissions ?? [];
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [life, setLife] = useState<Life>("90");
  const [narrow, setNarrow] = useState(false);
  const [scopes, setScopes] = useState<string[]>([]);
  const placed = fault(add.error, "name");
  const send = (e: FormEvent) => {
    e.preventDefault();
    const days = lives[life];
    add.mutate(
      {
        name: name.trim(),
        role,
        ...(narrow && scopes.length ? { scopes } : {}),
        ...(days ? { expires_at: new Date(Date.now() + days * 86_400_000).toISOString() } : {}),
      },
      { onSuccess: () => setOpen(false) },
    );
  };
  return (
    <>
      <Dialog
        open={open}
        onOpenChange={(o) => {
          setOpen(o);
          if (o) add.reset();
        }}
        title={<Trans>Make a token</Trans>}
        trigger={
          <Button look="p" touch>
            <Plus className="i s" aria-hidden />
            <Trans>New token</Trans>
          </Button>
        }
      >
        <form className="touch flex flex-col gap-3" onSubmit={send}>
          <Field
            label={<Trans>Name</Trans>}
            help={<Trans>What uses it, such as “shop”.</Trans>}
            error={placed}
          >
            <Input
              name="name"
              required
              maxLength={200}
              value={name}
              onChange={(e) => setName(e.target.value)}
              autoComplete="off"
              autoFocus
            />
          </Field>
          <Field label={<Trans>Role</Trans>} help={roleHelp(role)}>
            <Select
              value={role}
              onChange={setRole}
              choices={(["viewer", "responder", "manager", "admin"] as const).map((r) => ({
                value: r,
                label: roleName(r),
              }))}
            />
          </Field>
          <Field label={<Trans>Works for</Trans>}>
            <Select<Life>
              value={life}
              onChange={setLife}
              choices={[
                { value: "30", label: t`30 days` },
                { value: "90", label: t`90 days` },
                { value: "365", label: t`a year` },
                { value: "", label: t`until it is revoked` },
              ]}
            />
          </Field>
          <Checkbox
            label={<Trans>Only for some things</Trans>}
            help={<Trans>Otherwise it may do all that its role may.</Trans>}
            checked={narrow}
            onChange={setNarrow}
          />
          {narrow && (
            <fieldset className="grid grid-cols-2 gap-x-4 gap-y-1.5 ps-7">
              <legend className="sr-only">
                <Trans>What it may do</Trans>
              </legend>
              {mine.map((s) => (
                <Checkbox
                  key={s}
                  label={<span className="mono">{s}</span>}
                  checked={scopes.includes(s)}
                  onChange={(on) => setScopes(on ? [...scopes, s] : scopes.filter((x) => x !== s))}
                />
              ))}
            </fieldset>
          )}
          {add.error && !placed && (
            <p role="alert" className="help bad">
              {sentenceOf(add.error)}
            </p>
          )}
          <div className="flex justify-end">
            <Button type="submit" look="p" busy={add.isPending} onClick={() => {}}>
              <Trans>Make the token</Trans>
            </Button>
          </div>
        </form>
      </Dialog>
      <Once
        open={Boolean(add.data) && !open}
        onClose={() => {
          add.reset();
          setName("");
        }}
        title={<Trans>The token {name}</Trans>}
        text={<Trans>Copy it now: it is not stored in the clear, so it can’t be shown again.</Trans>}
        label={<Trans>Token</Trans>}
        value={add.data?.token ?? ""}
      />
    </>
  );
}
