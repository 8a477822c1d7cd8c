import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { Field, Input } from "../../kit";
import { api, ok } from "../../lib/api";
import { sessionQuery } from "../../lib/session";
import { Entry, EntryForm, fieldOf } from "./Entry";

const route = getRouteApi("/signin");

export function SignIn() {
  const { next } = route.useSearch();
  const cache = useQueryClient();
  const router = useRouter();
  const session = useQuery(sessionQuery).data;
  const signIn = useMutation({
    mutationFn: (v: Record<string, string>) =>
      ok(api.POST("/api/session", { body: { email: v.email ?? "", password: v.password ?? "" } })),
    meta: { quiet: true },
    onSuccess: (s) => {
      cache.clear();
      cache.setQueryData(sessionQuery.queryKey, s);
      router.history.push(next ?? "/");
    },
  });
  if (session?.setup)
    return (
      <Entry
        name={t`Begin`}
        title={<Trans>Nobody lives here yet.</Trans>}
        text={
          <Trans>
            Open the one-time link that Parley printed when it started. It makes you the first administrator.
          </Trans>
        }
      >
        <p className="text-ink-2">
          <Trans>The link is gone? Start Parley again, or create an administrator in its shell:</Trans>
        </p>
        <p className="mono mt-2 rounded-sm bg-sunken px-3 py-2">parley admin create</p>
      </Entry>
    );
  const brand = session?.brand?.name;
  return (
    <Entry
      name={t`Sign in`}
      title={brand ? <Trans>Speak for {brand}</Trans> : <Trans>Sign in</Trans>}
      text={next ? <Trans>Sign in to go on where you were.</Trans> : undefined}
      foot={
        <Link to="/forgot" className="link">
          <Trans>I cannot sign in</Trans>
        </Link>
      }
    >
      <EntryForm
        act={<Trans>Sign in</Trans>}
        busy={signIn.isPending}
        error={signIn.error}
        onSend={(v) => signIn.mutate(v)}
      >
        <Field label={<Trans>Email</Trans>} error={fieldOf(signIn.error, "email")}>
          <Input name="email" type="email" autoComplete="username" required autoFocus />
        </Field>
        <Field label={<Trans>Password</Trans>} error={fieldOf(signIn.error, "password")}>
          <Input name="password" type="password" autoComplete="current-password" required />
        </Field>
      </EntryForm>
    </Entry>
  );
}
