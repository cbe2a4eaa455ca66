// Bundles a program of a guide for a browser: node bundle.js ENTRY. Writes bundle.js and
// package.json beside it.

import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compileScript, parse } from "vue/compiler-sfc";

/** Compiles components of Vue that have a script and a template. */
const vue = {
  name: "vue",
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor } = parse(await readFile(path, "utf8"), { filename: path });
      const { content } = compileScript(descriptor, { id: path, inlineTemplate: true });
      return { contents: content, loader: "js" };
    });
  },
};

const reactNative = join(import.meta.dirname, "reactNative.js");

const [entry] = process.argv.slice(2);
// Without a type, as in most applications: packages of CommonJS export as Babel does.
await writeFile(join(dirname(entry), "package.json"), "{}");
await build({
  entryPoints: [entry],
  bundle: true,
  outfile: join(dirname(entry), "bundle.js"),
  format: "esm",
  jsx: "automatic",
  plugins: [vue],
  alias: {
    "react-native": reactNative,
    "@react-native-async-storage/async-storage": reactNative,
  },
  define: {
    "process.env.NODE_ENV": '"production"',
    __VUE_OPTIONS_API__: "true",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
});
