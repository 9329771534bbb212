// @ts-check
/** The grid: only the rows near the window stand in the page. */

import { Headings, headingAt } from "./headings.js";
import { lastNotAbove, lengthOf, placeRows, ratioOf, rowOf } from "./layout.js";
import { ThumbnailQueue } from "./thumbnail_queue.js";
import { completeTile, isBare, makeBareTile, markTile, putAfter } from "./tile.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Placement} Placement */

/** Windows of rows that are kept ahead and behind, and ahead at speed. */
const AHEAD = 1.25;
const BEHIND = 0.75;
const REST_MS = 90;
const TOO_FAST = 10; // windows a second at which photographs cannot be seen: their places are shown alone
const TOO_FAST_AHEAD = 0.25;
const SLOW_AGAIN_MS = 60;

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
  /** @type {Headings} */
  #headings;
  /** @type {Map<number, HTMLElement>} those of the page as it was sent, by row number */
  #sent = new Map();
  /** Bare tiles that are used again. @type {HTMLElement[]} */
  #spare = [];
  #thumbnails = new ThumbnailQueue();
  #isTooFast = false;
  /** Px a second, downward. */
  #speed = 0;
  #slowing = 0;
  #renderedAt = 0;
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
    this.#headings = new Headings(element);
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
    this.render({ jumps: true });
    this.#rest();
  }

  #clear() {
    for (const tile of this.#tiles.values()) this.#remove(tile);
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
    this.render({ jumps: true });
    this.#putCursor();
    this.dispatchEvent(new Event("rest"));
  }

  /** The first photograph that is wholly in view. @returns {number} */
  firstInView() {
    const { placement } = this;
    if (!placement || !placement.tops.length) return 0;
    const row = lastNotAbove(placement.tops, scrollY - this.#top + this.#covered() + 1);
    return placement.starts[row] ?? 0;
  }

  /** @returns {number} px at the window's top that the heading covers */
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
    this.#putCursor();
    this.readRecords();
    this.dispatchEvent(new Event("rest"));
  }

  /** Ask for what is not known yet of the photographs in the page. */
  readRecords() {
    if (!this.layout) return;
    const ids = [...this.#tiles.keys()].map((index) => this.idAt(index));
    this.#records.want(ids).catch(() => undefined);
  }

  /** Put the rows near the window into the page, and take the others out. @param {{ jumps?: boolean }} [how] jumps: it stays there */
  render({ jumps = false } = {}) {
    const { layout, placement } = this;
    if (!layout || !placement) return;
    const y = scrollY - this.#top;
    const down = scrollY >= this.#lastY;
    this.#measureSpeed(jumps);
    const ahead = (this.#isTooFast ? TOO_FAST_AHEAD : AHEAD) * innerHeight;
    const behind = (this.#isTooFast ? 0 : BEHIND) * innerHeight;
    const low = y - (down ? behind : ahead);
    const high = y + innerHeight + (down ? ahead : behind);
    const rows = placement.tops.length;
    const firstRow = rows ? lastNotAbove(placement.tops, low) : 0;
    const lastRow = rows ? lastNotAbove(placement.tops, high) : -1;
    const first = placement.starts[firstRow] ?? 0;
    const end = placement.starts[lastRow + 1] ?? 0;
    for (const [index, tile] of this.#tiles) {
      if (index < first || index >= end) {
        this.#remove(tile);
        this.#tiles.delete(index);
      }
    }
    for (let row = firstRow; row <= lastRow; row += 1) this.#putRow(row);
    if (this.#sent.size) {
      for (const tile of this.#sent.values()) this.#remove(tile);
      this.#sent.clear();
    }
    this.#headings.put(layout, placement, { low, high, tiles: this.#tiles });
    if (this.#isTooFast) return;
    // Pictures that come soon are wanted where the window will be then.
    const reach = (AHEAD - 0.25) * innerHeight;
    const lead = Math.max(-reach, Math.min(reach, this.#speed * this.#thumbnails.latency_s));
    this.#thumbnails.middle = y + innerHeight / 2 + lead;
    this.#thumbnails.release();
  }

  /** Whether photographs go by too fast to be seen; where they do, look again a little later. @param {boolean} jumps */
  #measureSpeed(jumps) {
    const now = performance.now();
    const moved = scrollY - this.#lastY;
    this.#speed = jumps ? 0 : (1000 * moved) / Math.max(1, now - this.#renderedAt);
    this.#isTooFast = Math.abs(moved) > innerHeight && Math.abs(this.#speed) > TOO_FAST * innerHeight;
    this.#lastY = scrollY;
    this.#renderedAt = now;
    clearTimeout(this.#slowing);
    if (!this.#isTooFast) return;
    this.#thumbnails.hold();
    this.#slowing = setTimeout(() => this.render(), SLOW_AGAIN_MS);
  }

  /** @param {HTMLElement} tile is taken out of the page */
  #remove(tile) {
    if (isBare(tile)) this.#spare.push(tile);
    const image = tile.querySelector("img");
    if (image) this.#thumbnails.drop(image);
    tile.remove();
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
      const there = this.#tiles.get(index);
      if (there) {
        if (!this.#isTooFast && isBare(there)) this.#complete(there, index, top);
      } else {
        const tile = this.#makeTile(index, top);
        const x = Math.round(left);
        tile.style.transform = `translate(${x}px, ${top}px)`;
        tile.style.width = `${Math.round(right) - x}px`;
        tile.style.height = `${bottom - top}px`;
        this.#tiles.set(index, tile);
        putAfter(tile, this.#tiles.get(index - 1), this.#element);
      }
      left = right + gap;
    }
  }

  /** @param {number} index @param {number} top px @returns {HTMLElement} */
  #makeTile(index, top) {
    const sent = this.#sent.get(this.idAt(index));
    const tile = sent ?? this.#spare.pop() ?? makeBareTile();
    this.#sent.delete(this.idAt(index));
    if (sent || !this.#isTooFast) this.#complete(tile, index, top);
    return tile;
  }

  /** @param {HTMLElement} tile @param {number} index @param {number} top px */
  #complete(tile, index, top) {
    const id = this.idAt(index);
    const image = completeTile(tile, id);
    if (image) this.#thumbnails.add(image, `/thumbnails/${id}`, top);
    this.#mark(tile, id);
  }

  /** @param {number[]} [ids] by default all */
  #remark(ids) {
    const some = ids && new Set(ids);
    for (const [index, tile] of this.#tiles) {
      const id = this.idAt(index);
      if ((!some || some.has(id)) && !isBare(tile)) this.#mark(tile, id);
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
    this.render({ jumps: true });
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
