// A personal data server, set up by PDS_… in the environment.
import { fail, load, untilTold } from "./loopback.mjs";

const { PDS, envToCfg, envToSecrets, readEnv } = load("@atproto/pds");
const env = readEnv();
const pds = await PDS.create(envToCfg(env), envToSecrets(env)).catch(fail);
untilTold(() => pds.destroy());
pds.start().then(() => console.log("pds listens"), fail);
