// Build the static files: a style sheet, one script for every page and one for attachments,
// the fonts, and the icons that templates use.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const out = "src/portaal/ui/static/ui/built";
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

await build({
  entryPoints: { portal: "frontend/css/portal.css" },
  outdir: out,
  bundle: true,
  minify: true,
  loader: { ".woff2": "file" },
  alias: {
    "source-serif": "@fontsource-variable/source-serif-4/files",
    atkinson: "@fontsource-variable/atkinson-hyperlegible-next/files",
  },
  assetNames: "[name]",
  target: ["chrome123", "firefox128", "safari17.5"],
});
await build({
  entryPoints: { portal: "frontend/js/portal.js", attachments: "frontend/js/attach-files.js" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
});

// Take only the icons that a template or a Python file names.
const used = new Set();
for (const entry of await readdir("src/portaal", { recursive: true })) {
  if (!/\.(html|py)$/.test(entry) || entry.includes("static")) continue;
  const text = await readFile(join("src/portaal", entry), "utf8");
  for (const [, name] of text.matchAll(/\bicon\(\s*["']([a-z0-9-]+)["']/g)) used.add(name);
}
const icons = {};
for (const name of [...used].sort()) {
  const svg = await readFile(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
  icons[name] = svg
    .replace(/[\s\S]*?<svg[^>]*>([\s\S]*)<\/svg>[\s\S]*/, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
await writeFile(join(out, "icons.json"), JSON.stringify(icons));
// The PDF engine reads TrueType only. gateways/pdf names the fonts.
const pdf = "src/portaal/gateways/pdf";
const faces = [
  ...(await readFile(`${pdf}/__init__.py`, "utf8")).matchAll(/"([\w-]+\.ttf)": "([^"]+)"/g),
];
if (!faces.length) throw new Error(`${pdf}/__init__.py names no fonts`);
await mkdir(`${pdf}/fonts`, { recursive: true });
for (const [, name, folder] of faces)
  await copyFile(`node_modules/@expo-google-fonts/${folder}/${name}`, `${pdf}/fonts/${name}`);
console.log(
  `portal.css, portal.js, attachments.js, ${used.size} icons, ${faces.length} fonts for PDF`,
);
