import { Trans } from "@lingui/react/macro";
import { MessagesSquare } from "lucide-react";
import { useState } from "react";
import { Button } from "../../kit";
import type { Message } from "./data";

interface Begun {
  version: number; // of the conversation
  ours: string | undefined; // our newest words
}

// useCrossed remembers how a conversation stood when one began to write, and says who of us has
// replied since. What one writes goes on only when one has seen that and chosen to.
export function useCrossed(
  version: number,
  messages: readonly Message[] | undefined,
  text: string,
  me: string | undefined,
) {
  const ours = messages?.find((m) => m.kind === "ours" && m.delivery?.state !== "cancelled");
  const [begun, setBegun] = useState<Begun>();
  const now = { version, ours: ours?.id };
  const writing = text.trim() !== "";
  // A draft that was there before counts from when the messages have come.
  if (messages && writing && !begun) setBegun(now);
  if (begun && !writing) setBegun(undefined);
  const by =
    writing && begun && ours && ours.id !== begun.ours && ours.author.member !== me
      ? ours.author.name
      : undefined;
  return { by, seen: begun?.version ?? version, accept: () => setBegun(now) };
}

// Crossed says that a colleague has replied meanwhile, and leaves the choice.
export function Crossed({ by, onGo, onDrop }: { by: string; onGo: () => void; onDrop: () => void }) {
  return (
    <div
      className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line bg-wait-wash px-3.5 py-2 text-wait"
      role="alert"
    >
      <span className="flex min-w-0 flex-1 basis-64 items-center gap-2 font-medium">
        <MessagesSquare className="i flex-none" aria-hidden />
        <Trans>{by} replied while you wrote. Read it, then choose.</Trans>
      </span>
      <span className="touch flex flex-wrap gap-2">
        <Button size="sm" onClick={onGo}>
          <Trans>Go on with mine</Trans>
        </Button>
        <Button look="g" size="sm" onClick={onDrop}>
          <Trans>Throw mine away</Trans>
        </Button>
      </span>
    </div>
  );
}
