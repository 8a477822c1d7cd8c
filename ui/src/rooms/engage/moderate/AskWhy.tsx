import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Confirm, Field, Input, Select } from "../../../kit";
import { type Reason, reasonName, reasons, type Why } from "./data";

interface Props {
  act: "hide" | "remove";
  author: string;
  place: string; // where it stands
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onAct: (why: Why) => void;
}

// AskWhy asks for the reason before something of somebody else's is hidden or taken away.
export function AskWhy({ act, author, place, open, onOpenChange, onAct }: Props) {
  const [reason, setReason] = useState<Reason>("spam");
  const [words, setWords] = useState("");
  const [missing, setMissing] = useState(false);
  const go = () => {
    if (reason === "other" && words.trim() === "") {
      setMissing(true);
      return;
    }
    onOpenChange(false);
    onAct({ reason, words: words.trim() });
  };
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      title={
        act === "hide" ? (
          <Trans>
            Hide what {author} said on {place}?
          </Trans>
        ) : (
          <Trans>
            Take away what {author} said on {place}, for good?
          </Trans>
        )
      }
      text={
        act === "hide" ? (
          <Trans>Others no longer see it there. You can show it again at any time.</Trans>
        ) : (
          <Trans>Nothing brings it back there. Here it stays, marked, as it was said.</Trans>
        )
      }
      act={act === "hide" ? <Trans>Hide it</Trans> : <Trans>Take it away</Trans>}
      look={act === "hide" ? "p" : "d"}
      onAct={go}
    >
      <div className="grid gap-3">
        <Field label={<Trans>Why</Trans>}>
          <Select
            choices={reasons.map((r) => ({ value: r, label: reasonName(r) }))}
            value={reason}
            onChange={(r) => {
              setReason(r);
              setMissing(false);
            }}
          />
        </Field>
        <Field
          label={
            reason === "other" ? (
              <Trans>In a few words</Trans>
            ) : (
              <Trans>A word to colleagues (optional)</Trans>
            )
          }
          {...(missing ? { error: t`Say in a few words why.` } : {})}
        >
          <Input
            value={words}
            maxLength={300}
            onChange={(e) => {
              setWords(e.target.value);
              setMissing(false);
            }}
            onKeyDown={(e) => {
              if (e.key !== "Enter" || e.nativeEvent.isComposing) return;
              e.preventDefault(); // or the press goes on to what has the focus after the dialog
              go();
            }}
          />
        </Field>
      </div>
    </Confirm>
  );
}
