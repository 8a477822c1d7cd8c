import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { Field, Input, Skeleton } from "../../kit";
import { Problem } from "../../lib/problem";
import { Entry, EntryForm, fieldOf } from "./Entry";
import { useLink, useTake } from "./link";

const joining = getRouteApi("/join/$token");
const resetting = getRouteApi("/reset/$token");

// Spent is what a link says when it was used or is too old.
export function Spent({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const gone = error instanceof Problem && (error.status === 404 || error.status === 410);
  return (
    <Entry
      name={t`Link`}
      title={gone ? <Trans>This link is used up.</Trans> : <Trans>Parley does not answer.</Trans>}
      text={
        gone ? (
          <Trans>Each link works once and for a short time. Ask for a new one.</Trans>
        ) : (
          <Trans>The link itself is fine. Try again in a moment.</Trans>
        )
      }
      foot={
        <Link to="/signin" className="link">
          <Trans>Sign in</Trans>
        </Link>
      }
    >
      {!gone && (
        <button type="button" className="btn o lg" onClick={onRetry}>
          <Trans>Try now</Trans>
        </button>
      )}
    </Entry>
  );
}

export function Join() {
  const { token } = joining.useParams();
  const router = useRouter();
  const link = useLink(token);
  const take = useTake(token, () => void router.navigate({ to: "/" }));
  if (link.error) return <Spent error={link.error} onRetry={() => void link.refetch()} />;
  if (!link.data) return <Skeleton rows={3} />;
  return (
    <Entry
      name={t`Join`}
      title={<Trans>Come in.</Trans>}
      text={
        <Trans>
          You were invited to speak and listen here. Choose how colleagues see you, and a password.
        </Trans>
      }
    >
      <EntryForm
        act={<Trans>Join</Trans>}
        busy={take.isPending}
        error={take.error}
        onSend={(v) => take.mutate(v)}
      >
        <Field label={<Trans>Email</Trans>}>
          <Input type="email" value={link.data.email ?? ""} readOnly autoComplete="username" />
        </Field>
        <Field label={<Trans>Your name</Trans>} error={fieldOf(take.error, "name")}>
          <Input name="name" defaultValue={link.data.name ?? ""} autoComplete="name" required autoFocus />
        </Field>
        <NewPassword error={fieldOf(take.error, "password")} />
      </EntryForm>
    </Entry>
  );
}

export function Reset() {
  const { token } = resetting.useParams();
  const router = useRouter();
  const link = useLink(token);
  const take = useTake(token, () => void router.navigate({ to: "/" }));
  if (link.error) return <Spent error={link.error} onRetry={() => void link.refetch()} />;
  if (!link.data) return <Skeleton rows={3} />;
  return (
    <Entry
      name={t`New password`}
      title={<Trans>Choose a new password.</Trans>}
      text={<Trans>For {link.data.email ?? ""}. It ends every session you have elsewhere.</Trans>}
    >
      <EntryForm
        act={<Trans>Set the password</Trans>}
        busy={take.isPending}
        error={take.error}
        onSend={(v) => take.mutate(v)}
      >
        <input type="email" value={link.data.email ?? ""} readOnly autoComplete="username" hidden />
        <NewPassword error={fieldOf(take.error, "password")} />
      </EntryForm>
    </Entry>
  );
}

export function NewPassword({ error }: { error?: string | undefined }) {
  return (
    <Field
      label={<Trans>Password</Trans>}
      help={<Trans>Ten characters or more. A few words are easier to keep than signs.</Trans>}
      error={error}
    >
      <Input name="password" type="password" autoComplete="new-password" required minLength={10} />
    </Field>
  );
}
