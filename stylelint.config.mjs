// What `make check` asks of frontend/css, beside the format that Biome keeps.
export default {
  extends: "stylelint-config-standard",
  rules: {
    // tests/ui/test_colours.py works the formulas of tokens.css out as they are written.
    "alpha-value-notation": "number",
    "lightness-notation": "number",
    // esbuild joins the sheets.
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
    // A sheet is read in the order of its component, not of its specificity.
    "no-descending-specificity": null,
    // Only on paper.
    "declaration-no-important": true,
  },
  overrides: [{ files: ["frontend/css/print.css"], rules: { "declaration-no-important": null } }],
};
