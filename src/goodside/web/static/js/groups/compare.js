// @ts-check
/** A group's frames compared: chosen, kept, split out; zoomed together; from face to face. */

import { isReadOnly, onKey, post, showProblem, text, toast, undo } from "../api.js";
import { keepMessage, keepUndo } from "../kept_message.js";
import { LinkedZoom } from "./linked_zoom.js";
import { setColumns } from "./columns.js";

const article = /** @type {HTMLElement} */ (document.getElementById("compare"));
const list = /** @type {HTMLElement} */ (document.getElementById("frames"));
const note = /** @type {HTMLElement} */ (document.getElementById("zoom-note"));
const address = article.dataset.address ?? "";
const onward = article.dataset.left === "yes" ? "?left=1" : "";

/** @returns {HTMLElement[]} */
const frames = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".frame")]);

/** @param {HTMLElement} frame @returns {DOMStringMap} what was decided of it */
const said = (frame) => /** @type {HTMLElement} */ (frame.querySelector(".said")).dataset;

/** @param {HTMLElement} frame @returns {number} */
const idOf = (frame) => Number(frame.dataset.photo);

/** @param {HTMLElement} frame @returns {number} its place, from 1 */
const numberOf = (frame) => frames().indexOf(frame) + 1;

const zoom = new LinkedZoom(list, { onChange: showZoom });

/** @type {HTMLElement} the frame that keys act on */
let current = frames().find((frame) => said(frame).chosen === "yes") ?? /** @type {HTMLElement} */ (frames()[0]);
/** The face that is looked at: number of its track; 0: none. */
let track = 0;
/** Decisions are taken one after the other. @type {Promise<unknown>} */
let queue = Promise.resolve();
/** Messages of decisions, the last one last. @type {HTMLElement[]} */
const messages = [];
/** Another page comes: what is asked for now is done there. */
let isLeaving = false;

/** @param {HTMLElement} frame @param {{ focus?: boolean }} [options] */
function select(frame, options = {}) {
  current = frame;
  for (const one of frames()) {
    one.tabIndex = one === frame ? 0 : -1;
    one.toggleAttribute("aria-current", one === frame);
    if (one === frame) one.setAttribute("aria-current", "true");
  }
  if (options.focus !== false) frame.focus({ preventScroll: zoom.scale !== null });
  layOut();
}

/** @param {number} step */
function move(step) {
  const shown = frames().filter((frame) => frame.offsetParent !== null);
  const place = shown.indexOf(current);
  const next = shown[Math.max(0, Math.min(shown.length - 1, place + step))];
  if (next) select(next);
}

/** Show what is decided on the frames themselves, and use the window well. */
function layOut() {
  for (const frame of frames()) {
    frame.classList.toggle("is-chosen", said(frame).chosen === "yes");
    frame.classList.toggle("is-rejected", said(frame).flag === "reject");
  }
  setColumns(list, frames(), { zoomed: zoom.scale !== null });
  zoom.paint();
}

/**
 * Ask what is said of the frames now, and put it in place.
 * @param {() => void} [keep] lets the next page say what was done, where these frames are no group any more
 */
async function refresh(keep) {
  const focused = document.activeElement?.closest("[data-do]");
  const doing = focused instanceof HTMLElement && focused.closest(".frame") ? focused.dataset.do : undefined;
  const answer = await fetch(`/groups/${address}/verdicts`, { credentials: "same-origin" });
  const ids = frames().map((frame) => frame.dataset.photo).join(",");
  if (!answer.ok || answer.headers.get("x-frames") !== ids) {
    keep?.();
    leave(answer.ok ? `/groups/${address}${onward}` : undefined);
    return;
  }
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of read.querySelectorAll("[hx-swap-oob]")) {
    part.removeAttribute("hx-swap-oob");
    document.getElementById(part.id)?.replaceWith(document.importNode(part, true));
  }
  if (doing) /** @type {HTMLElement | null} */ (current.querySelector(`[data-do="${doing}"]`))?.focus();
  layOut();
}

/** @param {string} [to] an address; else the next group, the one before, or the list */
function leave(to) {
  isLeaving = true;
  const next = /** @type {HTMLAnchorElement | null} */ (document.getElementById("next-group"));
  const before = /** @type {HTMLAnchorElement | null} */ (document.getElementById("previous-group"));
  location.assign(to ?? next?.href ?? before?.href ?? `/groups?kind=${article.dataset.kind}`);
}

/**
 * Take a decision, say what it was, and show what follows.
 * @param {string} what the end of the address
 * @param {object} body
 * @param {string} message
 */
function decide(what, body, message) {
  queue = queue.then(async () => {
    if (isLeaving) return;
    try {
      await post(`/v1/decisions/${what}`, body);
    } catch {
      return;
    }
    messages.push(toast(message, { undo: takeBack }));
    await refresh(() => keepMessage(message, location.href));
  });
  return queue;
}

function takeBack() {
  queue = queue.then(async () => {
    if (isLeaving) {
      keepUndo();
      return;
    }
    messages.pop()?.remove();
    let answer;
    try {
      answer = await undo();
    } catch {
      return;
    }
    await refresh(() => keepMessage(answer.message));
  });
}

/** @type {Record<string, (frame: HTMLElement) => unknown>} */
const actions = {
  best: (frame) => decide("best", { photos: [idOf(frame)], group: address }, text("best", { number: numberOf(frame) })),
  keep: (frame) => {
    const was = frames().filter((one) => said(one).kept === "yes");
    // Whoever keeps a second frame keeps the chosen one too, though nobody said so yet.
    const before = was.length ? was : frames().filter((one) => said(one).chosen === "yes" && one !== frame);
    const kept = before.includes(frame) ? before.filter((one) => one !== frame) : frames().filter((one) => one === frame || before.includes(one));
    if (!kept.length) return decide("best", { photos: [idOf(frame)], group: address, chosen: false }, text("keptNone"));
    return decide("best", { photos: kept.map(idOf), group: address }, text("kept", { numbers: kept.map(numberOf).join(", ") }));
  },
  reject: (frame) => flag(frame, said(frame).flag === "reject" ? null : "reject"),
  pick: (frame) => flag(frame, said(frame).flag === "pick" ? null : "pick"),
  unflag: (frame) => flag(frame, null),
  split: (frame) => decide("separate", { photos: [idOf(frame)], group: address }, text("split", { number: numberOf(frame) })),
  face: () => lookAtNextFace(),
  compare: () => toggleTwo(),
};

/** @param {HTMLElement} frame @param {"pick" | "reject" | null} value */
function flag(frame, value) {
  const message = value === null ? "unflagged" : value === "pick" ? "picked" : "rejected";
  return decide("flag", { photos: [idOf(frame)], flag: value }, text(message, { number: numberOf(frame) }));
}

/** @param {number} stars */
function rate(stars) {
  return decide("rating", { photos: [idOf(current)], stars }, text("starred", { number: numberOf(current), stars }));
}

/** Keep the chosen frame and go to the next group. */
function accept() {
  const chosen = frames().find((frame) => said(frame).chosen === "yes");
  const kept = frames().filter((frame) => said(frame).kept === "yes");
  const keep = kept.length ? kept : chosen ? [chosen] : [];
  if (!keep.length || isReadOnly()) {
    leave();
    return;
  }
  queue = queue.then(async () => {
    try {
      await post("/v1/decisions/best", { photos: keep.map(idOf), group: address });
    } catch {
      return;
    }
    const next = /** @type {HTMLAnchorElement | null} */ (document.getElementById("next-group"));
    if (next) location.assign(next.href);
    else {
      toast(text("allDecided"), { undo: takeBack });
      await refresh();
    }
  });
}

/** Show the frame in view beside the chosen one only, or all again. */
function toggleTwo() {
  const on = list.classList.toggle("only-two");
  article.querySelector('[data-do="compare"]')?.setAttribute("aria-pressed", String(on));
  const chosen = frames().find((frame) => said(frame).chosen === "yes");
  for (const frame of frames()) frame.classList.toggle("stays", on && (frame === current || frame === chosen));
  if (on && current === chosen) frames().find((frame) => frame !== chosen)?.classList.add("stays");
  layOut();
}

/** @param {number} number of a track @returns {HTMLElement[]} its crops */
function crops(number) {
  return /** @type {HTMLElement[]} */ ([...article.querySelectorAll(`.crop[data-track="${number}"]`)]);
}

function lookAtNextFace() {
  const count = new Set([...article.querySelectorAll(".crop")].map((one) => /** @type {HTMLElement} */ (one).dataset.track)).size;
  if (!count) {
    toast(text("noFace"));
    return;
  }
  lookAt((track % count) + 1, count);
}

/** @param {number} number of a track @param {number} [count] of tracks */
function lookAt(number, count = 0) {
  track = number;
  const theirs = crops(number);
  zoom.look(new Map(theirs.map((crop) => [crop.dataset.photo ?? "", (crop.dataset.box ?? "").split(",").map(Number)])));
  for (const crop of article.querySelectorAll(".crop")) crop.toggleAttribute("aria-current", theirs.includes(/** @type {HTMLElement} */ (crop)));
  const name = theirs[0]?.closest("tr")?.querySelector("th")?.textContent?.trim() ?? text("faceNumber", { number });
  note.textContent = count > 1 ? text("faceOf", { name, number, total: count }) : name;
}

/** @param {number | null} scale */
function showZoom(scale) {
  setColumns(list, frames(), { zoomed: scale !== null });
  for (const button of article.querySelectorAll("[data-zoom]")) {
    const own = /** @type {HTMLElement} */ (button).dataset.zoom;
    button.setAttribute("aria-pressed", String(own === "fit" ? scale === null : Number(own) === scale));
  }
  if (scale === null) {
    track = 0;
    for (const crop of article.querySelectorAll(".crop[aria-current]")) crop.removeAttribute("aria-current");
    note.textContent = "";
  } else if (!track) note.textContent = text("zoomed", { percent: Math.round(100 * scale) });
}

/** Actual size on the most prominent face, else in the middle; or all of it again. */
function toggleZoom() {
  if (zoom.scale !== null) zoom.fit();
  else if (crops(1).length) lookAt(1);
  else zoom.zoom(1, { x: 0.5, y: 0.5 });
}

/** Fetch what comes next, so that it is there at once. */
function fetchAhead() {
  for (const photo of (article.dataset.nextPhotos ?? "").split(",").filter(Boolean)) {
    new Image().src = `/pictures/${photo}?side=640`;
  }
}

article.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const frame = /** @type {HTMLElement | null} */ (target.closest(".frame"));
  const button = /** @type {HTMLElement | null} */ (target.closest("button"));
  if (frame && frame !== current) select(frame, { focus: !button });
  if (!button) return;
  if (button.dataset.do) actions[button.dataset.do]?.(frame ?? current);
  else if (button.dataset.zoom) button.dataset.zoom === "fit" ? zoom.fit() : zoom.zoom(Number(button.dataset.zoom));
  else if (button.dataset.track) {
    const one = frames().find((each) => each.dataset.photo === button.dataset.photo);
    if (one) select(one, { focus: false });
    lookAt(Number(button.dataset.track));
    list.scrollIntoView({ block: "nearest" });
  } else if (button.id === "accept") accept();
});

list.addEventListener("focusin", (event) => {
  const frame = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest(".frame"));
  if (frame && frame !== current) select(frame, { focus: false });
});

const PAN_PX = 120;
document.addEventListener("keydown", (event) => {
  if (!event.shiftKey || zoom.scale === null || event.defaultPrevented) return;
  const steps = /** @type {Record<string, [number, number]>} */ ({
    ArrowLeft: [PAN_PX, 0], ArrowRight: [-PAN_PX, 0], ArrowUp: [0, PAN_PX], ArrowDown: [0, -PAN_PX],
  });
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  zoom.pan(...step);
});

/** @type {Record<string, () => boolean | void>} */
const keys = {
  next: () => move(1),
  previous: () => move(-1),
  first: () => move(-Infinity),
  last: () => move(Infinity),
  zoom: toggleZoom,
  face: lookAtNextFace,
  compare: toggleTwo,
  open: accept,
  close: () => {
    if (zoom.scale !== null) zoom.fit();
    else if (list.classList.contains("only-two")) toggleTwo();
    else location.assign(`/groups?kind=${article.dataset.kind}${article.dataset.left === "yes" ? "&left=1" : ""}`);
  },
  burst: () => leave(/** @type {HTMLAnchorElement | null} */ (document.getElementById("next-group"))?.href ?? location.href),
  burst_back: () => {
    const before = /** @type {HTMLAnchorElement | null} */ (document.getElementById("previous-group"));
    if (before) location.assign(before.href);
  },
  undo: takeBack,
};
for (const name of ["best", "keep", "split", "pick", "reject", "unflag"]) {
  keys[name] = () => {
    if (name === "split" && article.dataset.kind === "scene") return false;
    actions[name]?.(current);
  };
}
for (let stars = 0; stars <= 5; stars += 1) keys[`stars${stars}`] = () => void rate(stars);
onKey(keys);

addEventListener("resize", layOut);
addEventListener("pageshow", (event) => {
  isLeaving = false;
  if (event.persisted) refresh().catch(showProblem);
});
select(current, { focus: false });
(globalThis.requestIdleCallback ?? setTimeout)(fetchAhead);
