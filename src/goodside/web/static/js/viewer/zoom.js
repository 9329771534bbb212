// @ts-check
/** One photograph on the stage: fitted, or at actual size with its own pixels, moved by pointer. */

const TILE_PX = 1024;
const CLICK_PX = 5;
const SWIPE_PX = 60;
const LARGEST_FIT = 2;
const LARGEST_SCALE = 4;
const FACE_SHARE = 0.5;

/** @typedef {{ left: number, top: number, width: number, height: number }} Rectangle px of the stage */

/** How a photograph lies on the stage. */
export class Zoom {
  /** @type {HTMLElement} */
  #stage;
  /** @type {HTMLElement | null} the fitted photograph */
  #figure = null;
  /** @type {{ width: number, height: number, id: number }} of the original, px */
  #photo = { width: 0, height: 0, id: 0 };
  /** Largest pixels of the picture that is shown already. */
  #sharpUpTo = 0;
  scale = 1;
  #x = 0;
  #y = 0;
  /** @type {Map<number, PointerEvent>} */
  #pointers = new Map();
  /** @type {{ x: number, y: number, moved: boolean } | null} */
  #drag = null;
  /** @type {{ distance: number, scale: number } | null} */
  #pinch = null;

  /**
   * @param {HTMLElement} stage
   * @param {{ changed: () => void, swiped: (step: 1 | -1) => void, dismissed: () => void }} told
   */
  constructor(stage, told) {
    this.#stage = stage;
    this.told = told;
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#moved(event));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) stage.addEventListener(end, (event) => this.#up(event));
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  get isZoomed() {
    return this.scale !== 1;
  }

  /** The scale at which one pixel of the photograph is one of the screen. */
  get actual() {
    const fitted = this.#figure?.offsetWidth ?? 1;
    return this.#photo.width ? this.#photo.width / devicePixelRatio / fitted : 2;
  }

  /**
   * The size at which a photograph fits the stage.
   * @param {number} ratio width by height
   * @param {number | null} width of the original, px
   */
  fit(ratio, width) {
    const room = { width: this.#stage.clientWidth, height: this.#stage.clientHeight };
    const most = width ? (width / devicePixelRatio) * LARGEST_FIT : Number.POSITIVE_INFINITY;
    const shown = Math.min(room.width, room.height * ratio, most);
    return { width: Math.round(shown), height: Math.round(shown / ratio) };
  }

  /**
   * Put a photograph on the stage.
   * @param {HTMLElement} figure
   * @param {{ width: number, height: number, id: number }} photo
   * @param {{ keep: boolean }} options keep: the same scale and place as the one before
   */
  show(figure, photo, { keep }) {
    const was = { zoomed: this.isZoomed, actual: this.scale === this.actual, scale: this.scale };
    if (this.#figure && this.#figure !== figure) this.#reset(this.#figure);
    this.#figure = figure;
    this.#photo = photo;
    this.#sharpUpTo = 0;
    if (keep && was.zoomed) {
      this.scale = was.actual ? this.actual : was.scale;
      this.#apply();
    } else {
      this.scale = 1;
      this.#x = 0;
      this.#y = 0;
      this.#reset(figure);
      this.told.changed();
    }
  }

  /** @param {number} px the longer side of the picture that is shown now */
  setSharp(px) {
    this.#sharpUpTo = px;
    if (this.isZoomed) this.#loadTiles();
  }

  /** @param {HTMLElement} figure */
  #reset(figure) {
    figure.style.transform = "";
    figure.querySelectorAll(".part").forEach((one) => one.remove());
  }

  /** Back to the whole photograph. */
  fitAll() {
    this.scale = 1;
    this.#x = 0;
    this.#y = 0;
    if (this.#figure) this.#reset(this.#figure);
    this.told.changed();
  }

  /**
   * Actual size, or the whole photograph again.
   * @param {{ x: number, y: number }} [at] px from the stage's middle, that stays in place
   */
  toggle(at = { x: 0, y: 0 }) {
    if (this.isZoomed) this.fitAll();
    else this.#scaleTo(Math.abs(this.actual - 1) < 0.05 ? 2 : this.actual, at);
  }

  /**
   * Bring a part of the photograph to the middle, at actual size or as large as fits.
   * @param {[number, number, number, number]} box shares of the photograph
   */
  showPart([left, top, right, bottom]) {
    const figure = this.#figure;
    if (!figure) return;
    const { offsetWidth: width, offsetHeight: height } = figure;
    const largest = Math.min(
      (FACE_SHARE * this.#stage.clientWidth) / ((right - left) * width),
      (FACE_SHARE * this.#stage.clientHeight) / ((bottom - top) * height),
    );
    this.scale = Math.min(Math.max(1.001, Math.min(largest, Math.max(this.actual, 1.5))), LARGEST_SCALE * Math.max(1, this.actual));
    this.#x = (0.5 - (left + right) / 2) * width * this.scale;
    this.#y = (0.5 - (top + bottom) / 2) * height * this.scale;
    this.#apply();
  }

  /** @param {number} scale @param {{ x: number, y: number }} at px from the stage's middle */
  #scaleTo(scale, at) {
    const next = Math.min(Math.max(1, scale), LARGEST_SCALE * Math.max(1, this.actual));
    if (scale < 1 && this.actual < 1 && !this.isZoomed) {
      this.scale = this.actual; // a small picture at its own size
    } else if (next <= 1) {
      this.fitAll();
      return;
    } else {
      this.#x = at.x - ((at.x - this.#x) / this.scale) * next;
      this.#y = at.y - ((at.y - this.#y) / this.scale) * next;
      this.scale = next;
    }
    this.#apply();
  }

  #apply() {
    const figure = this.#figure;
    if (!figure) return;
    const room = (/** @type {number} */ shown, /** @type {number} */ there) => Math.max(0, (shown - there) / 2);
    const maxX = room(figure.offsetWidth * this.scale, this.#stage.clientWidth);
    const maxY = room(figure.offsetHeight * this.scale, this.#stage.clientHeight);
    this.#x = Math.min(maxX, Math.max(-maxX, this.#x));
    this.#y = Math.min(maxY, Math.max(-maxY, this.#y));
    figure.style.transform = `translate(${this.#x}px, ${this.#y}px) scale(${this.scale})`;
    this.#loadTiles();
    this.told.changed();
  }

  /** The photograph's own pixels, where the picture that is shown has fewer. */
  #loadTiles() {
    const figure = this.#figure;
    const { width, height, id } = this.#photo;
    if (!figure || !width || !height) return;
    const shownPx = figure.offsetWidth * this.scale * devicePixelRatio * (Math.max(width, height) / width);
    if (this.#sharpUpTo >= Math.min(shownPx * 0.98, Math.max(width, height))) return;
    const perPx = width / (figure.offsetWidth * this.scale);
    const box = figure.getBoundingClientRect();
    const stage = this.#stage.getBoundingClientRect();
    const edge = (/** @type {number} */ from) => Math.max(0, Math.floor((from * perPx) / TILE_PX));
    const last = (/** @type {number} */ to, /** @type {number} */ size) => Math.min(Math.ceil(size / TILE_PX), Math.ceil((to * perPx) / TILE_PX));
    for (let row = edge(stage.top - box.top); row < last(stage.bottom - box.top, height); row += 1) {
      for (let column = edge(stage.left - box.left); column < last(stage.right - box.left, width); column += 1) {
        const name = `${column}-${row}`;
        if (figure.querySelector(`[data-part="${name}"]`)) continue;
        const left = column * TILE_PX;
        const top = row * TILE_PX;
        const size = { width: Math.min(TILE_PX, width - left), height: Math.min(TILE_PX, height - top) };
        const image = new Image();
        image.className = "part";
        image.alt = "";
        image.draggable = false;
        image.dataset.part = name;
        image.src = `/pictures/${id}/tile?left=${left}&top=${top}&width=${size.width}&height=${size.height}`;
        image.style.left = `${(100 * left) / width}%`;
        image.style.top = `${(100 * top) / height}%`;
        image.style.width = `${(100 * size.width) / width}%`;
        image.style.height = `${(100 * size.height) / height}%`;
        image.addEventListener("error", () => image.remove(), { once: true });
        figure.append(image);
      }
    }
  }

  /** @param {{ clientX: number, clientY: number }} event @returns {{ x: number, y: number }} px from the stage's middle */
  #from(event) {
    const box = this.#stage.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    this.#stage.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, event);
    if (this.#pointers.size === 1) this.#drag = { x: event.clientX, y: event.clientY, moved: false };
    if (this.#pointers.size === 2) this.#pinch = { distance: this.#distance(), scale: this.scale };
  }

  #distance() {
    const [a, b] = [...this.#pointers.values()];
    return a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 1;
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    this.#pointers.set(event.pointerId, event);
    if (this.#pinch && this.#pointers.size === 2) {
      const [a, b] = [...this.#pointers.values()];
      if (a && b) {
        const middle = { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
        this.#scaleTo((this.#pinch.scale * this.#distance()) / this.#pinch.distance, this.#from(middle));
      }
      if (this.#drag) this.#drag.moved = true;
      return;
    }
    if (!this.#drag) return;
    if (Math.hypot(event.clientX - this.#drag.x, event.clientY - this.#drag.y) > CLICK_PX) this.#drag.moved = true;
    if (this.isZoomed && this.#drag.moved) {
      this.#x += event.clientX - before.clientX;
      this.#y += event.clientY - before.clientY;
      this.#apply();
    }
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (this.#pointers.size) return;
    const drag = this.#drag;
    const pinched = this.#pinch !== null;
    this.#drag = null;
    this.#pinch = null;
    if (!drag || pinched || event.type === "pointercancel") return;
    const across = event.clientX - drag.x;
    const down = event.clientY - drag.y;
    if (!drag.moved) {
      if (event.pointerType === "mouse" || event.pointerType === "pen" || event.detail === 2 || this.isZoomed) this.toggle(this.#from(event));
    } else if (!this.isZoomed && Math.abs(across) > SWIPE_PX && Math.abs(across) > 1.5 * Math.abs(down)) {
      this.told.swiped(across < 0 ? 1 : -1);
    } else if (!this.isZoomed && down > 1.5 * SWIPE_PX && event.pointerType === "touch") {
      this.told.dismissed();
    }
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    this.#scaleTo(this.scale * Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0022)), this.#from(event));
  }

  /** @param {number} dx @param {number} dy px */
  pan(dx, dy) {
    this.#x += dx;
    this.#y += dy;
    this.#apply();
  }
}
