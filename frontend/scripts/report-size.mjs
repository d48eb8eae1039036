// Prints what the browser downloads, gzipped, by kind. Run after `npm run build`.
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

const assets = new URL("../dist/assets", import.meta.url).pathname;
const totals = new Map();
for (const name of readdirSync(assets)) {
  const bytes = gzipSync(readFileSync(join(assets, name)), { level: 9 }).length;
  totals.set(extname(name), (totals.get(extname(name)) ?? 0) + bytes);
}
for (const [kind, bytes] of totals) console.log(`${kind}\t${(bytes / 1000).toFixed(1)} kB gzip`);
