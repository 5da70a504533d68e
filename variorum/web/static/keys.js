// j and k move between updates, Enter opens one, / moves to the search box. Every page works without this script.
"use strict";

const updates = Array.from(document.querySelectorAll(".update"));
let at = -1;

function go(step) {
  const next = at + step;
  if (next >= updates.length) {
    document.querySelector(".turn a[rel=next]")?.focus();
    return;
  }
  if (next < 0) return;
  at = next;
  updates[at].tabIndex = -1;
  updates[at].focus({ preventScroll: true });
  updates[at].scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", (event) => {
  const position = updates.indexOf(event.target.closest(".update"));
  if (position >= 0) at = position;
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "Enter" && event.target === updates[at]) updates[at].querySelector("a.open")?.click();
  else if (event.key === "/") document.querySelector("#find").focus();
  else return;
  event.preventDefault();
});

// Hovering over a sentence shows when it was added (by CSS). Here the same works by tapping, and by Tab: the text is one
// tab stop, and the arrow keys move between its sentences.
const sentences = Array.from(document.querySelectorAll(".sentence"));
const ARROWS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
sentences.forEach((sentence, number) => { sentence.tabIndex = number ? -1 : 0; });

document.addEventListener("keydown", (event) => {
  const from = sentences.indexOf(event.target);
  if (from < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") event.target.blur();
  const next = sentences[from + ARROWS[event.key]];
  if (!next) return;
  next.focus();
  event.preventDefault();
});
document.addEventListener("focusin", (event) => {
  if (!sentences.includes(event.target)) return;
  for (const sentence of sentences) sentence.tabIndex = sentence === event.target ? 0 : -1;
});

// Leave empty fields out of the address: it is easier to share.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
  });
}
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form :disabled")) field.disabled = false;
});

// On hover, show a time in the reader's own time zone.
for (const time of document.querySelectorAll("time[datetime*=T]")) {
  time.title = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });
}

if (updates.length) document.querySelector(".keys").hidden = false;
