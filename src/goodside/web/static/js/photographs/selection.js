// @ts-check
/** Photographs that are selected, by their places in the order. */

/** Tells of changes with the event `change`. */
export class Selection extends EventTarget {
  /** @type {Set<number>} */
  #ids = new Set();
  /** @type {number | null} where a range starts */
  #anchor = null;
  /** @type {ArrayLike<number>} */
  #order = [];

  get size() {
    return this.#ids.size;
  }

  /** The row numbers, in the order of the page. @returns {number[]} */
  get ids() {
    if (this.#ids.size < 2) return [...this.#ids];
    return Array.prototype.filter.call(this.#order, (/** @type {number} */ id) => this.#ids.has(id));
  }

  /** @param {number} id */
  has(id) {
    return this.#ids.has(id);
  }

  /**
   * Take another order; what is not in it any more is not selected.
   * @param {ArrayLike<number>} order
   */
  setOrder(order) {
    this.#order = order;
    this.#anchor = null;
    if (!this.#ids.size) return;
    const left = this.ids.filter((id) => Array.prototype.includes.call(order, id));
    this.#set(left);
  }

  /** @param {number} index */
  toggle(index) {
    const id = /** @type {number} */ (this.#order[index]);
    if (!this.#ids.delete(id)) this.#ids.add(id);
    this.#anchor = index;
    this.#tell();
  }

  /**
   * Select everything from the last one that was selected to this one.
   * @param {number} index
   * @param {number} [from] where no range was started
   */
  extend(index, from = index) {
    this.#anchor ??= from;
    const [low, high] = index < this.#anchor ? [index, this.#anchor] : [this.#anchor, index];
    for (let at = low; at <= high; at += 1) this.#ids.add(/** @type {number} */ (this.#order[at]));
    this.#tell();
  }

  selectAll() {
    this.#set(Array.from(this.#order));
  }

  clear() {
    this.#anchor = null;
    if (this.#ids.size) this.#set([]);
  }

  /** @param {number[]} ids */
  #set(ids) {
    this.#ids = new Set(ids);
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
