// The only place that turns our sources into what browsers load: hashed files and a manifest.
import { build, context } from "esbuild";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { copyPdfFonts } from "./fonts-pdf.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(here, "../workflow/static/build");
const PICTURES = ["mark.svg"];
const watching = process.argv.includes("--watch");

/** Name → hashed file, for entry points and for fonts, as `asset(name)` in the templates looks them up. */
function manifestOf(outputs) {
  const manifest = {};
  for (const file of Object.keys(outputs)) {
    const built = path.relative(out, path.resolve(here, file)).split(path.sep).join("/");
    manifest[path.basename(built).replace(/-[A-Z0-9]{8}(?=\.\w+$)/, "")] = built;
  }
  return Object.fromEntries(Object.entries(manifest).sort());
}

const tidy = {
  name: "manifest",
  setup(builder) {
    builder.onEnd(async (result) => {
      if (result.errors.length) return;
      const manifest = manifestOf(result.metafile.outputs);
      for (const picture of PICTURES) {
        await copyFile(path.join(here, picture), path.join(out, picture));
        manifest[picture] = picture;
      }
      const wanted = new Set(Object.values(manifest));
      for (const folder of ["", "fonts"]) {
        for (const entry of await readdir(path.join(out, folder), { withFileTypes: true }).catch(() => [])) {
          const name = folder ? `${folder}/${entry.name}` : entry.name;
          if (entry.isFile() && !wanted.has(name) && name !== "manifest.json" && !name.startsWith(".")) await rm(path.join(out, name));
        }
      }
      await writeFile(path.join(out, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
      console.log(`built ${wanted.size} files`);
    });
  },
};

/** A face that comes late is there on the next page; the words that somebody reads do not move for it. */
const still = {
  name: "still",
  setup(builder) {
    builder.onLoad({ filter: /@fontsource.*\.css$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, "utf8")).replaceAll("font-display: swap", "font-display: optional"),
      loader: "css",
    }));
  },
};

const options = {
  absWorkingDir: here,
  entryPoints: ["src/app.js", "src/editor.js", "css/app.css", "css/editor.css"],
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2021", "chrome100", "firefox100", "safari15.4"],
  entryNames: "[name]-[hash]",
  assetNames: "fonts/[name]-[hash]",
  loader: { ".woff2": "file" },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  plugins: [still, tidy],
};

await mkdir(out, { recursive: true });
await copyPdfFonts(path.join(out, "fonts-pdf"));
if (watching) {
  await (await context(options)).watch();
} else {
  await build(options);
}
