import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Copy } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Dialog, DialogClose, Field, Input, tell } from "../../kit";

export function copy(text: string): void {
  void navigator.clipboard
    ?.writeText(text)
    .then(() => tell({ text: t`Copied.` }))
    .catch(() => tell({ text: t`Copy it by hand: the browser did not allow it.`, bad: true }));
}

interface Props {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  text: ReactNode;
  label: ReactNode;
  value: string;
}

// Once shows something that is not shown again: a link, a token.
export function Once({ open, onClose, title, text, label, value }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={(o) => !o && onClose()}
      title={title}
      text={text}
      wide
      acts={
        <>
          <DialogClose
            render={
              <Button look="g">
                <Trans>Done</Trans>
              </Button>
            }
          />
          <Button look="p" onClick={() => copy(value)}>
            <Copy className="i s" aria-hidden />
            <Trans>Copy</Trans>
          </Button>
        </>
      }
    >
      <Field label={label}>
        <Input readOnly value={value} className="mono" onFocus={(e) => e.currentTarget.select()} />
      </Field>
    </Dialog>
  );
}
