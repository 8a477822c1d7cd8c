import { useEffect, useState } from "react";

// useSettled is a value that has not changed for a while.
export function useSettled<T>(value: T, after = 300): T {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(() => value), after);
    return () => clearTimeout(timer);
  }, [value, after]);
  return settled;
}
