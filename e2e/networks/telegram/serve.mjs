// An imitation of Telegram's Bot API that others have made for their bots' tests.
import { createRequire } from "node:module";

const loaded = createRequire(process.env.PARLEY_MODULES + "/")("telegram-test-api");
const TelegramServer = loaded.TelegramServer ?? loaded.default ?? loaded;
const server = new TelegramServer({ port: Number(process.env.PORT), host: "127.0.0.1", storeTimeout: 3600 });
for (const s of ["SIGTERM", "SIGINT"]) process.on(s, () => process.exit(0));
await server.start();
