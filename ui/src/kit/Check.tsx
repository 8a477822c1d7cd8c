import { Checkbox as Box } from "@base-ui/react/checkbox";
import { Switch as Base } from "@base-ui/react/switch";
import { Check } from "lucide-react";
import { type ReactNode, useId } from "react";

interface Props {
  label: ReactNode;
  help?: ReactNode;
  checked: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
  hidden?: boolean; // the label is for screen readers only
}

export function Checkbox({ label, help, checked, onChange, disabled = false, hidden }: Props) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <Box.Root
        id={id}
        className="box"
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={help ? `${id}-h` : undefined}
      >
        <Box.Indicator>
          <Check className="size-3.5" strokeWidth={2.5} aria-hidden />
        </Box.Indicator>
      </Box.Root>
      <Words id={id} label={label} help={help} hidden={hidden} />
    </div>
  );
}

export function Switch({ label, help, checked, onChange, disabled = false, hidden }: Props) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <Base.Root
        id={id}
        className="switch"
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={help ? `${id}-h` : undefined}
      >
        <Base.Thumb />
      </Base.Root>
      <Words id={id} label={label} help={help} hidden={hidden} />
    </div>
  );
}

function Words({
  id,
  label,
  help,
  hidden,
}: {
  id: string;
  label: ReactNode;
  help?: ReactNode;
  hidden?: boolean | undefined;
}) {
  return (
    <div className={hidden ? "sr-only" : "min-w-0"}>
      <label htmlFor={id} className="cursor-pointer">
        {label}
      </label>
      {help && (
        <div id={`${id}-h`} className="help">
          {help}
        </div>
      )}
    </div>
  );
}
