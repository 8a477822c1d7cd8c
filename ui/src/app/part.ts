import { lazyRouteComponent } from "@tanstack/react-router";
import { words } from "../lib/locale";

// part is a screen of a room: its code and its room's words arrive together.
export function part<T extends Record<string, unknown>, K extends keyof T>(
  room: string,
  load: () => Promise<T>,
  name: K,
) {
  return lazyRouteComponent(async () => {
    const [screen] = await Promise.all([load(), words(room)]);
    return screen;
  }, name);
}
