// Return a key that is the same when one file is chosen twice.
export function fileKey({ name, size, lastModified }) {
  return `${name}/${size}/${lastModified}`;
}

// Few browsers know the type of a HEIC.
export function isPhoto({ name, type }) {
  return type.startsWith("image/") || /\.hei[cf]$/i.test(name);
}

// Return the key of the text that says why a file cannot be sent, or "". The server checks the
// same, and the content. `others` are the keys of the files that are chosen or attached.
export function problemOf(file, others, { maxBytes, maxFiles, accept }) {
  if (others.includes(fileKey(file))) return "twice";
  if (!file.size) return "empty";
  if (file.size > Number(maxBytes)) return "large";
  if (!isAccepted(file, accept)) return "kind";
  return others.length < Number(maxFiles) ? "" : "many";
}

// Fill in a file's name, kind and size, and the label of the button that removes it.
export function describe(element, file, texts) {
  const kind = isPhoto(file) ? texts.get("photo") : extension(file) || texts.get("file");
  const button = element.querySelector("button");
  element.querySelector("bdi").textContent = file.name;
  element.querySelector("small").textContent = `${kind}, ${sizeLabel(file.size)}`;
  element.querySelector(isPhoto(file) ? ".paper" : ".photo").remove();
  button.ariaLabel = texts.named("remove", file.name);
  if (button.title) button.title = button.ariaLabel;
}

// Apply an input's `accept`: extensions, types, and groups of types such as "image/*".
function isAccepted({ name, type }, accept) {
  const kinds = accept
    .split(",")
    .map((kind) => kind.trim().toLowerCase())
    .filter(Boolean);
  const matches = (kind) => {
    if (kind.startsWith(".")) return name.toLowerCase().endsWith(kind);
    return kind.endsWith("/*") ? type.startsWith(kind.slice(0, -1)) : type === kind;
  };
  return !kinds.length || kinds.some(matches);
}

function extension({ name }) {
  return name.match(/[^.]\.(\w{1,5})$/)?.[1].toLowerCase();
}

function sizeLabel(bytes) {
  if (bytes < 999_500) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  const megabytes = Math.round(bytes / 100_000) / 10;
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return `${megabytes.toLocaleString(document.documentElement.lang, digits)} MB`;
}
