import { Trans } from "@lingui/react/macro";
import { Timer } from "lucide-react";
import { span } from "../lib/format";
import { useNow } from "../lib/tick";
import { Chip } from "./Chip";

const hour = 3600;

// Waits says how long somebody has waited for us; after an hour it takes the colour of waiting.
export function Waits({ since }: { since: string }) {
  const s = (useNow().getTime() - Date.parse(since)) / 1000;
  return (
    <Chip tone={s > hour ? "wait" : "plain"} icon={<Timer aria-hidden />}>
      {s < 60 ? <Trans>just now</Trans> : <Trans>waits {span(s)}</Trans>}
    </Chip>
  );
}
