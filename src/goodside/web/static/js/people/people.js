// @ts-check
/** Everybody's cards: named where they stand, merged by dragging or by key, hidden, forgotten. */

import { isReadOnly, onKey } from "../api.js";
import { askForget, askMerge, hide, merge, nameByForms, onDecided, takeBack } from "./people_decisions.js";
import { refreshRegions } from "../refresh_parts.js";

/** @typedef {import("./people_decisions.js").Somebody} Somebody */

/** @returns {HTMLElement[]} */
const cards = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".person")]);

/** Key of the person whose card had focus last. */
let last = "";

/** @returns {HTMLElement | null} the card that has focus; where nothing has, the one that had it last */
function current() {
  const { activeElement } = document;
  if (activeElement && activeElement !== document.body) return /** @type {HTMLElement | null} */ (activeElement.closest(".person"));
  return last ? document.getElementById(`person-${last}`) : null;
}

document.addEventListener("focusin", (event) => {
  const card = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest(".person"));
  if (card) last = card.dataset.key ?? "";
});

/** @param {HTMLElement} card @returns {Somebody} */
const personOf = (card) => ({ key: card.dataset.key ?? "", name: card.dataset.name ?? "", faces: Number(card.dataset.faces) });

document.addEventListener("keydown", (event) => {
  const field = /** @type {HTMLElement} */ (event.target);
  if (event.key === "Escape" && field.matches?.(".person .name-form input")) {
    event.preventDefault();
    focus(/** @type {HTMLElement} */ (field.closest(".person")));
  }
});

/** @param {HTMLElement | undefined} card */
function focus(card) {
  /** @type {HTMLElement | null | undefined} */ (card?.querySelector(".person-face"))?.focus();
  card?.scrollIntoView({ block: "nearest" });
}

/** @param {number} step */
function move(step) {
  const all = cards();
  const card = current();
  focus(all[card ? Math.max(0, Math.min(all.length - 1, all.indexOf(card) + step)) : 0]);
}

/** To the card above or below. @param {1 | -1} step @returns {boolean | void} */
function moveRow(step) {
  const card = current();
  if (!card) return false;
  const here = card.getBoundingClientRect();
  const others = cards().filter((one) => {
    const box = one.getBoundingClientRect();
    return step > 0 ? box.top > here.top + 1 : box.top < here.top - 1;
  });
  const near = others.sort((a, b) => distance(a, here) - distance(b, here))[0];
  if (near) focus(near);
}

/** @param {HTMLElement} card @param {DOMRect} from */
function distance(card, from) {
  const box = card.getBoundingClientRect();
  return 10 * Math.abs(box.top - from.top) + Math.abs(box.left - from.left);
}

/** @param {HTMLElement} card @param {string} what */
function act(card, what) {
  card.querySelector("details")?.removeAttribute("open");
  const person = personOf(card);
  if (what === "merge") askMerge(person);
  else if (what === "hide") hide(person, card.dataset.hidden !== "yes");
  else if (what === "forget") askForget(person);
}

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest(".person [data-do]");
  const card = /** @type {HTMLElement | null} */ (button?.closest(".person") ?? null);
  if (card && button instanceof HTMLElement) act(card, button.dataset.do ?? "");
});

/** @type {HTMLElement | null} the card that is dragged */
let dragged = null;
/** @param {Event} event @returns {HTMLElement | null} */
const cardAt = (event) => /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest?.(".person") ?? null);

document.addEventListener("dragstart", (event) => {
  dragged = isReadOnly() ? null : cardAt(event);
  if (!dragged || !event.dataTransfer) {
    if (cardAt(event)) event.preventDefault();
    return;
  }
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.name ?? "");
  const face = dragged.querySelector(".person-face img");
  if (face) event.dataTransfer.setDragImage(face, 40, 40);
  dragged.classList.add("dragged");
});
document.addEventListener("dragover", (event) => {
  const card = cardAt(event);
  for (const one of document.querySelectorAll(".person.target")) if (one !== card) one.classList.remove("target");
  if (!dragged || !card || card === dragged) return;
  event.preventDefault();
  card.classList.add("target");
});
document.addEventListener("drop", (event) => {
  const card = cardAt(event);
  if (!dragged || !card || card === dragged) return;
  event.preventDefault();
  merge(personOf(dragged), personOf(card));
});
document.addEventListener("dragend", () => {
  dragged = null;
  for (const one of document.querySelectorAll(".person.target, .person.dragged")) one.classList.remove("target", "dragged");
});

nameByForms((form) => personOf(/** @type {HTMLElement} */ (form.closest(".person"))));
onDecided(async () => {
  const typing = document.activeElement?.matches(".name-form input");
  await refreshRegions("people-region", "names");
  // A name is done: keys are for people again.
  if (typing) focus(current() ?? undefined);
});

/** @param {string} what @returns {() => boolean | void} */
const forCurrent = (what) => () => {
  const card = current();
  if (!card) return false;
  act(card, what);
};

onKey({
  next: () => move(1),
  previous: () => move(-1),
  down: () => moveRow(1),
  up: () => moveRow(-1),
  first: () => move(-Infinity),
  last: () => move(Infinity),
  open: () => {
    const link = document.activeElement;
    if (!(link instanceof HTMLAnchorElement)) return false;
    link.click();
  },
  name: () => {
    const field = /** @type {HTMLInputElement | null} */ (current()?.querySelector(".name-form input") ?? null);
    if (!field) return false;
    field.focus();
    field.select();
  },
  merge: forCurrent("merge"),
  hide: forCurrent("hide"),
  forget: forCurrent("forget"),
  undo: () => takeBack(),
});
