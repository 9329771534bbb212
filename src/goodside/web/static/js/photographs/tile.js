// @ts-check
/** A tile of the grid: a thumbnail, with what is known of its photograph. */

import { text } from "../api.js";

/** @typedef {import("../photo_records.js").PhotoRecord} PhotoRecord */

/** A tile that only holds the place of a photograph that goes by too fast to be seen. @returns {HTMLElement} */
export function makeBareTile() {
  const tile = document.createElement("div");
  tile.className = "tile";
  return tile;
}

/** @param {HTMLElement} tile @returns {boolean} whether it only holds a place */
export function isBare(tile) {
  return !tile.firstElementChild;
}

/**
 * Put into a tile what a photograph's has: its link, its thumbnail, and room for what is known of it.
 * @param {HTMLElement} tile a bare one, or one of the page as it was sent
 * @param {number} id row number of the photograph
 * @returns {HTMLImageElement | null} the thumbnail, which is still to be loaded
 */
export function completeTile(tile, id) {
  let image = null;
  if (isBare(tile)) {
    tile.dataset.id = String(id);
    const link = document.createElement("a");
    link.href = `/photos/${id}`;
    link.tabIndex = -1;
    image = makeThumbnail();
    link.append(image);
    tile.append(link);
  } else tile.querySelector("img")?.removeAttribute("loading");
  const check = document.createElement("button");
  check.type = "button";
  check.className = "check";
  check.tabIndex = -1;
  const marks = document.createElement("div");
  marks.className = "marks";
  marks.setAttribute("aria-hidden", "true");
  tile.append(check, marks);
  return image;
}

/**
 * Show on a tile whether it is selected, and what is known of its photograph.
 * @param {HTMLElement} tile of `makeTile`
 * @param {PhotoRecord | undefined} record undefined: not known yet
 * @param {{ selected: boolean }} state
 */
export function markTile(tile, record, { selected }) {
  tile.classList.toggle("chosen", selected);
  const check = /** @type {HTMLElement} */ (tile.querySelector(".check"));
  check.setAttribute("aria-pressed", String(selected));
  check.setAttribute("aria-label", text("select", { name: record?.name ?? "" }));
  if (!record) return;
  tile.classList.toggle("pick", record.flag === "pick");
  tile.classList.toggle("reject", record.flag === "reject");
  const marks = /** @type {HTMLElement} */ (tile.querySelector(".marks"));
  const parts = [];
  if (record.flag) parts.push(makeMark("badge", record.flag === "pick" ? "✓" : "×"));
  if (record.stars) parts.push(makeMark("given", "★".repeat(record.stars)));
  parts.push(makeMark("word", record.name));
  if (record.score !== null) parts.push(makeMark("word value", record.score.toFixed(1)));
  marks.replaceChildren(...parts);
  tile.querySelector("a")?.setAttribute("aria-label", describe(record));
}

/** @returns {HTMLImageElement} */
function makeThumbnail() {
  const image = document.createElement("img");
  image.alt = "";
  image.draggable = false;
  image.decoding = "async";
  image.addEventListener("error", () => image.classList.add("failed"), { once: true });
  return image;
}

/** @param {string} className @param {string} words @returns {HTMLElement} */
function makeMark(className, words) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = words;
  return element;
}

/** A photograph in words, for screen readers. @param {PhotoRecord} record @returns {string} */
function describe(record) {
  const words = [record.name];
  if (record.score !== null) words.push(record.score.toFixed(1));
  if (record.stars) words.push("★".repeat(record.stars));
  if (record.flag) words.push(text(record.flag === "pick" ? "picked" : "rejected"));
  return words.join(", ");
}

/**
 * Put a tile where it is read: after the one before it, as it is seen.
 * @param {HTMLElement} tile
 * @param {HTMLElement | undefined} before undefined: it is the first that stands in the page
 * @param {HTMLElement} grid
 */
export function putAfter(tile, before, grid) {
  const follows = before && tile.isConnected && before.compareDocumentPosition(tile) & Node.DOCUMENT_POSITION_FOLLOWING;
  if (follows || (!before && grid.firstElementChild === tile)) return;
  if (before) before.after(tile);
  else grid.prepend(tile);
}
