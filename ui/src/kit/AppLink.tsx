import { useRouter } from "@tanstack/react-router";
import type { ComponentProps } from "react";

// AppLink goes to a place in the app whose address the server gave: what mends a
// refusal, what changed. An address that is not a path of ours goes nowhere.
export function AppLink({ href, onClick, ...rest }: ComponentProps<"a"> & { href: string }) {
  const router = useRouter();
  const inside = href.startsWith("/") && !href.startsWith("//");
  return (
    <a
      {...rest}
      href={inside ? href : undefined}
      onClick={(e) => {
        onClick?.(e);
        if (
          !inside ||
          e.defaultPrevented ||
          e.button !== 0 ||
          e.metaKey ||
          e.ctrlKey ||
          e.shiftKey ||
          e.altKey
        )
          return;
        e.preventDefault();
        router.history.push(href);
      }}
    />
  );
}
