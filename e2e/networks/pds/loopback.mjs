// Both servers listen on every interface and offer no setting for it. A test's
// server must be reachable from this machine alone, so every listen in this
// process is sent to 127.0.0.1.
import net from "node:net";
import { createRequire } from "node:module";

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, { port: Number(port), host: "127.0.0.1" }, ...rest);
};

// The packages lie in the cache, not beside this script.
export const load = createRequire(process.env.PARLEY_MODULES + "/");

// Told to end, a server closes its databases first.
export function untilTold(end) {
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => end().then(() => process.exit(0), fail));
  }
}

export function fail(err) {
  console.error(err);
  process.exit(1);
}
