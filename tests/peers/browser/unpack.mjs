// Unpacks Chromium below TMPDIR and prints, as JSON, where it is and the environment it wants.
import chromium from "@sparticuz/chromium";

const executable = await chromium.executablePath();
const { LD_LIBRARY_PATH, FONTCONFIG_PATH } = process.env;
console.log(JSON.stringify({ executable, env: { LD_LIBRARY_PATH, FONTCONFIG_PATH } }));
