// @ts-check
/** Two fingers on the frames of a group: all are zoomed together, at the place between the fingers. */

/** @typedef {import("./linked_zoom.js").LinkedZoom} LinkedZoom */
/** @typedef {import("./linked_zoom.js").Pane} Pane */
/** @typedef {{ clientX: number, clientY: number }} Point px of the window */

const SMALLER_THAN_FITTED = 1.02; // ending below this share of the fitted size shows all again

/** A pinch; the fingers may stand on different frames. */
export class Pinch {
  /** @type {Map<number, Point>} where fingers are, by pointer */
  #fingers = new Map();
  /** @type {{ pane: Pane, distance: number, scale: number, place: { x: number, y: number } } | null} */
  #begun = null;

  /** @param {LinkedZoom} zoom */
  constructor(zoom) {
    this.zoom = zoom;
  }

  /** Whether two fingers are down. */
  get isOn() {
    return this.#begun !== null;
  }

  /** @param {Pane} pane whose fingers count */
  listen(pane) {
    const { element } = pane;
    element.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "touch") return;
      this.#fingers.set(event.pointerId, event);
      if (this.#fingers.size === 2) this.#begin(pane);
      else this.#begun = null;
    });
    element.addEventListener("pointermove", (event) => {
      if (!this.#fingers.has(event.pointerId)) return;
      this.#fingers.set(event.pointerId, event);
      this.#go();
    });
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      element.addEventListener(end, (event) => {
        if (this.#fingers.delete(event.pointerId)) this.#end();
      });
    }
    // One finger scrolls the page; two would, too, and take the fingers from here.
    for (const kind of /** @type {const} */ (["touchstart", "touchmove"])) {
      element.addEventListener(
        kind,
        (event) => {
          if (this.#fingers.size > 1 && event.cancelable) event.preventDefault();
        },
        { passive: false },
      );
    }
  }

  /** @param {Pane} pane */
  #begin(pane) {
    const { middle, distance } = this.#between();
    this.#begun = {
      pane,
      distance: Math.max(1, distance),
      scale: this.zoom.scale ?? this.zoom.fitted(pane),
      place: this.zoom.placeOf(pane, middle),
    };
  }

  #go() {
    if (!this.#begun || this.#fingers.size !== 2) return;
    const { pane, distance, scale, place } = this.#begun;
    const now = this.#between();
    this.zoom.zoomAt(pane, (scale * now.distance) / distance, place, now.middle);
  }

  #end() {
    if (!this.#begun) return;
    const { pane } = this.#begun;
    this.#begun = null;
    if (this.zoom.scale !== null && this.zoom.scale <= this.zoom.fitted(pane) * SMALLER_THAN_FITTED) this.zoom.fit();
  }

  /** @returns {{ middle: Point, distance: number }} of two fingers */
  #between() {
    const [a, b] = /** @type {[Point, Point]} */ ([...this.#fingers.values()]);
    return {
      middle: { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 },
      distance: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
    };
  }
}
