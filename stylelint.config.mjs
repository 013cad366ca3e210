// Rules for frontend/css that `make check` applies, besides the format, which Biome checks.
export default {
  extends: "stylelint-config-standard",
  rules: {
    // tests/ui/test_colours.py evaluates the formulas of tokens.css in this notation.
    "alpha-value-notation": "number",
    "lightness-notation": "number",
    // esbuild bundles the imported sheets.
    "import-notation": "string",
    // Safari on a phone supports this property under its prefix only.
    "property-no-vendor-prefix": [
      true,
      { ignoreProperties: ["/text-size-adjust$/", "/box-orient$/"] },
    ],
    "value-no-vendor-prefix": [true, { ignoreValues: ["box"] }],
    // Names are whole words of three letters or more.
    "custom-property-pattern": "^(?=.{3})[a-z]+(-[a-z]+|-\\d)*$",
    "selector-class-pattern": "^(?=.{3})[a-z]+(-[a-z]+)*$",
    // Rules follow the order of the component, not their specificity.
    "no-descending-specificity": null,
    // Print rules only.
    "declaration-no-important": true,
  },
  overrides: [{ files: ["frontend/css/print.css"], rules: { "declaration-no-important": null } }],
};
