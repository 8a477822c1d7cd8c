import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Entry } from "./Entry";

export function Forgot() {
  return (
    <Entry
      name={t`Help with signing in`}
      title={<Trans>An administrator lets you in again.</Trans>}
      text={
        <Trans>
          Ask one of your administrators for a link. They find it under Settings, Members, beside your name.
          The link lets you choose a new password and ends every session you had.
        </Trans>
      }
      foot={
        <Link to="/signin" className="link">
          <Trans>Back to signing in</Trans>
        </Link>
      }
    >
      <p className="text-ink-2">
        <Trans>You are the only administrator? On the machine where Parley runs:</Trans>
      </p>
      <p className="mono mt-2 rounded-sm bg-sunken px-3 py-2">parley admin create</p>
    </Entry>
  );
}
