// @ts-check
/** Short messages at the edge of the window. */

import { text } from "./texts.js";

const SHOWN_MS = 3500;
const WITH_ACTION_MS = 8000;
const MOST = 3;

/** @param {string} message @param {{ undo?: unknown, remedy?: string }} options @returns {string} all its words */
function sentence(message, options) {
  return message + (options.remedy ?? "") + (options.undo ? text("undo") : "");
}

/**
 * Say something quietly; it goes by itself.
 * @param {string} message
 * @param {{ undo?: () => unknown, error?: boolean, remedy?: string, instead?: string }} [options] `undo`:
 *   what a button does; `instead`: it takes the place of the last message of this name
 * @returns {HTMLElement}
 */
export function toast(message, options = {}) {
  const place = /** @type {HTMLElement} */ (document.getElementById("toasts"));
  for (const one of place.querySelectorAll(".toast")) {
    if (one.textContent === sentence(message, options)) one.remove();
  }
  if (options.instead) place.querySelector(`[data-name="${options.instead}"]`)?.remove();
  while (place.children.length >= MOST) place.firstElementChild?.remove();
  const box = document.createElement("div");
  box.className = options.error ? "toast error" : "toast";
  if (options.instead) box.dataset.name = options.instead;
  if (options.error) box.setAttribute("role", "alert");
  const words = document.createElement("span");
  words.textContent = message;
  box.append(words);
  if (options.remedy) {
    const remedy = document.createElement("span");
    remedy.className = "remedy";
    remedy.textContent = options.remedy;
    box.append(remedy);
  }
  const { undo } = options;
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text("undo");
    button.addEventListener("click", () => {
      box.remove();
      undo();
    });
    box.append(button);
  }
  place.append(box);
  // A modal dialog covers everything outside it: as a popover the messages stay above it.
  if ("popover" in place) {
    place.setAttribute("popover", "manual");
    if (place.matches(":popover-open")) place.hidePopover();
    place.showPopover();
  }
  setTimeout(
    () => {
      box.remove();
      if (!place.children.length && place.matches(":popover-open")) place.hidePopover();
    },
    undo || options.error ? WITH_ACTION_MS : SHOWN_MS,
  );
  return box;
}
