// @ts-check
/** A message that outlives the page: what was done is said by the page that follows. */

import { post, text, toast } from "./api.js";

const NAME = "goodside-said";

/**
 * @typedef {object} Kept
 * @property {string} message
 * @property {string} [back] where an undo leads; without it there is none
 * @property {number} [undos] asked for while the page went away
 */

/** @returns {Kept | null} */
function read() {
  const found = sessionStorage.getItem(NAME);
  return found === null ? null : JSON.parse(found);
}

/**
 * Let the next page say something.
 * @param {string} message
 * @param {string} [back] the address to which an undo leads; without it none is offered
 */
export function keepMessage(message, back) {
  sessionStorage.setItem(NAME, JSON.stringify({ message, back }));
}

/** Let the next page take back what this one did: it is about to go. */
export function keepUndo() {
  const kept = read() ?? { message: "", back: location.href };
  sessionStorage.setItem(NAME, JSON.stringify({ ...kept, undos: (kept.undos ?? 0) + 1 }));
}

/** Say what the page before has left to say. */
export function showKept() {
  const kept = read();
  sessionStorage.removeItem(NAME);
  if (!kept) return;
  const { message, back, undos = 0 } = kept;
  if (undos) void takeBack(undos, back ?? location.href);
  else if (message) toast(message, back === undefined ? {} : { undo: () => takeBack(1, back) });
}

/** @param {number} count @param {string} back */
async function takeBack(count, back) {
  try {
    const answer = await post("/v1/journal/undo", { count });
    keepMessage(answer.message || text("undone"));
    if (back === location.href) location.reload();
    else location.assign(back);
  } catch {
    // said already
  }
}
