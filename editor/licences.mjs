// The libraries in the bundle with their licences: a line for each, then every text with those whose it is.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

const { packages } = JSON.parse(await readFile("package-lock.json", "utf8"));
const libraries = Object.entries(packages).filter(([path, { dev, optional }]) => path && !dev && !optional);
const texts = new Map();
for (const [path, { version, license }] of libraries.sort(([a], [b]) => (a < b ? -1 : 1))) {
  const name = path.replace(/^.*node_modules\//, "");
  console.log(`| ${name} | ${version} | ${license} |`);
  const files = (await readdir(path)).filter((file) => /^licen[cs]e/i.test(file)).sort();
  if (files.length === 0) throw new Error(`${name} carries no licence`);
  for (const file of files) {
    const text = (await readFile(join(path, file), "utf8")).replaceAll("\r\n", "\n").trim();
    texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`]);
  }
}
for (const [text, users] of texts) console.log(`\n## ${users.join(", ")}\n\n\`\`\`text\n${text}\n\`\`\``);
