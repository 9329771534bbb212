// @ts-check
/** One photograph over the whole window: looked at, zoomed into, decided about. */

import { onKey, request, text } from "../api.js";
import { labelOf } from "../decision_labels.js";
import { Pictures } from "./preloaded_pictures.js";
import { showRecord } from "./record_bar.js";
import { drawStrip } from "./strip.js";
import { Zoom } from "./zoom.js";

/** @typedef {import("../photo_records.js").PhotoRecord} PhotoRecord */
/** @typedef {import("../decision_queue.js").Choice} Choice */
/** @typedef {import("./strip.js").Order} Order */

const ADVANCE_KEY = "goodside-advance";
const SIGN_MS = 1400;
const ADDRESS_MS = 250;
const PAN_PX = 120;

/** @template {Element} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (/** @type {unknown} */ (document.getElementById(id)));

/** Tells `close` when it is closed and `move` as another photograph comes into view. */
export class Viewer extends EventTarget {
  /** @type {HTMLDialogElement} */
  #dialog = byId("viewer");
  /** @type {HTMLElement} */
  #stage = byId("stage");
  /** @type {import("../photo_records.js").Records} */
  #records;
  /** @type {import("../decision_queue.js").Decisions} */
  #decisions;
  /** @type {Order} */
  #order;
  #pictures;
  #zoom;
  #index = -1;
  #step = 1;
  #face = -1;
  #advances = localStorage.getItem(ADVANCE_KEY) !== "off";
  /** @type {Promise<number[][]> | null} */
  #bursts = null;
  #signTimer = 0;
  #moveTimer = 0;
  #infoOpen = false;
  /** @type {() => void} */
  #removeKeys = () => undefined;

  /**
   * @param {Order} order
   * @param {import("../photo_records.js").Records} records
   * @param {import("../decision_queue.js").Decisions} decisions
   */
  constructor(order, records, decisions) {
    super();
    this.#order = order;
    this.#records = records;
    this.#decisions = decisions;
    this.#pictures = new Pictures(byId("photo-layer"), (id) => this.#arrived(id), (id) => this.#failed(id));
    this.#zoom = new Zoom(this.#stage, {
      changed: () => this.#zoomChanged(),
      swiped: (step) => this.go(step),
      dismissed: () => this.close(),
    });
    records.addEventListener("change", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.includes(this.id)) this.#describe();
    });
    decisions.addEventListener("wait", () => this.#place());
    addEventListener("resize", () => this.isOpen && this.#fitAll());
    this.#wire();
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** The place of the photograph in view. */
  get index() {
    return this.#index;
  }

  /** Its row number. */
  get id() {
    return this.#order.idAt(this.#index);
  }

  #wire() {
    /** @type {[string, () => void][]} */
    const buttons = [
      ["viewer-close", () => this.close()],
      ["viewer-next", () => this.go(1)],
      ["viewer-previous", () => this.go(-1)],
      ["viewer-zoom", () => this.#zoom.toggle()],
      ["viewer-info", () => this.#toggleInformation()],
      ["viewer-advance", () => this.#toggleAdvance()],
      ["viewer-help", () => byId("open-help").dispatchEvent(new MouseEvent("click"))],
    ];
    for (const [id, run] of buttons) {
      byId(id).addEventListener("click", run);
      byId(id).setAttribute("data-passes-keys", "");
    }
    byId("viewer-advance").setAttribute("aria-pressed", String(this.#advances));
    for (const button of this.#dialog.querySelectorAll("[data-stars], [data-flag]")) {
      const { stars, flag } = /** @type {HTMLElement} */ (button).dataset;
      button.setAttribute("data-passes-keys", "");
      button.addEventListener("click", () => {
        const record = this.#records.get(this.id);
        if (stars !== undefined) this.#choose({ stars: record?.stars === Number(stars) ? 0 : Number(stars) });
        else this.#choose({ flag: record?.flag === flag ? null : /** @type {"pick" | "reject"} */ (flag) });
      });
    }
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (!document.querySelector("#help[open]")) this.close();
    });
    byId("strip").addEventListener("click", (event) => {
      const image = /** @type {Element} */ (event.target).closest("[data-index]");
      if (image instanceof HTMLElement) this.show(Number(image.dataset.index));
    });
  }

  /** @returns {import("../keys.js").KeyActions} */
  #keys() {
    /** @type {import("../keys.js").KeyActions} */
    const keys = {
      next: () => this.go(1),
      previous: () => this.go(-1),
      up: () => (this.#zoom.isZoomed ? this.#zoom.pan(0, PAN_PX) : false),
      down: () => (this.#zoom.isZoomed ? this.#zoom.pan(0, -PAN_PX) : false),
      first: () => this.show(0),
      last: () => this.show(this.#order.count() - 1),
      close: () => this.#back(),
      pick: () => this.#choose({ flag: "pick" }),
      reject: () => this.#choose({ flag: "reject" }),
      unflag: () => this.#choose({ flag: null }),
      undo: () => this.#undo(),
      zoom: () => this.#zoom.toggle(),
      face: () => this.#nextFace(),
      burst: () => void this.#nextBurst(),
      compare: () => this.#compare(),
      advance: () => this.#toggleAdvance(),
      information: () => this.#toggleInformation(),
      full_screen: () => this.#toggleFullScreen(),
    };
    for (let stars = 0; stars <= 5; stars += 1) keys[`stars${stars}`] = () => this.#choose({ stars });
    return keys;
  }

  /**
   * Open it, or go to a photograph if it is open.
   * @param {number} index
   */
  show(index) {
    const count = this.#order.count();
    if (!count) return;
    const wanted = Math.min(count - 1, Math.max(0, index));
    if (!this.#dialog.open) {
      this.#dialog.showModal();
      this.#removeKeys = onKey(this.#keys());
      document.documentElement.classList.add("viewing");
      this.#stage.focus({ preventScroll: true });
      this.#index = -1;
    }
    if (wanted === this.#index) return;
    if (this.#index >= 0) this.#step = wanted < this.#index ? -1 : 1;
    this.#index = wanted;
    this.#face = -1;
    this.#bring();
  }

  /** @param {number} step */
  go(step) {
    const next = this.#index + step;
    if (next < 0 || next >= this.#order.count()) {
      this.#sign(text(step > 0 ? "lastReached" : "firstReached"));
      return;
    }
    this.show(next);
  }

  /** Close it. */
  close() {
    if (!this.#dialog.open) return;
    if (document.fullscreenElement) void document.exitFullscreen();
    this.#dialog.close();
    this.#removeKeys();
    document.documentElement.classList.remove("viewing");
    this.dispatchEvent(new Event("close"));
  }

  /** Escape: first out of the zoom, then out of the viewer. */
  #back() {
    if (this.#zoom.isZoomed) this.#zoom.fitAll();
    else this.close();
  }

  /** Show the photograph at the present place. */
  #bring() {
    const { id } = this;
    const slot = this.#pictures.slot(id);
    for (const other of this.#stage.querySelectorAll(".photo:not([hidden])")) {
      if (other !== slot.figure) /** @type {HTMLElement} */ (other).hidden = true;
    }
    this.#size(slot.figure);
    slot.figure.hidden = false;
    slot.figure.dataset.id = String(id);
    this.#dialog.dataset.id = String(id);
    this.#dialog.classList.toggle("waiting", !slot.ready);
    const record = this.#records.get(id);
    this.#zoom.show(slot.figure, { id, width: record?.width ?? 0, height: record?.height ?? 0 }, { keep: true });
    if (slot.ready) this.#zoom.setSharp(slot.side);
    this.#describe();
    this.#drawStrip();
    this.#prepare();
    clearTimeout(this.#moveTimer);
    this.#moveTimer = setTimeout(() => {
      this.dispatchEvent(new Event("move"));
      if (this.#infoOpen) void this.#loadInformation();
    }, ADDRESS_MS);
  }

  #prepare() {
    const place = (/** @type {number} */ away) => this.#order.idAt(this.#index + away * this.#step);
    const there = (/** @type {number[]} */ list) => list.map(place).filter((id) => id >= 0);
    const thumbnails = there([1, 2, 3, 4, 5, 6, 7, 8]);
    this.#pictures.prepare(there([0, 1, 2, -1, 3]), (id) => this.#pxOf(id), thumbnails);
    const near = [];
    for (let away = -20; away <= 40; away += 1) near.push(place(away));
    this.#records.want(near.filter((id) => id >= 0)).catch(() => undefined);
  }

  /** @param {number} id @returns {number} px of the screen along the longer side */
  #pxOf(id) {
    const index = this.#order.indexOf(id);
    const size = this.#zoom.fit(this.#order.ratioAt(index), null);
    const longer = Math.max(size.width, size.height) * devicePixelRatio;
    const record = this.#records.get(id);
    return record?.width && record.height ? Math.min(longer, Math.max(record.width, record.height)) : longer;
  }

  /** @param {HTMLElement} figure of the photograph in view */
  #size(figure) {
    const record = this.#records.get(this.id);
    const ratio = record?.width && record.height ? record.width / record.height : this.#order.ratioAt(this.#index);
    const size = this.#zoom.fit(ratio, record?.width ?? null);
    figure.style.width = `${size.width}px`;
    figure.style.height = `${size.height}px`;
  }

  #fitAll() {
    this.#size(this.#pictures.slot(this.id).figure);
    this.#zoom.fitAll();
    this.#drawStrip();
    this.#prepare();
  }

  /** @param {number} id whose picture is there now */
  #arrived(id) {
    if (id !== this.id || !this.isOpen) return;
    this.#dialog.classList.remove("waiting");
    this.#zoom.setSharp(this.#pictures.slot(id).side);
  }

  /** @param {number} id */
  #failed(id) {
    if (id !== this.id || !this.isOpen) return;
    this.#dialog.classList.remove("waiting");
    this.#sign(text("pictureFailed"));
  }

  /** What is known of it: figures, stars, flag. */
  #describe() {
    if (!this.isOpen) return;
    this.#place();
    const record = this.#records.get(this.id);
    showRecord(this.#dialog, record);
    if (record && !this.#figureFits(record)) this.#size(this.#pictures.slot(record.id).figure);
  }

  /** @param {PhotoRecord} record @returns {boolean} whether its place was made with its size known */
  #figureFits(record) {
    const { figure } = this.#pictures.slot(record.id);
    if (figure.dataset.sized) return true;
    figure.dataset.sized = "yes";
    return false;
  }

  #place() {
    const count = this.#order.count();
    const { waiting } = this.#decisions;
    byId("viewer-place").textContent =
      text("place", { number: (this.#index + 1).toLocaleString(), count: count.toLocaleString() }) +
      (waiting > 3 ? ` · ${text("saving", { count: waiting })}` : "");
  }

  #zoomChanged() {
    this.#dialog.classList.toggle("zoomed", this.#zoom.isZoomed);
    byId("viewer-zoom").setAttribute("aria-pressed", String(this.#zoom.isZoomed));
  }

  /** @param {Choice} choice */
  #choose(choice) {
    const { id } = this;
    const name = this.#records.get(id)?.name ?? "";
    if (id < 0 || !this.#decisions.decide([id], choice)) return;
    const kind = "stars" in choice ? "stars" : ("flag" in choice && choice.flag) || "none";
    this.#sign(labelOf(choice), { kind, name });
    if (this.#advances && this.#index + 1 < this.#order.count()) this.go(1);
  }

  #undo() {
    this.#decisions.undo((photos, message) => {
      const index = photos[0] ? this.#order.indexOf(photos[0].id) : -1;
      if (index >= 0 && this.isOpen) this.show(index);
      this.#sign(message || text("undone"));
    });
  }

  /**
   * Say what a key did, on the picture and to screen readers.
   * @param {string} words
   * @param {{ kind?: string, name?: string }} [about]
   */
  #sign(words, about = {}) {
    const sign = byId("sign");
    sign.textContent = about.name ? `${words} · ${about.name}` : words;
    sign.className = `sign shown ${about.kind ?? ""}`;
    byId("viewer-said").textContent = about.name ? `${words}, ${about.name}` : words;
    clearTimeout(this.#signTimer);
    this.#signTimer = setTimeout(() => sign.classList.remove("shown"), SIGN_MS);
  }

  #nextFace() {
    const faces = this.#records.get(this.id)?.faces ?? [];
    if (!faces.length) {
      this.#sign(text("noFace"));
      return;
    }
    this.#face += 1;
    if (this.#face >= faces.length) {
      this.#face = -1;
      this.#zoom.fitAll();
      return;
    }
    this.#zoom.showPart(/** @type {[number, number, number, number]} */ (faces[this.#face]));
    if (faces.length > 1) this.#sign(text("faceNumber", { number: this.#face + 1, count: faces.length }));
  }

  async #nextBurst() {
    this.#bursts ??= request("/photographs/bursts");
    const bursts = await this.#bursts;
    const own = bursts.find((ids) => ids.includes(this.id)) ?? [];
    const places = bursts
      .filter((ids) => ids !== own)
      .map((ids) => Math.min(...ids.map((id) => this.#order.indexOf(id)).filter((at) => at >= 0)))
      .filter((at) => at > this.#index && Number.isFinite(at));
    if (places.length) this.show(Math.min(...places));
    else this.#sign(text("noBurst"));
  }

  #compare() {
    const group = this.#records.get(this.id)?.group;
    if (group == null) this.#sign(text("noSeries"));
    else location.assign(`/groups/${group}`);
  }

  #toggleAdvance() {
    this.#advances = !this.#advances;
    localStorage.setItem(ADVANCE_KEY, this.#advances ? "on" : "off");
    byId("viewer-advance").setAttribute("aria-pressed", String(this.#advances));
    this.#sign(text(this.#advances ? "advanceOn" : "advanceOff"));
  }

  #toggleFullScreen() {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void document.documentElement.requestFullscreen().catch(() => undefined);
  }

  #toggleInformation() {
    this.#infoOpen = !this.#infoOpen;
    byId("information").toggleAttribute("hidden", !this.#infoOpen);
    byId("viewer-info").setAttribute("aria-pressed", String(this.#infoOpen));
    this.#dialog.classList.toggle("with-information", this.#infoOpen);
    if (this.#infoOpen) void this.#loadInformation();
    this.#fitAll();
  }

  async #loadInformation() {
    const { id } = this;
    const answer = await fetch(`/photos/${id}/facts`, { credentials: "same-origin" });
    const html = answer.ok ? await answer.text() : "";
    if (id !== this.id) return;
    const parsed = new DOMParser().parseFromString(html, "text/html");
    byId("information").replaceChildren(...parsed.body.childNodes);
  }

  #drawStrip() {
    drawStrip(byId("strip"), this.#order, this.#index);
  }
}
