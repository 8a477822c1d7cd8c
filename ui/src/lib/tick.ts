import { useEffect, useState } from "react";

// useNow is the present moment, fresh every `every` milliseconds; a hidden page rests.
export function useNow(every = 30_000): Date {
  const [now, set] = useState(() => new Date());
  useEffect(() => {
    const beat = () => document.visibilityState === "visible" && set(new Date());
    const timer = setInterval(beat, every);
    document.addEventListener("visibilitychange", beat);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", beat);
    };
  }, [every]);
  return now;
}
