// Return the fields of a form without its files.
export function textFields(form) {
  const fields = [...new FormData(form)].filter(([, value]) => !(value instanceof File));
  return new URLSearchParams(fields);
}

// Add the element with this id to an input's descriptions.
export function addDescription(input, id) {
  const others = input.getAttribute("aria-describedby");
  input.setAttribute("aria-describedby", [others, id].filter(Boolean).join(" "));
}
