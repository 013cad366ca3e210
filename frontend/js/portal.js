// Small improvements, one element each; every page works without them.
import "./password-field.js";
import "./password-rules.js";
import "./download-row.js";
import "./error-summary.js";
import "./filter-popup.js";
import "./publish-button.js";
import "./session-watch.js";
