import { Field as Base } from "@base-ui/react/field";
import { CircleAlert } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";

interface Props {
  label: ReactNode;
  help?: ReactNode;
  error?: ReactNode; // replaces the help: what is wrong and what to do
  name?: string;
  hidden?: boolean; // the label is for screen readers only
  className?: string;
  children: ReactNode;
}

// Field joins a label, one control of the kit, and its help or error.
export function Field({ label, help, error, name, hidden, className = "", children }: Props) {
  return (
    <Base.Root {...(name ? { name } : {})} invalid={Boolean(error)} className={`field ${className}`}>
      <Base.Label className={hidden ? "sr-only" : "label"}>{label}</Base.Label>
      {children}
      {error ? (
        <Base.Error match className="help bad">
          <CircleAlert className="i s" aria-hidden />
          <span>{error}</span>
        </Base.Error>
      ) : (
        help && <Base.Description className="help">{help}</Base.Description>
      )}
    </Base.Root>
  );
}

export function Input({ className = "", ...rest }: ComponentProps<"input">) {
  return <Base.Control render={<input {...rest} />} className={`input ${className}`} />;
}

export function Textarea({ className = "", ...rest }: ComponentProps<"textarea">) {
  return (
    <Base.Control render={<textarea rows={3} {...(rest as object)} />} className={`input ${className}`} />
  );
}
