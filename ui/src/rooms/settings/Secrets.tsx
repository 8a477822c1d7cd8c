import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button, Chip, Confirm, Section, tell } from "../../kit";
import { type ChannelFull, useChannelActs, useKinds } from "./data";
import { Once } from "./Once";

// Secrets are those that Parley makes for the other side. A new one counts at once, and the former beside it
// until the other side has changed over.
export function Secrets({ c }: { c: ChannelFull }) {
  const kind = useKinds().data?.find((k) => k.name === c.kind);
  const { rotate, drop } = useChannelActs();
  const [fresh, setFresh] = useState("");
  const [asks, setAsks] = useState("");
  const has = ((c.settings as Record<string, unknown>).has_secret ?? {}) as Record<string, boolean>;
  const fields = (kind?.form ?? []).filter((f) => f.make && f.previous && has[f.name]);
  if (fields.length === 0) return null;
  return (
    <Section title={<Trans>Its secret</Trans>}>
      {fields.map((f) => {
        const former = Boolean(f.previous && has[f.previous]);
        return (
          <div key={f.name} className="flex flex-col items-start gap-3 py-3">
            <p className="text-ink-2">
              <Trans>
                Make a new one when somebody may have seen it, or once a year. The former one keeps counting
                until you let it go, so nothing is lost while the sender changes over.
              </Trans>
            </p>
            {former && <Chip tone="wait">{t`The former secret still counts`}</Chip>}
            <div className="flex flex-wrap gap-2">
              <Confirm
                open={asks === `new ${f.name}`}
                onOpenChange={(o) => setAsks(o ? `new ${f.name}` : "")}
                trigger={<Button touch>{former ? t`Make another` : t`Make a new secret`}</Button>}
                title={<Trans>Make a new secret?</Trans>}
                text={
                  <Trans>
                    You see it once and copy it to the sender. The present one becomes the former.
                  </Trans>
                }
                act={<Trans>Make it</Trans>}
                busy={rotate.isPending}
                onAct={() =>
                  rotate.mutate(
                    { id: c.id, field: f.name },
                    {
                      onSuccess: (r) => {
                        setAsks("");
                        setFresh(r.secret);
                      },
                    },
                  )
                }
              />
              {former && (
                <Confirm
                  open={asks === `drop ${f.name}`}
                  onOpenChange={(o) => setAsks(o ? `drop ${f.name}` : "")}
                  trigger={
                    <Button look="g" touch>
                      <Trans>Let the former go</Trans>
                    </Button>
                  }
                  title={<Trans>Let the former secret go?</Trans>}
                  text={<Trans>Whatever is still signed with it is refused from now on.</Trans>}
                  act={<Trans>Let it go</Trans>}
                  busy={drop.isPending}
                  onAct={() =>
                    drop.mutate(
                      { id: c.id, field: f.name },
                      {
                        onSuccess: () => {
                          setAsks("");
                          tell({ text: t`Only the new secret counts now.` });
                        },
                      },
                    )
                  }
                />
              )}
            </div>
          </div>
        );
      })}
      <Once
        open={fresh !== ""}
        onClose={() => setFresh("")}
        title={<Trans>The new secret</Trans>}
        text={<Trans>Copy it into the system that sends. It is not shown again.</Trans>}
        label={<Trans>New secret</Trans>}
        value={fresh}
      />
    </Section>
  );
}
