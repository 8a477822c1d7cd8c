import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CircleHelp, PencilLine, ShieldQuestion, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { Avatar, Chip, feelingOf, Pick, RowBody, Sign, TagChips, Time, Waits } from "../../kit";
import { intentName } from "../../lib/intent";
import { useMates } from "../../lib/live";
import { useSession } from "../../lib/session";
import { Due } from "./Due";
import type { Talk } from "./data";
import { LeavingChip, StayButton } from "./Leaving";
import { PriorityChip } from "./priority";
import { firstName } from "./words";

interface Props {
  talk: Talk;
  chosen: boolean; // it is open
  picked: boolean;
  picking: boolean; // boxes are shown
  whole: boolean; // while boxes are shown, the whole row picks
  onPick: ((id: string, range?: boolean) => void) | undefined; // where one may
}

// TalkRow is one conversation in the list: whose turn, who, when, what, and what is odd
// about it. Over the avatar lies the box that picks it.
export const TalkRow = memo(function TalkRow({ talk: c, chosen, picked, picking, whole, onPick }: Props) {
  const me = useSession()?.member?.id;
  const feeling = feelingOf(c.sentiment);
  const busy = useMates(c.id).find((m) => m.typing && m.id !== me);
  const intent = c.intents?.[0];
  const prefix = c.preview_by === "us" ? t`You:` : "";
  return (
    <div className="picks group relative" data-may={onPick && ""} data-picking={picking ? "" : undefined}>
      <Link
        to="/engage"
        search={(s) => ({ ...s, c: c.id })}
        className="row"
        data-chosen={chosen ? "" : undefined}
        data-picked={picked ? "" : undefined}
        data-read={c.unread ? undefined : ""}
        aria-current={chosen ? "true" : undefined}
        onClick={(e) => {
          if (!onPick || !((picking && whole) || e.shiftKey)) return;
          e.preventDefault();
          onPick(c.id, e.shiftKey);
        }}
      >
        <RowBody
          turn={c.turn}
          avatar={<Avatar name={c.author.name} src={c.author.avatar} channel={c.channel} />}
          who={c.author.name}
          end={<Time at={c.last_at} />}
          theirs={c.preview_by === "them"}
          chips={
            c.goes_at ? (
              <LeavingChip at={c.goes_at} />
            ) : (
              <>
                {c.due ? (
                  <Due of={c.due} />
                ) : (
                  c.turn === "ours" && c.waiting_since && <Waits since={c.waiting_since} />
                )}
                <PriorityChip of={c.priority} />
                {c.author.unverified && (
                  <Chip tone="wait" icon={<ShieldQuestion aria-hidden />}>
                    <Trans>unverified</Trans>
                  </Chip>
                )}
                {c.delivery === "needs_check" && (
                  <Chip tone="wait" icon={<CircleHelp aria-hidden />}>
                    <Trans>needs check</Trans>
                  </Chip>
                )}
                {c.delivery === "failed" && (
                  <Chip tone="alarm" icon={<TriangleAlert aria-hidden />}>
                    <Trans>not sent</Trans>
                  </Chip>
                )}
                {c.turn === "theirs" && (
                  <Chip tone="outline">
                    <Trans>Waiting for them</Trans>
                  </Chip>
                )}
                {c.draft && (
                  <Chip tone="outline" icon={<PencilLine aria-hidden />}>
                    <Trans>Draft</Trans>
                  </Chip>
                )}
                <TagChips tags={c.tags ?? []} most={2} />
                {intent && c.turn === "ours" && (
                  <Chip icon={feeling && <Sign of={feeling} />}>{intentName(intent.label)}</Chip>
                )}
              </>
            )
          }
          tail={
            <span className="flex max-w-3/5 min-w-0 flex-none items-center gap-1 truncate text-xs whitespace-nowrap text-ink-3">
              {c.goes_at ? null : busy ? (
                <>
                  <PencilLine className="i s" aria-hidden />
                  <Trans>{firstName(busy.name)} is writing</Trans>
                </>
              ) : (
                c.assignee && (
                  <span title={c.assignee.name}>
                    <Avatar name={c.assignee.name} size="xs" us />
                    <span className="sr-only">{c.assignee.name}</span>
                  </span>
                )
              )}
            </span>
          }
        >
          {prefix && <span className="font-sans">{prefix} </span>}
          {c.preview}
        </RowBody>
      </Link>
      {c.goes_at && <StayButton talk={c} className="!absolute end-3 bottom-2" />}
      {onPick && (
        <Pick
          label={t`Choose ${c.author.name}`}
          checked={picked}
          onPick={(range) => onPick(c.id, range)}
          tabIndex={picking ? 0 : -1}
          className={`absolute start-8 top-1.5 ${picking ? "" : "opacity-0 focus-visible:opacity-100 pointer-fine:group-hover:opacity-100 pointer-coarse:hidden"}`}
        />
      )}
    </div>
  );
});
