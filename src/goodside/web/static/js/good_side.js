// @ts-check
/** A portrait that a slider turns: views are made ahead, from the current angle outward. */

import { Refused, request, text } from "./api.js";
import { drawCurve } from "./score_curve.js";

/**
 * @typedef {{ yaw_deg: number, picture: string, score: number, trust: string, trusted: boolean,
 *   measured_yaw_deg: number | null, identity: number | null, confidence: number | null }} View
 * @typedef {View & { image: HTMLImageElement }} Ready
 */

const AT_ONCE = 2;
const AGAIN_MS = 1500;
const SIDES_FIRST_DEG = 30;

const turning = /** @type {HTMLElement} */ (document.getElementById("turning"));
const stage = /** @type {HTMLElement} */ (document.getElementById("stage"));
const slider = /** @type {HTMLInputElement} */ (document.getElementById("yaw"));
const photoButton = /** @type {HTMLButtonElement} */ (document.getElementById("show-photo"));
const download = /** @type {HTMLAnchorElement} */ (document.getElementById("download"));
const curve = /** @type {SVGSVGElement} */ (/** @type {unknown} */ (document.getElementById("curve")));
const photograph = /** @type {HTMLImageElement} */ (stage.querySelector("img"));
const base = turning.dataset.base ?? "";
const angles = (turning.dataset.angles ?? "").split(" ").map(Number);
const stampOfPhoto = document.getElementById("stamp")?.textContent ?? "";

/** @type {Map<number, Ready>} */
const ready = new Map();
/** @type {Set<number>} */
const asked = new Set();
let refused = false;
let foundSide = false;

slider.addEventListener("input", () => {
  setPhoto(false);
  show();
  fill();
});
photoButton.addEventListener("click", () => {
  setPhoto(photoButton.getAttribute("aria-pressed") !== "true");
  show();
});
curve.addEventListener("click", (event) => {
  const yaw = event.target instanceof Element ? event.target.getAttribute("data-yaw") : null;
  if (yaw !== null) turnTo(Number(yaw));
});
show();
fill();

/** @param {number} yaw */
function turnTo(yaw) {
  slider.value = String(yaw);
  slider.dispatchEvent(new Event("input"));
}

/** @returns {number} */
function wanted() {
  return Number(slider.value);
}

/** @param {boolean} on */
function setPhoto(on) {
  photoButton.setAttribute("aria-pressed", String(on));
}

/** Ask for the views that are missing, the nearest to the slider first. */
function fill() {
  const missing = angles
    .filter((yaw) => !ready.has(yaw) && !asked.has(yaw))
    .sort((a, b) => Math.abs(a - wanted()) - Math.abs(b - wanted()));
  for (const yaw of missing.slice(0, Math.max(0, AT_ONCE - asked.size))) ask(yaw);
  const near = angles.filter((yaw) => Math.abs(yaw) <= SIDES_FIRST_DEG);
  if (!foundSide && near.every((yaw) => ready.has(yaw))) {
    foundSide = true;
    findSide();
  }
}

/** @param {number} yaw */
async function ask(yaw) {
  asked.add(yaw);
  try {
    /** @type {View} */
    const view = await request(`${base}/views/${yaw}`);
    const image = new Image(512, 512);
    image.src = view.picture;
    image.alt = text("viewAlt", { where: where(yaw) });
    await image.decode();
    ready.set(yaw, { ...view, image });
  } catch (error) {
    if (!(error instanceof Refused) || !error.passing) {
      refuse(error);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, (error.retryAfter_s ?? 0) * 1000 || AGAIN_MS));
  } finally {
    asked.delete(yaw);
  }
  if (refused) return;
  show();
  fill();
}

/** Show the view at the slider's angle; until it is there, the nearest one. */
function show() {
  const yaw = wanted();
  const exact = ready.get(yaw);
  const isPhoto = photoButton.getAttribute("aria-pressed") === "true";
  const nearest = [...ready.keys()].sort((a, b) => Math.abs(a - yaw) - Math.abs(b - yaw))[0];
  const shown = isPhoto || nearest === undefined ? photograph : (ready.get(nearest)?.image ?? photograph);
  if (stage.firstElementChild !== shown) stage.replaceChildren(shown);
  const said = exact ? text("yawScore", { where: where(yaw), score: exact.score.toFixed(1) }) : where(yaw);
  slider.setAttribute("aria-valuetext", said);
  turning.setAttribute("aria-busy", String(!exact && !isPhoto));
  put("yaw-said", where(yaw));
  put("score", exact ? exact.score.toFixed(1) : "–");
  put("trust", exact ? exact.trust : text("viewMaking"));
  put("ready", ready.size < angles.length ? text("ready", { ready: ready.size, total: angles.length }) : "");
  put("stamp", shown === photograph ? stampOfPhoto : text("viewAlt", { where: where(nearest) }));
  download.hidden = !exact || isPhoto;
  if (exact) download.href = `${exact.picture}?download=true`;
  drawCurve(curve, [...ready.values()].sort((a, b) => a.yaw_deg - b.yaw_deg), {
    angles,
    now: yaw,
    label: (view) => text("point", { where: where(view.yaw_deg), score: view.score.toFixed(1) }),
  });
}

/** @param {number} yaw @returns {string} */
function where(yaw) {
  if (yaw === 0) return text("yawStraight");
  return text(yaw > 0 ? "yawRight" : "yawLeft", { angle: Math.abs(yaw) });
}

async function findSide() {
  const place = /** @type {HTMLElement} */ (document.getElementById("finding"));
  try {
    /** @type {{ headline: string, sentences: string[], best_yaw_deg: number | null }} */
    const found = await request(`${base}/finding`);
    const title = document.createElement("h3");
    title.textContent = found.headline;
    const lines = found.sentences.map((said, number) => {
      const line = document.createElement("p");
      line.textContent = said;
      if (number) line.className = "small quiet";
      return line;
    });
    place.replaceChildren(title, ...lines);
    const best = found.best_yaw_deg;
    if (best !== null) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text("sideBest", { where: where(best) });
      button.addEventListener("click", () => turnTo(best));
      place.append(button);
    }
  } catch (error) {
    if (error instanceof Refused && error.passing) {
      foundSide = false;
      setTimeout(fill, AGAIN_MS);
      return;
    }
    put("finding-wait", error instanceof Refused ? [error.message, error.remedy].filter(Boolean).join(". ") : String(error));
  }
}

/** @param {unknown} error why the face is not turned at all */
function refuse(error) {
  refused = true;
  put("refusal-why", error instanceof Error ? error.message : String(error));
  put("refusal-remedy", (error instanceof Refused && error.remedy) || "");
  turning.hidden = true;
  /** @type {HTMLElement} */ (document.getElementById("refusal")).hidden = false;
}

/**
 * @param {string} id
 * @param {string} said
 */
function put(id, said) {
  const place = document.getElementById(id);
  if (place && place.textContent !== said) place.textContent = said;
}
