// @ts-check
/**
 * Frames zoomed together: one is dragged, all follow; faces are looked at frame by frame.
 *
 * A place is a share of the picture's width and height. Every pane looks at the common place plus
 * its own shift, which is where a face stands in it against where it stands in the common place.
 */

import { Pinch } from "./pinch.js";

/** @typedef {{ x: number, y: number }} Place 0-1 of the picture's width and height */
/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ left: number, top: number, width: number, height: number }} Part pixels of a picture */

/** Longest side of a picture that is fetched whole, pixel by pixel; of larger ones only parts are. */
const MOST_WHOLE_PX = 4096;
const PART_STEP_PX = 256;
const SETTLE_MS = 90;
const DRAG_PX = 4;
const FACE_SHARE = 0.7;
const LEAST_SCALE = 0.1;
const MOST_SCALE = 4;

/**
 * The part of a picture that a pane needs: what is seen, and as much again around it.
 * @param {Place} centre
 * @param {Size} seen pixels of the picture that the pane shows
 * @param {Size} picture
 * @returns {Part}
 */
export function partAround(centre, seen, picture) {
  const width = Math.min(picture.width, MOST_WHOLE_PX, ceilTo(seen.width * 1.6));
  const height = Math.min(picture.height, MOST_WHOLE_PX, ceilTo(seen.height * 1.6));
  const left = within(floorTo(centre.x * picture.width - width / 2), picture.width - width);
  const top = within(floorTo(centre.y * picture.height - height / 2), picture.height - height);
  return { left, top, width, height };
}

/** @param {Part} outer @param {Part} inner @returns {boolean} */
export function covers(outer, inner) {
  return (
    outer.left <= inner.left && outer.top <= inner.top &&
    outer.left + outer.width >= inner.left + inner.width && outer.top + outer.height >= inner.top + inner.height
  );
}

/** @param {number} value @returns {number} */
function ceilTo(value) {
  return Math.ceil(value / PART_STEP_PX) * PART_STEP_PX;
}

/** @param {number} value @returns {number} */
function floorTo(value) {
  return Math.floor(value / PART_STEP_PX) * PART_STEP_PX;
}

/** @param {number} value @param {number} most @returns {number} */
function within(value, most) {
  return Math.max(0, Math.min(most, value));
}

/** One frame. */
export class Pane {
  /** @param {HTMLElement} frame */
  constructor(frame) {
    this.frame = frame;
    this.photo = frame.dataset.photo ?? "";
    this.picture = { width: Number(frame.dataset.width), height: Number(frame.dataset.height) };
    this.element = /** @type {HTMLElement} */ (frame.querySelector(".pane"));
    this.plate = /** @type {HTMLElement} */ (frame.querySelector(".plate"));
    this.whole = /** @type {HTMLImageElement} */ (frame.querySelector(".whole"));
    /** @type {Place} */
    this.shift = { x: 0, y: 0 };
    this.side = 0;
    /** @type {{ part: Part, image: HTMLImageElement } | null} */
    this.part = null;
  }

  /** @returns {boolean} whether the person can see it */
  get seen() {
    const box = this.element.getBoundingClientRect();
    return box.width > 0 && box.bottom > -200 && box.top < innerHeight + 200;
  }

  /**
   * Fetch the picture at least so large, and show it once it is decoded.
   * @param {number} side_px
   */
  async sharpen(side_px) {
    const longest = Math.max(this.picture.width, this.picture.height);
    const steps = [640, 1280, 2048, MOST_WHOLE_PX];
    const side = Math.min(steps.find((step) => step >= Math.min(side_px, longest)) ?? MOST_WHOLE_PX, MOST_WHOLE_PX);
    if (side <= this.side) return;
    this.side = side;
    const next = new Image();
    next.src = `/pictures/${this.photo}?side=${side}`;
    try {
      await next.decode();
    } catch {
      if (this.side === side) this.side = 0;
      return;
    }
    if (this.side === side) this.whole.src = next.src;
  }

  /** @param {Part} part */
  async fetchPart(part) {
    if (this.part && covers(this.part.part, part)) return;
    const image = new Image();
    image.className = "part";
    image.alt = "";
    image.draggable = false;
    image.src = `/pictures/${this.photo}/tile?left=${part.left}&top=${part.top}&width=${part.width}&height=${part.height}`;
    const wanted = { part, image };
    const before = this.part;
    this.part = wanted;
    try {
      await image.decode();
    } catch {
      if (this.part === wanted) this.part = before;
      return;
    }
    if (this.part !== wanted) return;
    image.style.left = `${(100 * part.left) / this.picture.width}%`;
    image.style.top = `${(100 * part.top) / this.picture.height}%`;
    image.style.width = `${(100 * part.width) / this.picture.width}%`;
    image.style.height = `${(100 * part.height) / this.picture.height}%`;
    for (const old of this.plate.querySelectorAll(".part")) old.remove();
    this.plate.append(image);
  }
}

/** All frames. */
export class LinkedZoom {
  /**
   * @param {HTMLElement} list holds the frames
   * @param {{ onChange?: (scale: number | null) => void }} [options]
   */
  constructor(list, options = {}) {
    this.list = list;
    this.panes = [...list.querySelectorAll(".frame")].map((frame) => new Pane(/** @type {HTMLElement} */ (frame)));
    this.onChange = options.onChange ?? (() => undefined);
    /** @type {number | null} pixels of the screen a pixel of the picture takes; null: all of it is shown */
    this.scale = null;
    /** @type {Place} */
    this.centre = { x: 0.5, y: 0.5 };
    this.settling = 0;
    this.painting = 0;
    new ResizeObserver(() => this.paint()).observe(list);
    addEventListener("scroll", () => this.settle(), { passive: true });
    this.listen();
    this.settle();
  }

  /** @param {string} photo @returns {Pane | undefined} */
  pane(photo) {
    return this.panes.find((one) => one.photo === photo);
  }

  /** Show all of every frame. */
  fit() {
    this.scale = null;
    for (const pane of this.panes) pane.shift = { x: 0, y: 0 };
    this.change();
  }

  /**
   * @param {number} scale pixels of the screen a pixel of the picture takes
   * @param {Place} [centre]
   */
  zoom(scale, centre) {
    this.scale = scale;
    if (centre) this.centre = centre;
    this.change();
  }

  /**
   * Look at one face in every frame that shows it.
   * @param {Map<string, number[]>} boxes by photograph: left, top, right, bottom in ten-thousandths
   */
  look(boxes) {
    const centres = new Map([...boxes].map(([photo, [left, top, right, bottom]]) =>
      [photo, { x: ((left ?? 0) + (right ?? 0)) / 2e4, y: ((top ?? 0) + (bottom ?? 0)) / 2e4 }]));
    const every = [...centres.values()];
    if (!every.length) return;
    this.centre = {
      x: every.reduce((sum, one) => sum + one.x, 0) / every.length,
      y: every.reduce((sum, one) => sum + one.y, 0) / every.length,
    };
    let scale = 1;
    if (this.scale === null) {
      this.scale = scale;
      this.onChange(scale);
    }
    for (const pane of this.panes) {
      const own = centres.get(pane.photo);
      pane.shift = own ? { x: own.x - this.centre.x, y: own.y - this.centre.y } : { x: 0, y: 0 };
      const box = boxes.get(pane.photo);
      if (!box) continue;
      const height_px = (((box[3] ?? 0) - (box[1] ?? 0)) / 1e4) * pane.picture.height;
      scale = Math.min(scale, (FACE_SHARE * pane.element.clientHeight * devicePixelRatio) / height_px);
    }
    this.scale = scale;
    this.change();
  }

  /** @param {number} dx_px @param {number} dy_px of the screen's CSS pixels */
  pan(dx_px, dy_px) {
    const pane = this.panes[0];
    if (this.scale === null || !pane) return;
    const css = this.scale / devicePixelRatio;
    this.centre = {
      x: Math.max(0, Math.min(1, this.centre.x - dx_px / (css * pane.picture.width))),
      y: Math.max(0, Math.min(1, this.centre.y - dy_px / (css * pane.picture.height))),
    };
    this.paint();
  }

  /** @private */
  change() {
    this.list.classList.toggle("zoomed", this.scale !== null);
    this.list.classList.toggle("crisp", (this.scale ?? 0) >= 2);
    this.onChange(this.scale);
    this.paint();
  }

  /** Draw on the next frame of the screen, and fetch what is missing once it is still. */
  paint() {
    if (!this.painting) {
      this.painting = requestAnimationFrame(() => {
        this.painting = 0;
        for (const pane of this.panes) this.place(pane);
      });
    }
    this.settle();
  }

  /** @private */
  settle() {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      for (const pane of this.panes) if (pane.seen) this.fetch(pane);
    }, SETTLE_MS);
  }

  /** @private @param {Pane} pane */
  place(pane) {
    const { style } = pane.plate;
    if (this.scale === null) {
      style.transform = style.width = style.height = "";
      for (const old of pane.plate.querySelectorAll(".part")) old.remove();
      pane.part = null;
      return;
    }
    const css = this.scale / devicePixelRatio;
    const width = pane.picture.width * css, height = pane.picture.height * css;
    const x = pane.element.clientWidth / 2 - (this.centre.x + pane.shift.x) * width;
    const y = pane.element.clientHeight / 2 - (this.centre.y + pane.shift.y) * height;
    style.width = `${width}px`;
    style.height = `${height}px`;
    style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  /** @private @param {Pane} pane */
  fetch(pane) {
    const box = pane.element;
    const { picture } = pane;
    const longest = Math.max(picture.width, picture.height);
    if (this.scale === null) {
      const ratio = Math.min(box.clientWidth / picture.width, box.clientHeight / picture.height);
      pane.sharpen(longest * ratio * devicePixelRatio);
    } else if (longest <= MOST_WHOLE_PX) {
      pane.sharpen(longest * Math.min(1, this.scale));
    } else {
      pane.sharpen(1280);
      const centre = { x: this.centre.x + pane.shift.x, y: this.centre.y + pane.shift.y };
      const seen = {
        width: (box.clientWidth * devicePixelRatio) / this.scale,
        height: (box.clientHeight * devicePixelRatio) / this.scale,
      };
      if (seen.width < MOST_WHOLE_PX && seen.height < MOST_WHOLE_PX) {
        const left = centre.x * picture.width - seen.width / 2, top = centre.y * picture.height - seen.height / 2;
        const now = {
          left: Math.max(0, left), top: Math.max(0, top),
          width: Math.min(seen.width, picture.width - Math.max(0, left)), height: Math.min(seen.height, picture.height - Math.max(0, top)),
        };
        if (!pane.part || !covers(pane.part.part, now)) pane.fetchPart(partAround(centre, seen, picture));
      }
    }
  }

  /** @param {Pane} pane @returns {number} the scale at which all of its picture is shown */
  fitted({ element, picture }) {
    return devicePixelRatio * Math.min(element.clientWidth / picture.width, element.clientHeight / picture.height);
  }

  /**
   * Zoom so that a place of a picture stands where fingers are.
   * @param {Pane} pane
   * @param {number} scale pixels of the screen a pixel of the picture takes
   * @param {Place} place as of `placeOf`
   * @param {{ clientX: number, clientY: number }} at
   */
  zoomAt(pane, scale, place, at) {
    const box = pane.element.getBoundingClientRect();
    const next = Math.max(LEAST_SCALE, Math.min(MOST_SCALE, scale));
    const css = next / devicePixelRatio;
    this.zoom(next, {
      x: within(place.x - (at.clientX - box.left - box.width / 2) / (css * pane.picture.width), 1),
      y: within(place.y - (at.clientY - box.top - box.height / 2) / (css * pane.picture.height), 1),
    });
  }

  /** @param {Pane} pane @param {{ clientX: number, clientY: number }} event @returns {Place} */
  placeOf(pane, event) {
    const box = pane.element.getBoundingClientRect();
    const { width, height } = pane.picture;
    const x = event.clientX - box.left - box.width / 2, y = event.clientY - box.top - box.height / 2;
    if (this.scale !== null) {
      const css = this.scale / devicePixelRatio;
      return { x: this.centre.x + x / (css * width), y: this.centre.y + y / (css * height) };
    }
    const ratio = Math.min(box.width / width, box.height / height);
    return {
      x: Math.max(0, Math.min(1, 0.5 + x / (ratio * width))),
      y: Math.max(0, Math.min(1, 0.5 + y / (ratio * height))),
    };
  }

  /** @private */
  listen() {
    const pinch = new Pinch(this);
    for (const pane of this.panes) {
      const { element } = pane;
      pinch.listen(pane);
      /** @type {{ x: number, y: number, moved: boolean } | null} */
      let held = null;
      element.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        held = { x: event.clientX, y: event.clientY, moved: false };
        if (this.scale !== null) element.setPointerCapture(event.pointerId);
      });
      element.addEventListener("pointermove", (event) => {
        if (pinch.isOn) held = null;
        if (!held || this.scale === null) return;
        const dx = event.clientX - held.x, dy = event.clientY - held.y;
        if (!held.moved && Math.hypot(dx, dy) < DRAG_PX) return;
        this.list.classList.add("dragging");
        this.pan(dx, dy);
        held = { x: event.clientX, y: event.clientY, moved: true };
      });
      const release = () => {
        held = null;
        this.list.classList.remove("dragging");
      };
      element.addEventListener("pointerup", release);
      element.addEventListener("pointercancel", release);
      element.addEventListener("dblclick", (event) => {
        if (this.scale === null) this.zoom(1, this.placeOf(pane, event));
        else this.fit();
      });
      element.addEventListener(
        "wheel",
        (event) => {
          if (event.ctrlKey || event.metaKey) {
            event.preventDefault();
            const at = this.placeOf(pane, event);
            const base = this.scale ?? this.fitted(pane);
            const scale = Math.max(LEAST_SCALE, Math.min(MOST_SCALE, base * Math.exp(-event.deltaY / 240)));
            const keep = base / scale;
            const centre = this.scale === null ? at : {
              x: at.x + (this.centre.x - at.x) * keep,
              y: at.y + (this.centre.y - at.y) * keep,
            };
            this.zoom(scale, centre);
          } else if (this.scale !== null) {
            event.preventDefault();
            this.pan(-event.deltaX, -event.deltaY);
          }
        },
        { passive: false },
      );
    }
  }
}
