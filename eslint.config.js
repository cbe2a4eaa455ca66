import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["target/", "benchmark/", "src/main/webapp/vendor/", "**/*.d.ts"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      eqeqeq: ["error", "smart"],
      "no-eval": "error",
      "no-implicit-globals": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      "require-atomic-updates": "error",
    },
  },
  { files: ["src/main/webapp/**"], languageOptions: { globals: globals.browser } },
  { files: ["src/test/javascript/**"], languageOptions: { globals: globals.node } },
];
