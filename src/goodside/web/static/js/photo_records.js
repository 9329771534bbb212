// @ts-check
/** What is known of photographs that are shown, read a few hundred at a time. */

import { request } from "./api.js";

const AT_ONCE = 300;

/**
 * One photograph, as `/photographs/tiles` tells it.
 * @typedef {object} PhotoRecord
 * @property {number} id
 * @property {string} name
 * @property {number | null} width px
 * @property {number | null} height px
 * @property {string | null} taken
 * @property {number | null} score
 * @property {number} [std]
 * @property {number | null} [technical] null: not measured
 * @property {number | null} [percentile] null: not a photograph
 * @property {number[]} [bars]
 * @property {number} [mean]
 * @property {number | null} stars
 * @property {"pick" | "reject" | null} flag
 * @property {string[]} tags
 * @property {string[]} people
 * @property {[number, number, number, number][]} faces
 * @property {string | null} group how addresses call it
 */

/** Tells of every change with the event `change`, whose detail are the row numbers. */
export class Records extends EventTarget {
  /** @type {Map<number, PhotoRecord>} */
  #known = new Map();
  /** @type {Set<number>} */
  #asked = new Set();

  /** @param {number} id @returns {PhotoRecord | undefined} */
  get(id) {
    return this.#known.get(id);
  }

  /**
   * Change what is known of some.
   * @param {Iterable<Partial<PhotoRecord> & { id: number }>} changes
   */
  change(changes) {
    const ids = [];
    for (const { id, ...change } of changes) {
      const before = this.#known.get(id);
      if (!before) continue;
      this.#known.set(id, { ...before, ...change });
      ids.push(id);
    }
    if (ids.length) this.dispatchEvent(new CustomEvent("change", { detail: ids }));
  }

  /** Forget everything, as after a scan. */
  clear() {
    this.#known.clear();
  }

  /**
   * Read those that are not known yet.
   * @param {number[]} ids
   * @returns {Promise<void>}
   */
  async want(ids) {
    const left = ids.filter((id) => !this.#known.has(id) && !this.#asked.has(id));
    const parts = [];
    for (let at = 0; at < left.length; at += AT_ONCE) parts.push(left.slice(at, at + AT_ONCE));
    await Promise.all(parts.map((part) => this.#read(part)));
  }

  /**
   * One photograph, read if need be.
   * @param {number} id
   * @returns {Promise<PhotoRecord | undefined>}
   */
  async load(id) {
    if (!this.#known.has(id)) await this.#read([id]);
    return this.#known.get(id);
  }

  /** @param {number[]} ids */
  async #read(ids) {
    for (const id of ids) this.#asked.add(id);
    try {
      /** @type {PhotoRecord[]} */
      const found = await request(`/photographs/tiles?ids=${ids.join(",")}`);
      const fresh = found.filter(({ id }) => !this.#known.has(id));
      for (const record of fresh) this.#known.set(record.id, record);
      this.dispatchEvent(new CustomEvent("change", { detail: fresh.map(({ id }) => id) }));
    } finally {
      for (const id of ids) this.#asked.delete(id);
    }
  }
}
