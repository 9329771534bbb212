// @ts-check
/**
 * Thumbnails of the grid are loaded a few at a time, those nearest to the middle of the window first.
 *
 * The browser's own queue has the order in which pictures were asked for: at speed it loads what has gone by
 * already, and cancelling costs a connection each.
 */

const AT_ONCE = 6; // as many connections as browsers open
const WEIGHT_OF_NEW = 0.1;

/** What still waits to be loaded. */
export class ThumbnailQueue {
  /** @type {Map<HTMLImageElement, { address: string, y: number }>} */
  #waiting = new Map();
  #loading = 0;
  #isHeld = false;
  /** How long a picture takes to come, lately. */
  latency_s = 0.05;
  /** Px of the grid that pictures are loaded around. */
  middle = 0;

  /**
   * Load a picture in its turn.
   * @param {HTMLImageElement} image
   * @param {string} address
   * @param {number} y px of the grid where it stands
   */
  add(image, address, y) {
    this.#waiting.set(image, { address, y });
  }

  /** @param {HTMLImageElement} image that is not needed any more; what has begun to load goes on */
  drop(image) {
    this.#waiting.delete(image);
  }

  /** Begin nothing more, until `release`. */
  hold() {
    this.#isHeld = true;
  }

  /** Begin with what is nearest to the middle now. */
  release() {
    this.#isHeld = false;
    while (!this.#isHeld && this.#loading < AT_ONCE && this.#waiting.size) this.#begin();
  }

  #begin() {
    let next = null;
    let least = Number.POSITIVE_INFINITY;
    for (const [image, { y }] of this.#waiting) {
      const away = Math.abs(y - this.middle);
      if (away < least) [next, least] = [image, away];
    }
    const wanted = next && this.#waiting.get(next);
    if (!next || !wanted) return;
    this.#waiting.delete(next);
    this.#loading += 1;
    const image = next;
    const began = performance.now();
    const end = () => {
      this.latency_s += WEIGHT_OF_NEW * ((performance.now() - began) / 1000 - this.latency_s);
      image.removeEventListener("load", end);
      image.removeEventListener("error", end);
      this.#loading -= 1;
      if (!this.#isHeld) this.release();
    };
    image.addEventListener("load", end);
    image.addEventListener("error", end);
    image.src = wanted.address;
  }
}
