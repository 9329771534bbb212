// @ts-check
/** Decisions: shown at once, sent one after the other, taken back where they are refused. */

import { Refused, isReadOnly, send, showProblem, text, toast } from "./api.js";

/** @typedef {import("./photo_records.js").PhotoRecord} PhotoRecord */
/** @typedef {{ stars: number } | { flag: "pick" | "reject" | null } | { tag: string }} Choice */
/**
 * @typedef {object} Waiting
 * @property {string} url
 * @property {object} body
 * @property {number[]} ids
 * @property {Partial<PhotoRecord>} change what was shown at once
 * @property {(Partial<PhotoRecord> & { id: number })[]} before what stood there
 * @property {(answer: any) => void} [done]
 */

const RETRIES = 6;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8000;
/** Photographs that an answer tells of at most; what is known of others is forgotten, and read again. */
const MOST_TOLD = 500;

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The decisions of a page; tells with `wait` how many are still to be saved. */
export class Decisions extends EventTarget {
  /** @type {import("./photo_records.js").Records} */
  #records;
  /** @type {Waiting[]} */
  #queue = [];
  #sending = false;

  /** @param {import("./photo_records.js").Records} records */
  constructor(records) {
    super();
    this.#records = records;
    addEventListener("beforeunload", (event) => {
      if (this.#queue.length) event.preventDefault();
    });
  }

  /** How many are still to be saved. */
  get waiting() {
    return this.#queue.length;
  }

  /**
   * Decide about photographs.
   * @param {number[]} ids
   * @param {Choice} choice
   * @returns {boolean} whether it was taken
   */
  decide(ids, choice) {
    if (!ids.length || this.#refusesAll()) return false;
    const known = ids.flatMap((id) => this.#records.get(id) ?? []);
    if ("tag" in choice) {
      const before = known.map(({ id, tags }) => ({ id, tags }));
      this.#records.change(known.map(({ id, tags }) => ({ id, tags: [...new Set([...tags, choice.tag])].sort() })));
      this.#enqueue({ url: "/v1/decisions/tags", body: { photos: ids, add: [choice.tag] }, ids, change: {}, before });
      return true;
    }
    const field = "stars" in choice ? "stars" : "flag";
    const before = known.map((record) => ({ id: record.id, [field]: record[field] }));
    this.#records.change(known.map(({ id }) => ({ id, ...choice })));
    const url = field === "stars" ? "/v1/decisions/rating" : "/v1/decisions/flag";
    this.#enqueue({ url, body: { photos: ids, ...choice }, ids, change: choice, before });
    return true;
  }

  /**
   * Take back the last decision, whichever it was, after those that wait.
   * @param {(photos: { id: number }[], message: string) => void} [done] what it changed
   */
  undo(done) {
    if (this.#refusesAll()) return;
    this.#enqueue({
      url: "/v1/journal/undo", body: { count: 1 }, ids: [], change: {}, before: [],
      done: (answer) => done?.(answer.photos ?? [], answer.message ?? ""),
    });
  }

  #refusesAll() {
    if (isReadOnly()) toast(text("readOnly"), { error: true });
    return isReadOnly();
  }

  /** @param {Waiting} item */
  #enqueue(item) {
    this.#queue.push(item);
    this.#tell();
    if (!this.#sending) void this.#run();
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("wait", { detail: this.#queue.length }));
  }

  async #run() {
    this.#sending = true;
    while (this.#queue.length) {
      const item = /** @type {Waiting} */ (this.#queue[0]);
      try {
        const answer = await this.#sendOne(item);
        this.#queue.shift();
        if ((answer?.photos ?? []).length >= MOST_TOLD) this.#records.clear();
        else this.#adopt(answer?.photos ?? []);
        item.done?.(answer);
      } catch (error) {
        this.#queue.shift();
        this.#takeBack(item);
        showProblem(error);
      }
      this.#tell();
    }
    this.#sending = false;
    this.dispatchEvent(new CustomEvent("saved"));
  }

  /** @param {Waiting} item */
  async #sendOne(item) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await send(item.url, item.body);
      } catch (error) {
        if (!(error instanceof Refused) || !error.passing || attempt >= RETRIES) throw error;
        const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
        await pause(error.retryAfter_s === undefined ? wait : Math.min(LONGEST_WAIT_MS, error.retryAfter_s * 1000));
      }
    }
  }

  /**
   * Show what the server says, but for photographs about which a later decision waits.
   * @param {any[]} photos
   */
  #adopt(photos) {
    const later = new Set(this.#queue.flatMap(({ ids }) => ids));
    this.#records.change(
      photos
        .filter(({ id }) => !later.has(id))
        .map(({ id, stars, flag, tags }) => ({ id, stars: stars ?? null, flag: flag ?? null, ...(tags ? { tags } : {}) })),
    );
  }

  /**
   * Show again what stood there, unless a later decision stands there by now.
   * @param {Waiting} item
   */
  #takeBack(item) {
    const field = Object.keys(item.change)[0];
    const later = new Set(this.#queue.filter(({ change }) => field !== undefined && field in change).flatMap(({ ids }) => ids));
    this.#records.change(item.before.filter(({ id }) => !later.has(id)));
  }
}
