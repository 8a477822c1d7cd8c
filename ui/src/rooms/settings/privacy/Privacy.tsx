import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { FileUp, Plus } from "lucide-react";
import { useState } from "react";
import { Button, btn, Dialog, Section } from "../../../kit";
import { useMay } from "../../../lib/session";
import { Frame } from "../Frame";
import { RequestSheet } from "./RequestSheet";
import { Holds, Requests } from "./Requests";
import { SelfService } from "./SelfService";
import { TakeIn } from "./TakeIn";
import { Texts } from "./Texts";

const route = getRouteApi("/frame/settings/privacy");

// Privacy is what people agree to, and what they ask of us.
export function Privacy() {
  const reads = useMay("people.read");
  const may = useMay("privacy.write");
  const { request, closed } = route.useSearch();
  const go = useNavigate();
  const at = (search: { request?: string; closed?: true }) => void go({ to: "/settings/privacy", search });
  const kept = closed ? { closed } : {};
  const [adds, setAdds] = useState(false);
  const [takes, setTakes] = useState(false);
  return (
    <Frame name={t`Privacy`} may={reads}>
      <div className="flex flex-col gap-9">
        {may && (
          <>
            <Requests
              closed={closed === true}
              onClosed={(c) => at(c ? { closed: true } : {})}
              onOpen={(id) => at({ ...kept, request: id })}
            />
            <Holds />
            <Section
              title={<Trans>How long it is kept</Trans>}
              end={
                <Link to="/settings/privacy/retention" className={btn("g", "sm")}>
                  <Trans>Retention</Trans>
                </Link>
              }
            >
              <p className="max-w-(--measure) py-3 text-ink-2">
                <Trans>
                  What you no longer need goes by itself, by rules that you set and may look at first.
                </Trans>
              </p>
            </Section>
          </>
        )}
        <SelfService may={may} />
        {may && request && <RequestSheet id={request} onClose={() => at(kept)} />}
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
      </div>
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
