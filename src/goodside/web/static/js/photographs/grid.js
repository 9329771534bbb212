// @ts-check
/** The grid: only the rows near the window stand in the page. */

import { text } from "../api.js";
import { lastNotAbove, placeRows, ratioOf, rowOf, spokenDay } from "./layout.js";
import { makeTile, markTile, removeTile } from "./tile.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Placement} Placement */

/** Windows of rows that are kept ahead and behind, and ahead at speed. */
const AHEAD = 1.25;
const BEHIND = 0.75;
const REST_MS = 90;

/** @param {string} name @returns {number} px of a length in the style sheet, in rem */
function lengthOf(name) {
  const style = getComputedStyle(document.documentElement);
  return Number.parseFloat(style.getPropertyValue(name)) * Number.parseFloat(style.fontSize);
}

/** A grid over the page's own scrolling. Tells `rest` when scrolling has come to rest, `scroll` as it goes on. */
export class Grid extends EventTarget {
  /** @type {HTMLElement} */
  #element;
  /** @type {import("../photo_records.js").Records} */
  #records;
  /** @type {import("./selection.js").Selection} */
  #selection;
  /** @type {Layout | null} */
  layout = null;
  /** @type {Placement | null} */
  placement = null;
  /** @type {Map<number, HTMLElement>} by place */
  #tiles = new Map();
  /** @type {Map<number, HTMLElement>} by the place of the first photograph below */
  #headings = new Map();
  /** @type {Map<number, HTMLElement>} those of the page as it was sent, by row number */
  #sent = new Map();
  #top = 0;
  #frame = 0;
  #resting = 0;
  #lastY = 0;
  #cursor = 0;
  /** Px of the style sheet that rows are placed by. */
  #gap = 0;
  #section = 0;
  /** @type {{ index: number, x: number } | null} where the last step up or down led, and its column */
  #column = null;

  /**
   * @param {HTMLElement} element
   * @param {import("../photo_records.js").Records} records
   * @param {import("./selection.js").Selection} selection
   */
  constructor(element, records, selection) {
    super();
    this.#element = element;
    this.#records = records;
    this.#selection = selection;
    for (const tile of element.querySelectorAll(".tile")) {
      this.#sent.set(Number(/** @type {HTMLElement} */ (tile).dataset.id), /** @type {HTMLElement} */ (tile));
    }
    addEventListener("scroll", () => this.#schedule(), { passive: true });
    let width = element.clientWidth;
    new ResizeObserver(() => {
      if (element.clientWidth === width) return;
      width = element.clientWidth;
      this.#relay();
    }).observe(element);
    addEventListener("resize", () => this.#schedule());
    records.addEventListener("change", (event) => this.#remark(/** @type {CustomEvent} */ (event).detail));
    selection.addEventListener("change", () => this.#remark());
  }

  get count() {
    return this.layout?.ids.length ?? 0;
  }

  /** The place that keys act on. */
  get cursor() {
    return this.#cursor;
  }

  /** @param {number} index @returns {number} the row number, -1 where there is none */
  idAt(index) {
    return this.layout?.ids[index] ?? -1;
  }

  /** @param {number} id @returns {number} its place, -1 where it is not shown */
  indexOf(id) {
    return this.layout ? this.layout.ids.indexOf(id) : -1;
  }

  /**
   * Show other photographs.
   * @param {Layout} layout
   * @param {{ at?: number }} [options] the photograph to begin at
   */
  show(layout, options = {}) {
    this.layout = layout;
    this.#selection.setOrder(layout.ids);
    this.#cursor = Math.min(Math.max(0, options.at ?? 0), Math.max(0, layout.ids.length - 1));
    this.#clear();
    this.#place();
    if (options.at !== undefined) this.scrollTo(options.at);
    this.render();
    this.#rest();
  }

  #clear() {
    for (const tile of this.#tiles.values()) removeTile(tile);
    for (const heading of this.#headings.values()) heading.remove();
    this.#tiles.clear();
    this.#headings.clear();
  }

  #place() {
    if (!this.layout) return;
    const isOpening = this.#element.classList.contains("opening");
    const width = this.#element.clientWidth;
    this.#gap = lengthOf("--space");
    this.#section = lengthOf("--section");
    this.placement = placeRows(this.layout, { width, row: lengthOf("--row"), gap: this.#gap, section: this.#section });
    if (isOpening) {
      this.#element.querySelectorAll(".section, .fill").forEach((one) => one.remove());
      this.#element.classList.replace("opening", "placed");
    }
    this.#element.style.height = `${Math.ceil(this.placement.height)}px`;
    this.#top = this.#element.getBoundingClientRect().top + scrollY;
  }

  /** After the width has changed: the same photograph stays at the top. */
  #relay() {
    if (!this.placement) return;
    const first = this.firstInView();
    const inside = scrollY > this.#top;
    this.#clear();
    this.#place();
    if (inside) this.scrollTo(first, "start");
    this.render();
    this.dispatchEvent(new Event("rest"));
  }

  /** The first photograph that is wholly in view. @returns {number} */
  firstInView() {
    const { placement } = this;
    if (!placement || !placement.tops.length) return 0;
    const row = lastNotAbove(placement.tops, scrollY - this.#top + this.#covered() + 1);
    return placement.starts[row] ?? 0;
  }

  /** Px at the window's top that the heading covers. */
  #covered() {
    return document.getElementById("found-head")?.offsetHeight ?? 0;
  }

  #schedule() {
    if (!this.#frame) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.render();
        this.dispatchEvent(new Event("scroll"));
      });
    }
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#rest(), REST_MS);
  }

  #rest() {
    this.readRecords();
    this.dispatchEvent(new Event("rest"));
  }

  /** Ask for what is not known yet of the photographs in the page. */
  readRecords() {
    if (!this.layout) return;
    const ids = [...this.#tiles.keys()].map((index) => this.idAt(index));
    this.#records.want(ids).catch(() => undefined);
  }

  /** Put the rows near the window into the page, and take the others out. */
  render() {
    const { layout, placement } = this;
    if (!layout || !placement) return;
    const y = scrollY - this.#top;
    const down = scrollY >= this.#lastY;
    this.#lastY = scrollY;
    const low = y - (down ? BEHIND : AHEAD) * innerHeight;
    const high = y + innerHeight + (down ? AHEAD : BEHIND) * innerHeight;
    const rows = placement.tops.length;
    const firstRow = rows ? lastNotAbove(placement.tops, low) : 0;
    const lastRow = rows ? lastNotAbove(placement.tops, high) : -1;
    const first = placement.starts[firstRow] ?? 0;
    const end = placement.starts[lastRow + 1] ?? 0;
    for (const [index, tile] of this.#tiles) {
      if (index < first || index >= end) {
        removeTile(tile);
        this.#tiles.delete(index);
      }
    }
    // Those in the window first: the browser asks for their pictures in this order.
    const rowsNow = [];
    for (let row = firstRow; row <= lastRow; row += 1) rowsNow.push(row);
    const middle = y + innerHeight / 2;
    const away = (/** @type {number} */ row) => Math.abs(/** @type {number} */ (placement.tops[row]) - middle);
    for (const row of rowsNow.sort((a, b) => away(a) - away(b))) this.#putRow(row);
    if (this.#sent.size) {
      for (const tile of this.#sent.values()) removeTile(tile);
      this.#sent.clear();
    }
    this.#putHeadings(low, high);
    this.#putCursor();
  }

  /** @param {number} row */
  #putRow(row) {
    const { layout, placement } = this;
    if (!layout || !placement) return;
    const top = Math.round(/** @type {number} */ (placement.tops[row]));
    const height = /** @type {number} */ (placement.heights[row]);
    const bottom = Math.round(/** @type {number} */ (placement.tops[row]) + height);
    let left = 0;
    const gap = this.#gap;
    const end = /** @type {number} */ (placement.starts[row + 1]);
    for (let index = /** @type {number} */ (placement.starts[row]); index < end; index += 1) {
      const right = left + ratioOf(layout, index) * height;
      if (!this.#tiles.has(index)) {
        const tile = this.#makeTile(index);
        const x = Math.round(left);
        tile.style.transform = `translate(${x}px, ${top}px)`;
        tile.style.width = `${Math.round(right) - x}px`;
        tile.style.height = `${bottom - top}px`;
        this.#tiles.set(index, tile);
        if (!tile.isConnected) this.#element.append(tile);
      }
      left = right + gap;
    }
  }

  /** @param {number} low px @param {number} high px */
  #putHeadings(low, high) {
    const { placement, layout } = this;
    if (!placement || !layout) return;
    const near = new Set();
    for (const { first, top, day } of placement.headings.slice(headingAt(placement, low), headingAt(placement, high) + 1)) {
      near.add(first);
      if (this.#headings.has(first)) continue;
      const heading = document.createElement("h2");
      heading.className = "section";
      heading.textContent = day === null ? text("noDate") : spokenDay(day, layout.sections);
      heading.style.transform = `translateY(${Math.round(top)}px)`;
      this.#headings.set(first, heading);
      this.#element.append(heading);
    }
    for (const [first, heading] of this.#headings) {
      if (near.has(first)) continue;
      heading.remove();
      this.#headings.delete(first);
    }
  }

  /** @param {number} index @returns {HTMLElement} */
  #makeTile(index) {
    const id = this.idAt(index);
    const tile = makeTile(id, this.#sent.get(id));
    this.#sent.delete(id);
    this.#mark(tile, id);
    return tile;
  }

  /** @param {number[]} [ids] by default all */
  #remark(ids) {
    const some = ids && new Set(ids);
    for (const [index, tile] of this.#tiles) {
      const id = this.idAt(index);
      if (!some || some.has(id)) this.#mark(tile, id);
    }
    this.#element.classList.toggle("choosing", this.#selection.size > 0);
  }

  /** @param {HTMLElement} tile @param {number} id */
  #mark(tile, id) {
    markTile(tile, this.#records.get(id), { selected: this.#selection.has(id) });
  }

  /** Only the photograph that keys act on is reached with the tabulator key. */
  #putCursor() {
    const had = this.#element.querySelector('a[tabindex="0"]');
    const now = this.#tiles.get(this.#cursor)?.querySelector("a") ?? this.#tiles.get(this.firstInView())?.querySelector("a");
    if (had !== now) {
      had?.setAttribute("tabindex", "-1");
      now?.setAttribute("tabindex", "0");
    }
  }

  /**
   * Let keys act on a photograph, and show it.
   * @param {number} index
   */
  focus(index) {
    this.#cursor = Math.min(Math.max(0, index), Math.max(0, this.count - 1));
    this.scrollTo(this.#cursor, "nearest");
    this.render();
    const link = this.#tiles.get(this.#cursor)?.querySelector("a");
    link?.setAttribute("tabindex", "0");
    link?.focus({ preventScroll: true });
  }

  /**
   * Whatever has the focus or is clicked.
   * @param {EventTarget | null} target
   * @returns {number} its place, -1: it is no photograph
   */
  placeOf(target) {
    const tile = target instanceof Element ? target.closest(".tile") : null;
    if (!(tile instanceof HTMLElement)) return -1;
    for (const [index, one] of this.#tiles) if (one === tile) return index;
    return -1;
  }

  /** @param {number} index lets keys act on it without showing it */
  setCursor(index) {
    this.#cursor = index;
    this.#putCursor();
  }

  /**
   * The photograph above or below.
   * @param {number} index
   * @param {1 | -1} step rows
   */
  beside(index, step) {
    const { layout, placement } = this;
    if (!layout || !placement) return index;
    const row = rowOf(placement, index);
    const other = row + step;
    if (other < 0 || other >= placement.tops.length) return index;
    // Going on up or down keeps to the column that it began in.
    const middle = this.#column?.index === index ? this.#column.x : this.#middle(row, index);
    let best = /** @type {number} */ (placement.starts[other]);
    for (let at = best; at < /** @type {number} */ (placement.starts[other + 1]); at += 1) {
      if (Math.abs(this.#middle(other, at) - middle) < Math.abs(this.#middle(other, best) - middle)) best = at;
    }
    this.#column = { index: best, x: middle };
    return best;
  }

  /** @param {number} row @param {number} index @returns {number} px from the left */
  #middle(row, index) {
    const { layout, placement } = this;
    if (!layout || !placement) return 0;
    const height = /** @type {number} */ (placement.heights[row]);
    let left = 0;
    for (let at = /** @type {number} */ (placement.starts[row]); at < index; at += 1) {
      left += ratioOf(layout, at) * height + this.#gap;
    }
    return left + (ratioOf(layout, index) * height) / 2;
  }

  /**
   * @param {number} index
   * @param {"start" | "nearest" | "centre"} [where]
   */
  scrollTo(index, where = "start") {
    const { placement } = this;
    if (!placement || !placement.tops.length) return;
    const row = rowOf(placement, index);
    const top = this.#top + /** @type {number} */ (placement.tops[row]);
    const height = /** @type {number} */ (placement.heights[row]);
    const covered = this.#covered();
    const heading = placement.headings[headingAt(placement, top - this.#top)];
    const above = heading && rowOf(placement, heading.first) === row ? this.#section : 0;
    if (where === "start") scrollTo(0, row === 0 ? 0 : top - above - covered - 4);
    else if (where === "centre") scrollTo(0, top - (innerHeight - height) / 2);
    else if (top - covered - above < scrollY) scrollTo(0, row === 0 ? 0 : top - covered - above - 8);
    else if (top + height > scrollY + innerHeight - 12) scrollTo(0, top + height - innerHeight + 12);
  }
}

/** @param {Placement} placement @param {number} y @returns {number} the heading at or above */
function headingAt(placement, y) {
  let low = 0;
  let high = placement.headings.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (/** @type {{top: number}} */ (placement.headings[middle]).top <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
