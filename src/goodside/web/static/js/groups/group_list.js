// @ts-check
/** The list of groups: from one to the next by key, and the chosen frame kept without opening it. */

import { onKey, post, text, toast, undo } from "../api.js";

const list = /** @type {HTMLElement | null} */ (document.getElementById("groups"));

/** @returns {HTMLAnchorElement[]} */
const links = () => [.../** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".group-link"))];

/** @param {number} step */
function move(step) {
  const all = links();
  const place = all.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
  const next = all[place < 0 ? 0 : Math.max(0, Math.min(all.length - 1, place + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** Keep what is chosen of the group in focus. @returns {Promise<void> | false} */
function keepChosen() {
  const link = document.activeElement;
  if (!(link instanceof HTMLAnchorElement) || !link.dataset.chosen) return false;
  return keep(link, Number(link.dataset.chosen));
}

/** @param {HTMLAnchorElement} link @param {number} chosen */
async function keep(link, chosen) {
  try {
    await post("/v1/decisions/best", { photos: [chosen], group: link.dataset.address });
  } catch {
    return;
  }
  const item = link.closest(".group");
  item?.classList.add("decided");
  move(1);
  toast(text("chosenKept"), {
    undo: async () => {
      await undo();
      item?.classList.remove("decided");
    },
  });
}

if (list) {
  onKey({
    next: () => move(1),
    previous: () => move(-1),
    down: () => move(1),
    up: () => move(-1),
    best: () => {
      if (keepChosen() === false) return false;
    },
    open: () => {
      const link = document.activeElement;
      if (!(link instanceof HTMLAnchorElement)) return false;
      link.click();
    },
    undo: () => {
      undo().then(() => location.reload(), () => undefined);
    },
  });
}
