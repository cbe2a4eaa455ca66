// Builds the documents as a site in target/site: npm run site. Each page keeps its path, with .html instead of .md, so that
// links stay relative and the site works at any address, also from a directory.

import { existsSync, statSync } from "node:fs";
import { cp } from "node:fs/promises";
import { dirname, join, normalize, relative } from "node:path";

import { forEachLink, isExternal, parser, plain } from "./markdown.js";
import { navigation } from "./navigation.js";

/** The path of a file in the repository, which Eleventy gives with a leading "./". */
function source(inputPath) {
  return inputPath.replace(/^\.\//, "");
}

/** The path of a page on the site: a README is the index of its directory. */
function pathOf(file) {
  return file.replace(/README\.md$/, "index.md").replace(/\.md$/, ".html");
}

/** The headings of a level, with their anchors. */
function headings(text, tag) {
  const tokens = parser().parse(text, {});
  return tokens.flatMap((token, i) =>
    token.type === "heading_open" && token.tag === tag
      ? [{ title: plain(tokens[i + 1]), anchor: token.attrGet("id") }]
      : [],
  );
}

/** Links pages to pages, and collects the other files that they refer to. */
function linkPages(md, files) {
  md.core.ruler.push("pages", ({ tokens, env }) => {
    const from = source(env.page.inputPath);
    forEachLink(tokens, (token, attribute) => {
      const address = token.attrGet(attribute);
      if (isExternal(address) || address.startsWith("#")) {
        return;
      }
      const [path, anchor] = address.split("#");
      const target = normalize(join(dirname(from), decodeURI(path)));
      if (target.endsWith(".md")) {
        token.attrSet(attribute, pathOf(path) + (anchor === undefined ? "" : `#${anchor}`));
      } else if (statSync(target).isFile()) {
        files.add(target);
      } else if (existsSync(join(target, "README.md"))) {
        token.attrSet(attribute, join(path, "index.html"));
      } else {
        token.attrs = token.attrs.filter(([name]) => name !== attribute); // the site has no listings
      }
    });
  });
}

/** Leaves the code of a diagram to its script, as GitHub does. */
function showDiagrams(md) {
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, ...rest) =>
    tokens[index].info === "mermaid"
      ? `<pre class="mermaid">${md.utils.escapeHtml(tokens[index].content)}</pre>`
      : fence(tokens, index, ...rest);
}

export default function configure(eleventy) {
  const files = new Set();
  const md = parser();
  linkPages(md, files);
  showDiagrams(md);
  eleventy.setLibrary("md", md);
  eleventy.ignores.add(".github/**");
  eleventy.ignores.add("src/main/**");

  eleventy.addGlobalData("layout", "layout.njk");
  eleventy.addGlobalData(
    "permalink",
    () =>
      ({ page }) =>
        pathOf(source(page.inputPath)),
  );
  eleventy.addGlobalData("navigation", navigation);
  eleventy.addFilter("pathOf", pathOf);
  eleventy.addFilter("source", source);
  eleventy.addFilter("from", (target, { inputPath }) =>
    relative(dirname(pathOf(source(inputPath))), target),
  );
  eleventy.addFilter("heading", (text) => headings(text, "h1")[0]?.title ?? "DevFest Studio");
  eleventy.addFilter("sections", (text) => headings(text, "h2"));

  eleventy.addPassthroughCopy({
    "site/site.css": "site.css",
    "node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js": "mermaid.js",
  });
  eleventy.on("eleventy.after", async ({ directories }) => {
    for (const file of files) {
      await cp(file, join(directories.output, file));
    }
  });

  return {
    dir: { input: ".", includes: "site", output: "target/site" },
    templateFormats: ["md"],
    markdownTemplateEngine: false,
  };
}
