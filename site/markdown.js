// Reads Markdown as GitHub does: the anchors of headings are the same there and on the site.

import MarkdownIt from "markdown-it";

/** Returns a parser that gives each heading the id that GitHub gives it. */
export function parser() {
  const md = new MarkdownIt({ html: true, linkify: false });
  md.core.ruler.push("anchors", (state) => {
    const used = new Map();
    state.tokens.forEach((token, i) => {
      if (token.type === "heading_open") {
        token.attrSet("id", anchor(plain(state.tokens[i + 1]), used));
      }
    });
  });
  return md;
}

/** The text of a heading without its markup. */
export function plain(inline) {
  return inline.children
    .filter(({ type }) => type === "text" || type === "code_inline")
    .map(({ content }) => content)
    .join("");
}

function anchor(text, used) {
  const slug = text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
  const count = used.get(slug) ?? 0;
  used.set(slug, count + 1);
  return count === 0 ? slug : `${slug}-${count}`;
}

/** Calls back with the token of each link and image, and the attribute that has its address. */
export function forEachLink(tokens, callback) {
  for (const token of tokens) {
    if (token.type === "link_open") {
      callback(token, "href");
    } else if (token.type === "image") {
      callback(token, "src");
    }
    if (token.children !== null) {
      forEachLink(token.children, callback);
    }
  }
}

/** Whether the address leads out of the repository. */
export function isExternal(address) {
  return /^[a-z][a-z0-9+.-]*:/i.test(address);
}
