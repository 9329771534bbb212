// @ts-check
/** What every page does: keys, their help, the search field, htmx's token. */

import { toast } from "./api.js";
import { showKept } from "./kept_message.js";
import { actionsHere, keysFor, loadKeys, onKey } from "./keys.js";

const help = /** @type {HTMLDialogElement} */ (document.getElementById("help"));

/** How keys are printed. @type {Record<string, string>} */
const PRINTED = {
  ArrowRight: "→", ArrowLeft: "←", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Enter: "↵", Space: "Space", Home: "Home", End: "End",
};

/** @param {string} name @returns {HTMLElement} */
function keyCap(name) {
  const cap = document.createElement("kbd");
  cap.textContent = name
    .split(/\+(?=.)/)
    .map((part) => PRINTED[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(" + ");
  return cap;
}

/** Show the keys that do something here. */
function showHelp() {
  const here = actionsHere();
  for (const row of help.querySelectorAll("[data-action]")) {
    const action = /** @type {HTMLElement} */ (row).dataset.action ?? "";
    const keys = keysFor(action);
    /** @type {HTMLElement} */ (row).hidden = !here.has(action) || !keys.length;
    row.querySelector("dt")?.replaceChildren(...keys.map(keyCap));
  }
  help.showModal();
}

// On a phone the parts of the album lie side by side beyond the edge: the one that is open is in view.
const rooms = document.querySelector("nav.rooms");
const open = /** @type {HTMLElement | null} */ (rooms?.querySelector('[aria-current="page"]') ?? null);
if (rooms && open) {
  const beyond = open.getBoundingClientRect().right - rooms.getBoundingClientRect().right;
  if (beyond > 0) rooms.scrollLeft += beyond + open.offsetWidth / 2;
}

document.getElementById("open-help")?.addEventListener("click", showHelp);
help.addEventListener("click", (event) => {
  if (event.target === help) help.close();
});

onKey({
  help: showHelp,
  search: () => {
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById("search-text"));
    field?.focus();
    field?.select();
  },
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
  /** @type {CustomEvent} */ (event).detail.headers["X-CSRF-Token"] = token;
});

const KEYS_PROBLEM = "goodside-keys-problem";

/** @param {string | undefined} problem with the person's keys: said once, until it is another */
function sayOnce(problem) {
  if (problem && sessionStorage.getItem(KEYS_PROBLEM) !== problem) toast(problem, { error: true });
  sessionStorage.setItem(KEYS_PROBLEM, problem ?? "");
}

showKept();
loadKeys().then(sayOnce, () => undefined);
