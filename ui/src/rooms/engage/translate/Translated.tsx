import { Trans } from "@lingui/react/macro";
import { Languages } from "lucide-react";
import { useId, useState } from "react";
import { Button, Failed, Skeleton } from "../../../kit";
import { language } from "../../../lib/format";
import { foreign, own, useTranslated, useTranslates } from "./data";

interface Props {
  id: string;
  text: string;
  lang: string | undefined;
}

// Translated offers the words of a message in the reader's language, by machine, below
// the words themselves. Nothing is asked of the machine before somebody presses.
export function Translated({ id, text, lang }: Props) {
  const on = useTranslates();
  return on && text.trim() !== "" && foreign(lang) ? <Offer id={id} text={text} lang={lang} /> : null;
}

function Offer({ id, text, lang }: Props) {
  const [open, setOpen] = useState(false);
  const at = useId();
  const to = own();
  const got = useTranslated(id, text, to, open);
  const from = language(got.data?.from || lang || "");
  return (
    <div className="mt-1.5">
      {!open ? (
        <Button look="g" size="sm" touch onClick={() => setOpen(true)}>
          <Languages className="i s" aria-hidden />
          <Trans>Translate</Trans>
        </Button>
      ) : (
        <div id={at} className="border-s-2 border-line-2 ps-3" role="status">
          {got.isPending ? (
            <Skeleton rows={1} />
          ) : got.error ? (
            <Failed error={got.error} onRetry={() => void got.refetch()} />
          ) : (
            <p className="words" dir="auto" lang={to}>
              {got.data.text}
            </p>
          )}
          <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs text-ink-2">
            {got.data && (
              <span title={got.data.provider}>
                <Trans>Translated by machine from {from}</Trans>
              </span>
            )}
            <Button look="g" size="sm" touch onClick={() => setOpen(false)}>
              <Trans>Hide</Trans>
            </Button>
          </p>
        </div>
      )}
    </div>
  );
}
