// What Datasette's own pages lack for those who do not see them: their language, and names for what is filled in.
"use strict";

const NAMES = { _filter_column: "column", _filter_op: "comparison", _filter_value: "value", _sort: "sort by" };

document.documentElement.lang = "en";
// After load, with which Datasette begins its editor.
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form select, form input[type=text]")) {
    const name = NAMES[field.name.replace(/_\d+$/, "")];
    if (name && !field.labels.length) field.setAttribute("aria-label", name);
  }
  // The one of the page and the one that its editor puts in its place.
  for (const field of document.querySelectorAll("form textarea")) field.setAttribute("aria-label", "SQL");
});
