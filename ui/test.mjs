// Runs client/test and ui/test under node:test, each file bundled first: Node 18 reads neither TypeScript nor JSX.
import { spawn } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = join(here, "node_modules/.cache/atrium-tests");

async function testsIn(folder) {
  const names = await readdir(join(here, folder));
  return names.filter((name) => /\.test\.tsx?$/.test(name)).map((name) => join(here, folder, name));
}

await rm(out, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: [...(await testsIn("../client/test")), ...(await testsIn("test"))],
  outdir: out,
  outbase: join(here, ".."),
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node18",
  jsx: "automatic",
  packages: "external",
  sourcemap: "inline",
  metafile: true,
  // Browsers and later Nodes have it globally.
  banner: { js: 'import { webcrypto } from "node:crypto"; globalThis.crypto ??= webcrypto;' },
  alias: { "@atrium/client": join(here, "../client/src/index.ts") },
});

const files = Object.keys(metafile.outputs).map((path) => join(here, path));
const run = spawn(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit", cwd: here });
run.on("exit", (code) => process.exit(code ?? 1));
