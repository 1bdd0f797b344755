// Builds the page into dist/: one script, one style sheet (both named after their content), one index.html.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "dist");

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { app: "src/main.tsx" },
  outdir: "dist",
  entryNames: "[name]-[hash]",
  bundle: true,
  format: "esm",
  target: ["es2022", "chrome110", "firefox115", "safari16.4"],
  jsx: "automatic",
  minify: true,
  sourcemap: false,
  legalComments: "linked",
  metafile: true,
  define: { "process.env.NODE_ENV": '"production"' },
  alias: { "@atrium/client": join(here, "../client/src/index.ts") },
  // client/ has no node_modules of its own: it is built with the page's.
  nodePaths: [join(here, "node_modules")],
});

const outputs = Object.keys(metafile.outputs).map((path) => basename(path));
const named = (pattern) => outputs.find((name) => pattern.test(name));
const icon = encodeURIComponent((await readFile(join(here, "src/favicon.svg"), "utf8")).replace(/\s*\n\s*/g, " ").trim());
const page = (await readFile(join(here, "src/index.html"), "utf8"))
  .replace("%ICON%", `data:image/svg+xml,${icon}`)
  .replace("%STYLE%", named(/\.css$/))
  .replace("%SCRIPT%", named(/\.js$/));
await writeFile(join(dist, "index.html"), page);

for (const [path, { bytes }] of Object.entries(metafile.outputs)) console.log(`${path}  ${(bytes / 1024).toFixed(1)} kB`);
