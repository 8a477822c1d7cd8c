// The directory of identities: who owns which name and where their data lives.
// It keeps its operations in one JSON file, so that it survives a restart.
import fs from "node:fs";
import { fail, load, untilTold } from "./loopback.mjs";

const { Database, PlcServer } = load("@did-plc/server");
const file = process.env.PLC_FILE;

const db = Database.mock();
if (fs.existsSync(file)) {
  db.contents = revive(JSON.parse(fs.readFileSync(file, "utf8")));
}
const add = db.validateAndAddOp.bind(db);
db.validateAndAddOp = async (did, op) => {
  await add(did, op);
  fs.writeFileSync(file + ".new", JSON.stringify(db.contents, plainly));
  fs.renameSync(file + ".new", file);
};

// JSON has no content ids: they are written as their usual strings.
function plainly(key, value) {
  return Array.isArray(value) && key.startsWith("did:")
    ? value.map((op) => ({ ...op, cid: op.cid.toString() }))
    : value;
}

function revive(contents) {
  const { CID } = load("multiformats/cid");
  for (const ops of Object.values(contents)) {
    for (const op of ops) {
      op.cid = CID.parse(op.cid);
      op.createdAt = new Date(op.createdAt);
    }
  }
  return contents;
}

const plc = PlcServer.create({ db, port: Number(process.env.PLC_PORT) });
untilTold(() => plc.destroy());
plc.start().then(() => console.log("plc listens"), fail);
