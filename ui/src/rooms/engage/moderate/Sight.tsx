import { Trans } from "@lingui/react/macro";
import { EyeOff, Trash2, TriangleAlert, Undo2 } from "lucide-react";
import { Button } from "../../../kit";
import { useMay } from "../../../lib/session";
import type { Message, TalkFull } from "../data";
import { reasonName, useModerate } from "./data";

// unseen says whether a message is out of others' sight, or soon will be.
export const unseen = (m: Message) =>
  m.sight !== undefined && m.sight.state !== "showing" && (m.sight.state !== "refused" || m.sight.hidden);

// SightMark is the sign beside the time.
export function SightMark({ m }: { m: Message }) {
  const s = m.sight;
  if (!s) return null;
  switch (s.state) {
    case "hiding":
      return (
        <span className="state self-center">
          <EyeOff aria-hidden />
          <Trans>being hidden</Trans>
        </span>
      );
    case "hidden":
      return (
        <span className="state self-center">
          <EyeOff aria-hidden />
          <Trans>hidden</Trans>
        </span>
      );
    case "showing":
      return (
        <span className="state self-center">
          <EyeOff aria-hidden />
          <Trans>being shown again</Trans>
        </span>
      );
    case "removing":
    case "removed": {
      const back = s.wanted === "retract";
      return (
        <span className="state self-center">
          {back ? <Undo2 aria-hidden /> : <Trash2 aria-hidden />}
          {s.state === "removed" ? (
            back ? (
              <Trans>taken back</Trans>
            ) : (
              <Trans>taken away</Trans>
            )
          ) : back ? (
            <Trans>being taken back</Trans>
          ) : (
            <Trans>being taken away</Trans>
          )}
        </span>
      );
    }
    case "refused":
      return (
        <span className="state alarm self-center">
          <TriangleAlert aria-hidden />
          <Trans>refused</Trans>
        </span>
      );
    default:
      return null;
  }
}

// SightLine says below the words who did what about them and why, and what is left to do.
export function SightLine({ m, talk, place }: { m: Message; talk: TalkFull; place: string }) {
  const may = useMay("inbox.reply");
  const act = useModerate(talk.id);
  const s = m.sight;
  if (!s) return null;
  const who = s.by?.name || "";
  const why = s.reason && { reason: s.reason, words: s.words ?? "" };
  const because = [s.reason ? (s.reason === "other" ? "" : reasonName(s.reason)) : "", s.words ?? ""]
    .filter(Boolean)
    .join(": ");
  const again = () =>
    act.mutate({
      m,
      act: s.wanted,
      why,
    });
  if (s.state === "refused")
    return (
      <div className="mt-2 flex flex-wrap items-center gap-2 rounded-sm border border-line bg-paper px-3 py-2 text-ink">
        <p className="w-full">
          <Trans>It was not done on {place}.</Trans> {s.text}
        </p>
        {may && (m.may?.includes(s.wanted) ?? false) && (
          <>
            <Button size="sm" touch busy={act.isPending} onClick={again}>
              <Trans>Try again</Trans>
            </Button>
            {m.may?.includes("show") && (
              <Button
                look="g"
                size="sm"
                touch
                onClick={() => act.mutate({ m, act: s.hidden ? "hide" : "show", why })}
              >
                <Trans>Leave it</Trans>
              </Button>
            )}
          </>
        )}
      </div>
    );
  if (s.state === "showing") return s.text ? <Refusal text={s.text} /> : null;
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-1.5 text-xs text-ink-2">
      <span>
        {s.state === "hiding" ? (
          <Trans>
            {who} hides it on {place}
          </Trans>
        ) : s.state === "hidden" ? (
          <Trans>
            Hidden on {place} by {who}
          </Trans>
        ) : s.state === "removed" ? (
          s.wanted === "retract" ? (
            <Trans>
              Taken back on {place} by {who}
            </Trans>
          ) : (
            <Trans>
              Taken away on {place} by {who}
            </Trans>
          )
        ) : s.wanted === "retract" ? (
          <Trans>
            {who} takes it back on {place}
          </Trans>
        ) : (
          <Trans>
            {who} takes it away on {place}
          </Trans>
        )}
        {because && <> · {because}</>}
        {s.text && <> · {s.text}</>}
      </span>
      {may && m.may?.includes("show") && (s.state === "hidden" || s.state === "hiding") && (
        <Button look="g" size="sm" touch busy={act.isPending} onClick={() => act.mutate({ m, act: "show" })}>
          <Trans>Show</Trans>
        </Button>
      )}
    </p>
  );
}

// LikeLine says why the network does not take a like.
export function LikeLine({ m }: { m: Message }) {
  return m.liked?.refused ? <Refusal text={m.liked.text} /> : null;
}

function Refusal({ text }: { text: string | undefined }) {
  return <p className="mt-1 text-xs text-alarm">{text}</p>;
}
