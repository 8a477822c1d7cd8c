import { Trans } from "@lingui/react/macro";
import { type ErrorComponentProps, Link, Outlet, useRouter } from "@tanstack/react-router";
import { Empty, Failed, Skeleton, Toasts } from "../kit";

export function Root() {
  return (
    <>
      <Outlet />
      <Toasts />
    </>
  );
}

export function Waiting() {
  return (
    <main className="stage h-full">
      <Skeleton rows={6} />
    </main>
  );
}

export function Lost() {
  return (
    <main className="stage grid h-full min-h-dvh place-items-center p-6">
      <Empty
        title={<Trans>There is nothing at this address.</Trans>}
        acts={
          <Link to="/" className="btn o sm">
            <Trans>Go home</Trans>
          </Link>
        }
      >
        <Trans>It may have been renamed, or it is not yours to see.</Trans>
      </Empty>
    </main>
  );
}

export function Stuck({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <main className="stage grid h-full min-h-dvh place-items-center p-6">
      <Failed
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
}
