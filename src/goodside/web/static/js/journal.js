// @ts-check
/** Decisions taken back and done again. */

import { onKey, post, toast } from "./api.js";
import { refreshRegions } from "./refresh_parts.js";

/** One after the other. @type {Promise<unknown>} */
let queue = Promise.resolve();

/** @param {string} what `undo` or `redo` @param {object} body */
function ask(what, body) {
  queue = queue.then(async () => {
    let answer;
    try {
      answer = await post(`/v1/journal/${what}`, body);
    } catch {
      return;
    }
    toast(answer.message);
    await refreshRegions("journal");
  });
}

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (!button) return;
  if (button.id === "undo") ask("undo", { count: 1 });
  else if (button.id === "redo") ask("redo", { count: 1 });
  else if (button.dataset.takeBack) ask("undo", { numbers: [Number(button.dataset.takeBack)] });
});

/** @param {number} step */
function move(step) {
  const buttons = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-take-back]")]);
  const place = buttons.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = buttons[place < 0 ? 0 : Math.max(0, Math.min(buttons.length - 1, place + step))];
  next?.focus();
  next?.closest(".step")?.scrollIntoView({ block: "nearest" });
}

onKey({
  down: () => move(1),
  up: () => move(-1),
  undo: () => ask("undo", { count: 1 }),
});
