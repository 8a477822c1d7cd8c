import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { AsidePart, Button, Field, Textarea, Time, tell } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { type ContentFull, useAct } from "./data";
import { remarkName } from "./words";

// Review is the talk about a content: who asked, who said yes, no or not yet, and why.
export function Review({ of: c }: { of: ContentFull }) {
  const go = useAct();
  const [text, setText] = useState("");
  const waits = c.posts?.some((p) => p.state === "in_review") ?? false;
  const say = (what: "approve" | "request_changes" | "reject" | "comment") =>
    go.mutate(
      { do: what, id: c.id, text },
      { onSuccess: () => setText(""), onError: (e) => tell({ text: sentenceOf(e), bad: true }) },
    );
  const who = c.author.name;
  return (
    <AsidePart title={<Trans>Review</Trans>}>
      <p className="text-sm text-ink-2">
        {c.review ? (
          <Trans>Somebody must approve this before it leaves. {who} wrote it.</Trans>
        ) : (
          <Trans>No approval is needed here. {who} wrote it.</Trans>
        )}
      </p>
      <ol className="mt-3 flex flex-col gap-3">
        {(c.remarks ?? []).map((r) => (
          <li key={r.id} className="border-s-2 border-line-2 ps-3">
            <p className="text-sm">
              <b className="font-strong">{remarkName(r.act, r.by.name)}</b>{" "}
              <Time at={r.at} className="text-xs text-ink-3" />
            </p>
            {r.text && <p className="break-words whitespace-pre-wrap">{r.text}</p>}
          </li>
        ))}
      </ol>
      <div className="mt-4 flex flex-col gap-2">
        <Field
          label={waits && c.may_approve ? <Trans>What you say about it</Trans> : <Trans>Comment</Trans>}
          help={waits && c.may_approve ? <Trans>A no, and a not yet, need their reason.</Trans> : undefined}
        >
          <Textarea
            rows={3}
            maxLength={2000}
            value={text}
            onChange={(e) => setText((e.target as unknown as HTMLTextAreaElement).value)}
          />
        </Field>
        <div className="touch flex flex-wrap gap-2">
          {waits && c.may_approve && (
            <>
              <Button look="p" busy={go.isPending} onClick={() => say("approve")}>
                <Trans>Approve</Trans>
              </Button>
              <Button
                busy={go.isPending}
                disabled={text.trim() === ""}
                onClick={() => say("request_changes")}
              >
                <Trans>Ask for changes</Trans>
              </Button>
              <Button
                look="d"
                busy={go.isPending}
                disabled={text.trim() === ""}
                onClick={() => say("reject")}
              >
                <Trans>Reject</Trans>
              </Button>
            </>
          )}
          <Button look="g" busy={go.isPending} disabled={text.trim() === ""} onClick={() => say("comment")}>
            <Trans>Comment</Trans>
          </Button>
          {waits && c.may_write && (
            <Button
              look="g"
              onClick={() =>
                go.mutate(
                  { do: "withdraw", id: c.id },
                  {
                    onError: (e) => tell({ text: sentenceOf(e), bad: true }),
                    onSuccess: () => tell({ text: t`It is a draft again.` }),
                  },
                )
              }
            >
              <Trans>Withdraw</Trans>
            </Button>
          )}
        </div>
      </div>
    </AsidePart>
  );
}
