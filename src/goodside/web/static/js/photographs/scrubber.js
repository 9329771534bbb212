// @ts-check
/** The strip at the window's edge: where in the album one is, and the way to anywhere in it. */

import { text } from "../api.js";
import { rowOf, spokenDay } from "./layout.js";

const TICK_PX = 26;
const DAYS_MS = 86_400_000;
const KEY_STEP = 0.02;

export class Scrubber {
  /** @type {HTMLElement} */
  #element;
  /** @type {import("./grid.js").Grid} */
  #grid;
  #ticks;
  #here;
  #bubble;
  /** @type {{ y: number, label: string }[]} what is said along the strip; y: px of the grid */
  #labels = [];

  /**
   * @param {HTMLElement} element
   * @param {import("./grid.js").Grid} grid
   */
  constructor(element, grid) {
    this.#element = element;
    this.#grid = grid;
    this.#ticks = /** @type {HTMLElement} */ (element.querySelector(".ticks"));
    this.#here = /** @type {HTMLElement} */ (element.querySelector(".here"));
    this.#bubble = /** @type {HTMLElement} */ (element.querySelector(".bubble"));
    grid.addEventListener("scroll", () => this.#follow());
    grid.addEventListener("rest", () => this.#follow());
    addEventListener("resize", () => this.update());
    element.addEventListener("pointerdown", (event) => this.#take(event));
    element.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => this.#element.classList.remove("dragging"));
    element.addEventListener("keydown", (event) => this.#press(event));
  }

  /** After other photographs are shown. */
  update() {
    const { layout, placement } = this.#grid;
    const scrolls = document.documentElement.scrollHeight > innerHeight * 1.6;
    this.#element.hidden = !scrolls || !placement;
    if (!layout || !placement || !scrolls) return;
    this.#labels =
      layout.sections === "none"
        ? layout.landmarks.map(([place, label]) => ({ y: placement.tops[rowOf(placement, place)] ?? 0, label }))
        : placement.headings.map(({ top, day }) => ({ y: top, label: day === null ? text("noDate") : spokenDay(day, layout.sections) }));
    const shown =
      layout.sections === "none"
        ? this.#labels
        : yearsOf(placement.headings, layout.sections === "day" && placement.headings.length < 400);
    const height = this.#element.clientHeight;
    /** @type {HTMLElement[]} */
    const ticks = [];
    let last = -TICK_PX;
    for (const { y, label } of shown) {
      const at = (y / placement.height) * height;
      if (at - last < TICK_PX) continue;
      last = at;
      const words = document.createElement("span");
      words.textContent = label.length > 6 ? `${label.slice(0, 5)}…` : label;
      words.style.top = `${Math.min(height - 6, Math.max(6, at))}px`;
      ticks.push(words);
    }
    this.#ticks.replaceChildren(...ticks);
    this.#follow();
  }

  #follow() {
    if (this.#element.hidden) return;
    const share = this.#share();
    this.#here.style.transform = `translateY(${share * this.#element.clientHeight}px)`;
    this.#element.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    this.#element.setAttribute("aria-valuetext", this.#labelAt(share));
    if (!this.#element.matches(":hover") || this.#element.classList.contains("dragging")) this.#say(share);
  }

  /** How far down the page is, 0-1. */
  #share() {
    return Math.min(1, scrollY / Math.max(1, document.documentElement.scrollHeight - innerHeight));
  }

  /** @param {number} share @returns {string} what is there */
  #labelAt(share) {
    const y = share * (this.#grid.placement?.height ?? 0);
    let found = this.#labels[0]?.label ?? "";
    for (const one of this.#labels) {
      if (one.y > y) break;
      found = one.label;
    }
    return found;
  }

  /** @param {number} share */
  #say(share) {
    this.#bubble.textContent = this.#labelAt(share);
    this.#bubble.style.top = `${share * this.#element.clientHeight}px`;
  }

  /** @param {PointerEvent} event @returns {number} 0-1 */
  #shareOf(event) {
    const box = this.#element.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
  }

  /** @param {PointerEvent} event */
  #take(event) {
    if (event.button !== 0) return;
    this.#element.setPointerCapture(event.pointerId);
    this.#element.classList.add("dragging");
    this.#go(this.#shareOf(event));
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.#element.classList.contains("dragging")) this.#go(this.#shareOf(event));
    else this.#say(this.#shareOf(event));
  }

  /** @param {number} share */
  #go(share) {
    scrollTo(0, share * (document.documentElement.scrollHeight - innerHeight));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const steps = { ArrowDown: KEY_STEP, ArrowUp: -KEY_STEP, PageDown: 5 * KEY_STEP, PageUp: -5 * KEY_STEP };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (event.key === "Home" || event.key === "End") this.#go(event.key === "End" ? 1 : 0);
    else if (step !== undefined) this.#go(this.#share() + step);
    else return;
    event.preventDefault();
  }
}

/**
 * Where years begin, or with room months.
 * @param {import("./layout.js").Heading[]} headings
 * @param {boolean} months
 * @returns {{ y: number, label: string }[]}
 */
function yearsOf(headings, months) {
  const found = [];
  let last = "";
  let lastYear = "";
  for (const { top, day } of headings) {
    if (day === null) continue;
    const date = new Date(day * DAYS_MS);
    const year = String(date.getUTCFullYear());
    const month = new Intl.DateTimeFormat(document.documentElement.lang, { month: "short", timeZone: "UTC" }).format(date);
    const mark = months ? `${year} ${month}` : year;
    if (mark !== last) found.push({ y: top, label: year !== lastYear ? year : month });
    last = mark;
    lastYear = year;
  }
  return found;
}
