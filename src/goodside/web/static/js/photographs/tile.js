// @ts-check
/** A tile of the grid: a thumbnail, with what is known of its photograph. */

import { text } from "../api.js";

/** @typedef {import("../photo_records.js").PhotoRecord} PhotoRecord */

/**
 * A tile with the thumbnail of a photograph.
 * @param {number} id row number of the photograph
 * @param {HTMLElement} [sent] its tile in the page as it was sent, which is completed
 * @returns {HTMLElement}
 */
export function makeTile(id, sent) {
  const tile = sent ?? makeLinkedThumbnail(id);
  tile.querySelector("img")?.removeAttribute("loading");
  const check = document.createElement("button");
  check.type = "button";
  check.className = "check";
  check.tabIndex = -1;
  const marks = document.createElement("div");
  marks.className = "marks";
  marks.setAttribute("aria-hidden", "true");
  tile.append(check, marks);
  return tile;
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

/** Take a tile out of the page; a thumbnail that is still loading is cancelled. @param {HTMLElement} tile */
export function removeTile(tile) {
  const image = tile.querySelector("img");
  if (image && !image.complete) image.src = "";
  tile.remove();
}

/** @param {number} id @returns {HTMLElement} */
function makeLinkedThumbnail(id) {
  const tile = document.createElement("div");
  tile.className = "tile";
  tile.dataset.id = String(id);
  const link = document.createElement("a");
  link.href = `/photos/${id}`;
  link.tabIndex = -1;
  const image = document.createElement("img");
  image.alt = "";
  image.draggable = false;
  image.decoding = "async";
  image.src = `/thumbnails/${id}`;
  image.addEventListener("error", () => image.classList.add("failed"), { once: true });
  link.append(image);
  tile.append(link);
  return tile;
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
