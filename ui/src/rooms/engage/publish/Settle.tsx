import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button, Dialog, Field, Input, tell } from "../../../kit";
import { sentenceOf } from "../../../lib/problem";
import { type Post, usePostAct } from "./data";

// Settle takes a person's word for it whether a post stands on the network.
export function Settle({ of: p }: { of: Post }) {
  const acts = usePostAct();
  const [open, setOpen] = useState(false);
  const [url, setURL] = useState("");
  const say = (stands: boolean) =>
    acts.mutate(
      { id: p.id, do: "settle", stands, url },
      {
        onSuccess: () => setOpen(false),
        onError: (e) => tell({ text: sentenceOf(e), bad: true }),
      },
    );
  const name = p.channel.name;
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm" look="p">
          <Trans>Say what you see</Trans>
        </Button>
      }
      title={<Trans>Does it stand on {name}?</Trans>}
      text={
        <Trans>
          The network did not say, and Parley can’t find out. Look there yourself: it is never posted again
          before you answer.
        </Trans>
      }
      acts={
        <>
          <Button busy={acts.isPending} onClick={() => say(false)}>
            <Trans>It is not there</Trans>
          </Button>
          <Button look="p" busy={acts.isPending} onClick={() => say(true)}>
            <Trans>It is there</Trans>
          </Button>
        </>
      }
    >
      <Field label={<Trans>Its address, if it is there</Trans>}>
        <Input
          type="url"
          placeholder={t`https://…`}
          value={url}
          onChange={(e) => setURL((e.target as unknown as HTMLInputElement).value)}
        />
      </Field>
    </Dialog>
  );
}
