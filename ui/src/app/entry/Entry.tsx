import { Trans } from "@lingui/react/macro";
import { type FormEvent, type ReactNode, useEffect } from "react";
import { AppLink, Button, Mark } from "../../kit";
import { Problem, sentenceOf } from "../../lib/problem";

interface Props {
  title: ReactNode;
  name: string;
  text?: ReactNode;
  children?: ReactNode;
  foot?: ReactNode;
}

// Entry is the page before the rooms: one column, one thing to do.
export function Entry({ title, name, text, children, foot }: Props) {
  useEffect(() => {
    document.title = `${name} · Parley`;
  }, [name]);
  return (
    <main className="grid min-h-dvh grid-rows-[1fr_auto_2fr] bg-paper px-5 py-10">
      <div />
      <div className="mx-auto w-full max-w-100">
        <div className="mb-8 flex items-center gap-2.5">
          <Mark className="size-8" />
          <span className="text-lg font-strong tracking-tight">Parley</span>
        </div>
        <h1 className="text-2xl font-strong tracking-tight">{title}</h1>
        {text && <p className="mt-2 text-md text-ink-2">{text}</p>}
        <div className="mt-6">{children}</div>
        {foot && <p className="mt-6 border-t border-line pt-4 text-ink-3">{foot}</p>}
      </div>
    </main>
  );
}

interface FormProps {
  act: ReactNode;
  busy: boolean;
  error: unknown;
  onSend: (values: Record<string, string>) => void;
  children: ReactNode;
}

// EntryForm gathers its fields by name. Errors of fields stand at the fields; all else above the button.
export function EntryForm({ act, busy, error, onSend, children }: FormProps) {
  const send = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const values: Record<string, string> = {};
    for (const [k, v] of new FormData(e.currentTarget)) if (typeof v === "string") values[k] = v.trim();
    onSend(values);
  };
  const placed = error instanceof Problem && Object.keys(error.fields).length > 0;
  return (
    <form className="touch flex flex-col gap-4" onSubmit={send} noValidate>
      {children}
      {error && !placed ? (
        <p role="alert" className="rounded-sm bg-alarm-wash px-3 py-2 text-alarm">
          {sentenceOf(error)}
          {error instanceof Problem && error.fix && (
            <>
              {" "}
              <AppLink href={error.fix} className="underline">
                <Trans>Mend it</Trans>
              </AppLink>
            </>
          )}
        </p>
      ) : null}
      <div>
        <Button type="submit" look="p" size="lg" busy={busy}>
          {act}
        </Button>
      </div>
    </form>
  );
}

export function fieldOf(error: unknown, name: string): string | undefined {
  return error instanceof Problem ? error.fields[name] : undefined;
}
