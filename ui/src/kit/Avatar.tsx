import { useState } from "react";
import { initials } from "../lib/format";
import { ChannelMark } from "./Channel";

interface Props {
  name: string;
  src?: string | undefined; // from our own origin; others are not asked
  size?: "xs" | "sm" | "md" | "lg";
  us?: boolean; // a colleague who acts
  org?: boolean; // square: an organization
  channel?: { kind: string; name?: string; mark?: string } | undefined; // marked at the lower end, from 32 px up
}

// Avatar is a picture beside a name; the name is not said twice.
export function Avatar({ name, src, size = "md", us, org, channel }: Props) {
  const [broken, setBroken] = useState(false);
  const hue = [...name].reduce((sum, c) => (sum * 31 + (c.codePointAt(0) ?? 0)) % 9973, 7) % 6;
  const marked = channel && (size === "md" || size === "lg");
  return (
    <span
      className={`av${us ? " us" : ` a${hue + 1}`}${org ? " org" : ""}${size === "md" ? "" : ` ${size}`}`}
    >
      <span aria-hidden>{initials(name)}</span>
      {src?.startsWith("/") && !broken && (
        <img src={src} alt="" loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(true)} />
      )}
      {marked && <ChannelMark kind={channel.kind} mark={channel.mark} name={channel.name ?? channel.kind} />}
    </span>
  );
}

// Stack is a few people at once.
export function Stack({ names, us }: { names: readonly string[]; us?: boolean }) {
  return (
    <span className="stack" title={names.join(", ")}>
      {names.slice(0, 4).map((n) => (
        <Avatar key={n} name={n} size="sm" {...(us ? { us } : {})} />
      ))}
      <span className="sr-only">{names.join(", ")}</span>
    </span>
  );
}
