// For screen readers, add to Datasette's own pages what they lack: their language and names for form fields.
"use strict";

const NAMES = { _filter_column: "column", _filter_op: "comparison", _filter_value: "value", _sort: "sort by" };

document.documentElement.lang = "en";
// After the load event, on which Datasette starts its editor.
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form select, form input[type=text]")) {
    const name = NAMES[field.name.replace(/_\d+$/, "")];
    if (name && !field.labels.length) field.setAttribute("aria-label", name);
  }
  // The page's own text area and the one that the editor puts in its place.
  for (const field of document.querySelectorAll("form textarea")) field.setAttribute("aria-label", "SQL");
});
