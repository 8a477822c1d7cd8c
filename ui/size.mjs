// Says how much JavaScript the first screen loads, compressed, and fails over 250 kB.
import fs from "node:fs";
import zlib from "node:zlib";

const most = 250_000;
const dir = "dist/assets/";
const seen = new Set();
const take = (file) => {
  if (seen.has(file)) return;
  seen.add(file);
  const text = fs.readFileSync(dir + file, "utf8");
  for (const m of text.matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)) take(m[1]);
};
for (const m of fs.readFileSync("dist/index.html", "utf8").matchAll(/assets\/([^"]+\.js)/g)) take(m[1]);
for (const file of fs.readdirSync(dir)) if (/^(Shell|Home|messages)-.*\.js$/.test(file)) take(file);
const total = [...seen].reduce((sum, file) => sum + zlib.gzipSync(fs.readFileSync(dir + file)).length, 0);
process.stdout.write(`first screen: ${(total / 1000).toFixed(1)} kB of JavaScript, compressed, in ${seen.size} files\n`);
if (total > most) {
  process.stderr.write(`that is over ${most / 1000} kB\n`);
  process.exit(1);
}
