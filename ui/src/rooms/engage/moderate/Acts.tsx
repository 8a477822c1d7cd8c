import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Ellipsis, Eye, EyeOff, Heart, Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import { Button, Confirm, Menu, MenuItem, MenuNote } from "../../../kit";
import { useMay } from "../../../lib/session";
import type { Message, TalkFull } from "../data";
import { AskWhy } from "./AskWhy";
import { useModerate } from "./data";

// Acts are what one can do about a message where it stands: a heart, and a menu.
export function Acts({ m, talk, place }: { m: Message; talk: TalkFull; place: string }) {
  const replies = useMay("inbox.reply");
  const approves = useMay("publish.approve");
  const act = useModerate(talk.id);
  const [asks, setAsks] = useState<"hide" | "remove" | "retract">();
  const may = m.may ?? [];
  const close = (open: boolean) => !open && setAsks(undefined);
  if (!replies || may.length === 0) return null;
  const liked = m.liked?.on ?? false;
  const going = m.sight?.state === "hiding" || m.sight?.state === "showing";
  const shut = m.sight?.hidden || m.sight?.state === "hiding";
  const removes = may.includes("remove") && approves;
  return (
    <>
      {may.includes("like") && (
        <Button
          look="g"
          size="sm"
          square
          className="!size-6 self-center"
          aria-pressed={liked}
          aria-label={liked ? t`Like it no longer` : t`Like it on ${place}`}
          title={
            liked
              ? m.liked?.by?.name
                ? t`Liked on ${place} by ${m.liked.by.name}`
                : t`Liked on ${place}`
              : t`Like it on ${place}`
          }
          onClick={() => act.mutate({ m, act: liked ? "unlike" : "like" })}
        >
          <Heart className={`i s !size-3.5${liked ? " fill-current text-voice" : ""}`} aria-hidden />
        </Button>
      )}
      {(may.includes("hide") || removes || may.includes("retract")) && (
        <Menu
          align="end"
          trigger={
            <Button
              look="g"
              size="sm"
              square
              className="!size-6 self-center"
              aria-label={t`More about what ${m.author.name} said`}
              title={t`Hide, take away`}
            >
              <Ellipsis className="i s !size-3.5" aria-hidden />
            </Button>
          }
        >
          {may.includes("hide") && !shut && (
            <MenuItem icon={<EyeOff className="i s" aria-hidden />} onSelect={() => setAsks("hide")}>
              <Trans>Hide on {place}…</Trans>
            </MenuItem>
          )}
          {may.includes("show") && shut && (
            <MenuItem
              icon={<Eye className="i s" aria-hidden />}
              disabled={going && m.sight?.wanted === "show"}
              onSelect={() => act.mutate({ m, act: "show" })}
            >
              <Trans>Show on {place} again</Trans>
            </MenuItem>
          )}
          {removes && (
            <MenuItem danger icon={<Trash2 className="i s" aria-hidden />} onSelect={() => setAsks("remove")}>
              <Trans>Take away for good…</Trans>
            </MenuItem>
          )}
          {may.includes("retract") && (
            <MenuItem danger icon={<Undo2 className="i s" aria-hidden />} onSelect={() => setAsks("retract")}>
              <Trans>Take back on {place}…</Trans>
            </MenuItem>
          )}
          <MenuNote>
            <Trans>It stays here, whatever becomes of it there.</Trans>
          </MenuNote>
        </Menu>
      )}
      {(asks === "hide" || asks === "remove") && (
        <AskWhy
          act={asks}
          author={m.author.name}
          place={place}
          open
          onOpenChange={close}
          onAct={(why) => act.mutate({ m, act: asks, why })}
        />
      )}
      <Confirm
        open={asks === "retract"}
        onOpenChange={close}
        title={<Trans>Take this back on {place}?</Trans>}
        text={
          <Trans>
            It goes away there, and nothing brings it back; whoever has read it has read it. Here it stays,
            marked.
          </Trans>
        }
        act={<Trans>Take it back</Trans>}
        look="d"
        onAct={() => {
          setAsks(undefined);
          act.mutate({ m, act: "retract" });
        }}
      />
    </>
  );
}
