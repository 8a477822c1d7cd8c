import { Trans } from "@lingui/react/macro";
import { LoaderCircle } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { Tip } from "./Tip";

// p the one primary act of a view, o outlined, g ghost, d danger, k direct, nt note.
export type Look = "p" | "o" | "g" | "d" | "k" | "nt";
export type Size = "sm" | "md" | "lg";

export function btn(look: Look = "o", size: Size = "md", more = ""): string {
  return `btn ${look}${size === "md" ? "" : ` ${size}`}${more ? ` ${more}` : ""}`;
}

interface Props extends ComponentProps<"button"> {
  look?: Look;
  size?: Size;
  busy?: boolean;
  square?: boolean;
  touch?: boolean; // 44 px where a finger presses it
  why?: ReactNode; // why it is disabled; then it stays reachable and says so
}

export function Button({
  look = "o",
  size = "md",
  busy,
  square,
  touch,
  why,
  className = "",
  children,
  onClick,
  disabled,
  ...rest
}: Props) {
  const off = disabled || why !== undefined;
  const button = (
    <button
      type="button"
      {...rest}
      className={btn(
        look,
        size,
        [square ? "sq" : "", touch ? "touch" : "", className].filter(Boolean).join(" "),
      )}
      disabled={why === undefined ? disabled : undefined}
      aria-disabled={off || busy || undefined}
      data-busy={busy || undefined}
      onClick={off || busy ? (e) => e.preventDefault() : onClick}
    >
      <span className="what inline-flex items-center gap-1.5">{children}</span>
      {busy && (
        <span className="busy">
          <LoaderCircle className="i s" aria-hidden />
          <span className="sr-only">
            <Trans>Working</Trans>
          </span>
        </span>
      )}
    </button>
  );
  return why === undefined ? button : <Tip text={why}>{button}</Tip>;
}
