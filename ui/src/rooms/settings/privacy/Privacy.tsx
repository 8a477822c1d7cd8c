import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { FileUp, Plus } from "lucide-react";
import { useState } from "react";
import { Button, Dialog, Section } from "../../../kit";
import { useMay } from "../../../lib/session";
import { Frame } from "../Frame";
import { TakeIn } from "./TakeIn";
import { Texts } from "./Texts";

// Privacy is what people agree to, and what they ask of us.
export function Privacy() {
  const reads = useMay("people.read");
  const may = useMay("privacy.write");
  const [adds, setAdds] = useState(false);
  const [takes, setTakes] = useState(false);
  return (
    <Frame name={t`Privacy`} may={reads}>
      <Section
        title={<Trans>What people agree to</Trans>}
        end={
          may && (
            <span className="flex gap-1">
              <Button look="g" size="sm" touch onClick={() => setTakes(true)}>
                <FileUp className="i s" aria-hidden />
                <Trans>Take in</Trans>
              </Button>
              <Button look="g" size="sm" touch onClick={() => setAdds(true)}>
                <Plus className="i s" aria-hidden />
                <Trans>Add topic</Trans>
              </Button>
            </span>
          )
        }
      >
        <p className="max-w-(--measure) py-3 text-ink-2">
          <Trans>
            Each purpose has a text, and each consent keeps the version that was shown. Answers and service
            messages need no consent but heed a no; everything else needs a yes.
          </Trans>
        </p>
        <Texts may={may} adds={adds} onAdds={setAdds} />
      </Section>
      <Dialog
        wide
        open={takes}
        onOpenChange={setTakes}
        title={<Trans>Consents from elsewhere</Trans>}
        text={<Trans>Each line becomes one of the ledger, with its proof. The same twice is one.</Trans>}
      >
        {takes && <TakeIn done={() => setTakes(false)} />}
      </Dialog>
    </Frame>
  );
}
