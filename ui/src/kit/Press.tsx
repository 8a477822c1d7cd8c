import type { ComponentProps } from "react";

interface Props extends Omit<ComponentProps<"rect">, "onClick" | "onKeyDown"> {
  label: string; // what it counts, for the pointer and for those who hear it
  pressed?: boolean;
  stop?: boolean; // a stop of the tabulator; where there are hundreds, the table is the way
  onPress: () => void;
}

// Press is a mark of a chart that can be chosen.
export function Press({ label, pressed, stop, onPress, className = "", ...rest }: Props) {
  return (
    <rect
      {...rest}
      className={`cursor-pointer hover:opacity-80 ${className}`}
      role="button"
      tabIndex={stop ? 0 : -1}
      aria-label={label}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      onClick={onPress}
      onKeyDown={(e) => {
        if (e.key !== "Enter" && e.key !== " ") return;
        e.preventDefault();
        onPress();
      }}
    >
      <title>{label}</title>
    </rect>
  );
}
