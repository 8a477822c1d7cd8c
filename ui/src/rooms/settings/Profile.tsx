import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button, Chip, Confirm, Field, Input, Section, Segments, States, Table, Time, tell } from "../../kit";
import { language } from "../../lib/format";
import { sentenceOf } from "../../lib/problem";
import { useSession } from "../../lib/session";
import { setTheme, type Theme, useTheme } from "../../lib/theme";
import { fault, useSelf, useSessions } from "./data";
import { Frame } from "./Frame";
import { Letters } from "./Letters";
import { agent, roleName } from "./words";

// Profile is one's own account: name, password, where one is signed in, how it looks.
export function Profile() {
  const me = useSession()?.member;
  return (
    <Frame name={t`Profile`} beside={me && <Chip tone="outline">{roleName(me.role)}</Chip>}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-9 lg:grid-cols-2">
        <div className="flex flex-col gap-9">
          {me && <Name key={me.id} name={me.name} email={me.email} />}
          <Password />
        </div>
        <div className="flex flex-col gap-9">
          <Looks />
          <Letters />
          <Sessions />
        </div>
      </div>
    </Frame>
  );
}

function Name({ name, email }: { name: string; email: string }) {
  const { rename } = useSelf();
  const [value, setValue] = useState(name);
  const send = (e: FormEvent) => {
    e.preventDefault();
    rename.mutate(value.trim(), { onSuccess: () => tell({ text: t`Saved.` }) });
  };
  return (
    <Section title={<Trans>You</Trans>} end={email}>
      <form className="touch flex max-w-md flex-col gap-3 pt-3" onSubmit={send}>
        <Field
          label={<Trans>Name</Trans>}
          help={<Trans>How colleagues see you.</Trans>}
          error={rename.error ? sentenceOf(rename.error) : undefined}
        >
          <Input
            name="name"
            value={value}
            onChange={(e) => setValue(e.target.value)}
            required
            maxLength={200}
            autoComplete="name"
          />
        </Field>
        <div>
          <Button type="submit" look="p" busy={rename.isPending} onClick={() => {}}>
            <Trans>Save name</Trans>
          </Button>
        </div>
      </form>
    </Section>
  );
}

function Password() {
  const { password } = useSelf();
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = e.currentTarget;
    const f = new FormData(form);
    password.mutate(
      { current: String(f.get("current")), next: String(f.get("next")) },
      {
        onSuccess: () => {
          form.reset();
          tell({ text: t`The new password holds. Other sessions have ended.` });
        },
      },
    );
  };
  const err = password.error;
  const placed = fault(err, "current") ?? fault(err, "next");
  return (
    <Section title={<Trans>Password</Trans>}>
      <form className="touch flex max-w-md flex-col gap-3 pt-3" onSubmit={send}>
        <Field
          label={<Trans>Password now</Trans>}
          error={fault(err, "current") ?? (err && !placed ? sentenceOf(err) : undefined)}
        >
          <Input name="current" type="password" required autoComplete="current-password" />
        </Field>
        <Field
          label={<Trans>New password</Trans>}
          help={<Trans>At least 10 characters; a sentence is good.</Trans>}
          error={fault(err, "next")}
        >
          <Input name="next" type="password" required autoComplete="new-password" />
        </Field>
        <div>
          <Button type="submit" busy={password.isPending} onClick={() => {}}>
            <Trans>Change password</Trans>
          </Button>
        </div>
      </form>
    </Section>
  );
}

function Looks() {
  const theme = useTheme();
  const themes: { value: Theme; label: string }[] = [
    { value: "system", label: t`As the system` },
    { value: "light", label: t`Light` },
    { value: "dark", label: t`Dark` },
  ];
  return (
    <Section title={<Trans>How it looks</Trans>}>
      <div className="flex flex-col items-start gap-3 pt-3">
        <Segments label={t`Theme`} parts={themes} value={theme} onChange={setTheme} />
        <p className="text-ink-2">
          <Trans>
            Language: {language(document.documentElement.lang)}. It follows your browser; dates and numbers
            follow its region.
          </Trans>
        </p>
      </div>
    </Section>
  );
}

function Sessions() {
  const sessions = useSessions();
  const { end, endAll } = useSelf();
  const router = useRouter();
  const [asks, setAsks] = useState(false);
  return (
    <Section title={<Trans>Where you are signed in</Trans>}>
      <States of={sessions}>
        {(rows) => (
          <Table
            label={t`Where you are signed in`}
            head={
              <>
                <th>
                  <Trans>Browser</Trans>
                </th>
                <th className="max-sm:hidden">
                  <Trans>Address</Trans>
                </th>
                <th>
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
            {rows.map((s) => (
              <tr key={s.id}>
                <td title={s.agent}>
                  {agent(s.agent)}{" "}
                  {s.current && (
                    <Chip tone="good">
                      <Trans>this one</Trans>
                    </Chip>
                  )}
                </td>
                <td className="mono text-ink-2 max-sm:hidden">{s.ip}</td>
                <td className="text-ink-2">
                  <Time at={s.last_seen_at} />
                </td>
                <td className="num">
                  {!s.current && (
                    <Button
                      look="g"
                      size="sm"
                      touch
                      busy={end.isPending && end.variables === s.id}
                      onClick={() => end.mutate(s.id)}
                    >
                      <Trans>End</Trans>
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </States>
      <div className="pt-4">
        <Confirm
          open={asks}
          onOpenChange={setAsks}
          trigger={
            <Button look="d" touch>
              <Trans>Sign out everywhere</Trans>
            </Button>
          }
          title={<Trans>Sign out everywhere?</Trans>}
          text={<Trans>Here too. You sign in again with your password.</Trans>}
          look="d"
          act={<Trans>Sign out everywhere</Trans>}
          busy={endAll.isPending}
          onAct={() => endAll.mutate(undefined, { onSuccess: () => void router.navigate({ to: "/signin" }) })}
        />
      </div>
    </Section>
  );
}
