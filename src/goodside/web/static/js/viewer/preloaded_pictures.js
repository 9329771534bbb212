// @ts-check
/** The pictures of the photographs near the one in view, loaded before they are wanted. */

const SIDES_PX = [1024, 1600, 2048, 2880, 4096];
const KEPT = 9;
const THUMBS_AHEAD = 8;
const SETTLED_MS = 60;

/**
 * @typedef {object} Slot
 * @property {HTMLElement} figure holds the thumbnail, and above it the picture
 * @property {HTMLImageElement} thumbnail
 * @property {HTMLImageElement | null} picture
 * @property {number} side px that were asked for
 * @property {boolean} ready the picture is decoded
 */

/** Keeps a few photographs in the page, ready to be seen. */
export class Pictures {
  /** @type {Map<number, Slot>} by row number, the last used last */
  #slots = new Map();
  /** @type {HTMLElement} */
  #layer;
  #timer = 0;

  /**
   * @param {HTMLElement} layer
   * @param {(id: number) => void} ready called when a picture may be seen in full
   * @param {(id: number) => void} failed
   */
  constructor(layer, ready, failed) {
    this.#layer = layer;
    this.ready = ready;
    this.failed = failed;
  }

  /**
   * A photograph's place in the page; its picture may still be on its way.
   * @param {number} id
   * @returns {Slot}
   */
  slot(id) {
    let slot = this.#slots.get(id);
    if (slot) this.#slots.delete(id);
    else {
      const figure = document.createElement("figure");
      figure.className = "photo";
      figure.hidden = true;
      const thumbnail = new Image();
      thumbnail.className = "thumbnail";
      thumbnail.alt = "";
      thumbnail.draggable = false;
      thumbnail.src = `/thumbnails/${id}`;
      figure.append(thumbnail);
      this.#layer.append(figure);
      slot = { figure, thumbnail, picture: null, side: 0, ready: false };
    }
    this.#slots.set(id, slot);
    return slot;
  }

  /**
   * Load the picture that fills so many pixels.
   * @param {number} id
   * @param {number} px of the longer side
   */
  load(id, px) {
    const slot = this.slot(id);
    const side = SIDES_PX.find((one) => one >= px * 0.97) ?? 4096;
    if (slot.side >= side) return;
    slot.side = side;
    const picture = new Image();
    picture.className = "picture";
    picture.alt = "";
    picture.draggable = false;
    picture.src = `/pictures/${id}?side=${side}`;
    picture.decode().then(
      () => {
        if (slot.side !== side) return;
        slot.picture?.remove();
        slot.picture = picture;
        slot.ready = true;
        slot.figure.append(picture);
        this.ready(id);
      },
      () => {
        if (slot.side !== side || !this.#slots.has(id)) return;
        slot.side = 0;
        this.failed(id);
      },
    );
    slot.picture ??= picture;
  }

  /**
   * Load what may be wanted next, once keys rest for a moment, and let go of what is far.
   * @param {number[]} near row numbers, the likeliest first
   * @param {(id: number) => number} pxOf of the longer side
   * @param {number[]} thumbnails further ones, of which a thumbnail is enough
   */
  prepare(near, pxOf, thumbnails) {
    for (const id of thumbnails.slice(0, THUMBS_AHEAD)) new Image().src = `/thumbnails/${id}`;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const id of near) this.load(id, pxOf(id));
      this.#letGo(new Set(near));
    }, SETTLED_MS);
  }

  /** @param {Set<number>} near */
  #letGo(near) {
    for (const [id, slot] of this.#slots) {
      if (this.#slots.size <= KEPT) return;
      if (near.has(id) || !slot.figure.hidden) continue;
      if (slot.picture && !slot.ready) slot.picture.src = "";
      slot.figure.remove();
      this.#slots.delete(id);
    }
  }

}
