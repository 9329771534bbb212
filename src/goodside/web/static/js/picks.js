// @ts-check
/** The form of the picks: its figures shown as they change, and nothing empty in the address. */

import { onKey } from "./api.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("pick-form"));

form.addEventListener("input", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || field.type !== "range") return;
  const shown = field.parentElement?.querySelector("output");
  if (shown) shown.textContent = `${field.value}\u202f%`;
});

form.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = /** @type {CustomEvent} */ (event).detail;
  for (const name of ["per_day", "per_person", "picks"]) if (parameters[name] === "") delete parameters[name];
  if (parameters.percentile === "0") delete parameters.percentile;
});

addEventListener("popstate", () => location.reload());

/** @param {number} step */
function move(step) {
  const links = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#picks figure > a")]);
  const place = links.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = links[place < 0 ? 0 : Math.max(0, Math.min(links.length - 1, place + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

onKey({
  next: (event) => (event.key === " " ? false : move(1)),
  previous: (event) => (event.key === " " ? false : move(-1)),
});
