// Return `text` with each {name} replaced by the value of that name.
export function fill(text, values) {
  return text.replace(/{(\w+)}/g, (_, name) => values[name]);
}
