// @ts-check
/** The headings of the grid: only those near the window stand in the page. */

import { text } from "../api.js";
import { spokenDay } from "./layout.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Placement} Placement */

/** The headings that stand in the page. */
export class Headings {
  /** @type {HTMLElement} */
  #element;
  /** @type {Map<number, HTMLElement>} by the place of the first photograph below */
  #shown = new Map();

  /** @param {HTMLElement} element the grid */
  constructor(element) {
    this.#element = element;
  }

  /** Take all of them out of the page. */
  clear() {
    for (const heading of this.#shown.values()) heading.remove();
    this.#shown.clear();
  }

  /**
   * Put those of a part of the grid into the page, and take the others out.
   * @param {Layout} layout
   * @param {Placement} placement
   * @param {{ low: number, high: number, tiles: Map<number, HTMLElement> }} part px; tiles by place
   */
  put(layout, placement, { low, high, tiles }) {
    const near = new Set();
    for (const { first, top, day } of placement.headings.slice(headingAt(placement, low), headingAt(placement, high) + 1)) {
      near.add(first);
      const shown = this.#shown.get(first);
      if (shown) {
        this.#putBefore(shown, tiles.get(first), top < low);
        continue;
      }
      const heading = document.createElement("h2");
      heading.className = "section";
      heading.textContent = day === null ? text("noDate") : spokenDay(day, layout.sections);
      heading.style.transform = `translateY(${Math.round(top)}px)`;
      this.#shown.set(first, heading);
      this.#putBefore(heading, tiles.get(first), top < low);
    }
    for (const [first, heading] of this.#shown) {
      if (near.has(first)) continue;
      heading.remove();
      this.#shown.delete(first);
    }
  }

  /**
   * Put a heading where it is read: before the photographs below it.
   * @param {HTMLElement} heading
   * @param {HTMLElement | undefined} tile the first of them; undefined: it does not stand in the page
   * @param {boolean} isAbove whether then all that stands in the page comes after it
   */
  #putBefore(heading, tile, isAbove) {
    if (tile) {
      if (heading.nextElementSibling !== tile) tile.before(heading);
    } else if (!isAbove) this.#element.append(heading);
    else if (this.#element.firstElementChild !== heading) this.#element.prepend(heading);
  }
}

/** @param {Placement} placement @param {number} y @returns {number} the heading at or above */
export function headingAt(placement, y) {
  let low = 0;
  let high = placement.headings.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (/** @type {{top: number}} */ (placement.headings[middle]).top <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
