// The address of a text of the narrative on this page: `#<project>/writing/<report>/<period>/<section>/<language>/<line>`.

/** What a file of the narrative is: `narrative/<report>/[<period>/]<section>.<language>.md`. */
export function sectionOf(file) {
  const [folder, report, ...rest] = file.split("/");
  const named = rest.at(-1)?.match(/^(.+)\.([^.]+)\.md$/);
  if (folder !== "narrative" || !named || rest.length > 2 || report === "partials") return null;
  const [, section, language] = named;
  return { report, period: rest.length === 2 ? rest[0] : "", section, language };
}

export function addressOfText(project, { report, period = "", section = "", language = "", line = "" }) {
  const parts = [project, "writing", report, period, section, language, line].map((part) => encodeURIComponent(part));
  return `#${parts.join("/")}`;
}

/** What the address names; parts that it doesn't name are empty. */
export function textOfAddress() {
  const [, , report = "", period = "", section = "", language = "", line = ""] = location.hash.slice(1).split("/").map(decodeURIComponent);
  return { report, period, section, language, line: Number(line) || 0 };
}
