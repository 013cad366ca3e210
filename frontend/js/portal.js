// Small improvements, one element each. Every page works without them.
import "./password-field.js";
import "./password-rules.js";
import "./download-row.js";
import "./error-summary.js";
import "./field-chips.js";
import "./filter-popup.js";
import "./house-style.js";
import "./message-counter.js";
import "./message-draft.js";
import "./print-button.js";
import "./publish-button.js";
import "./session-watch.js";

// Show a page of the portal when there is no connection.
navigator.serviceWorker
  ?.register(document.querySelector("script[data-offline]").dataset.offline)
  .catch(() => {});
