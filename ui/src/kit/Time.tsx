import { full, when } from "../lib/format";
import { useNow } from "../lib/tick";

// Time is a moment, short for the eye and whole for the pointer and the machine.
export function Time({
  at,
  className = "",
  show,
}: {
  at: string;
  className?: string;
  show?: (at: string) => string;
}) {
  const now = useNow();
  return (
    <time dateTime={at} title={full(at)} className={`whitespace-nowrap ${className}`}>
      {show ? show(at) : when(at, now)}
    </time>
  );
}
