import { Problem } from "./problem";

const part = 4 << 20;

// sendParts sends a file part by part, so that a large one is never whole in memory and a broken connection loses
// one part at most. It goes on by itself where the server says: stored asks how much is there.
export async function sendParts(
  path: string,
  file: File,
  from: number,
  stored: () => Promise<number>,
  told: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let done = from, tries = 0; done < file.size; ) {
    signal.throwIfAborted();
    try {
      const r = await fetch(`${path}?at=${done}`, {
        method: "PUT",
        headers: { "Content-Type": "application/octet-stream" },
        body: file.slice(done, done + part),
        signal,
      });
      if (r.status === 409) {
        done = await stored();
        continue;
      }
      if (!r.ok)
        throw r.status >= 500 ? new Error("away") : Object.assign(new Error(await r.text()), { last: true });
      done = ((await r.json()) as { stored: number }).stored;
      tries = 0;
      told(done / file.size);
    } catch (e) {
      if (signal.aborted || (e as { last?: boolean }).last || e instanceof Problem || ++tries > 6) throw e;
      await new Promise((next) => setTimeout(next, 500 * 2 ** tries));
    }
  }
}
