import { show } from "../lib/keys";

// Kbd shows a key the way this machine's keyboard has it: <Kbd k="mod+k" />.
export function Kbd({ k }: { k: string }) {
  return <kbd>{show(k)}</kbd>;
}
