// @ts-check
/** A portrait that a slider turns: views are made ahead, from the current angle outward. */

import { Refused, request, text } from "./api.js";
import { drawCurve } from "./score_curve.js";

/**
 * @typedef {{ yaw_deg: number, score: number, trust: string, trusted: boolean,
 *   measured_yaw_deg: number | null, identity: number | null, confidence: number | null }} Figures
 */

const AT_ONCE = 2;
const AGAIN_MS = 1500;
const SLOW_MS = 5000; // so long without anything new, it is said that it takes longer
const FIGURES_AFTER_DEG = 20; // a view's figures come before views that are farther than this

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

/** @type {Map<number, HTMLImageElement>} */
const views = new Map();
/** @type {Map<number, Figures>} */
const figures = new Map();
/** @type {Set<string>} */
const asked = new Set();
let refused = false;
/** Another attempt is waited for, as the service has too much to do. */
let isWaiting = false;
let newsAt = performance.now();
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
const clock = setInterval(() => {
  if (refused || figures.size === angles.length) clearInterval(clock);
  else show();
}, 1000);

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

/** Ask for what is missing, the nearest to the slider first: views, and then their figures. */
function fill() {
  /** @type {{ yaw: number, isView: boolean, rank: number }[]} */
  const missing = [];
  for (const yaw of angles) {
    const away = Math.abs(yaw - wanted());
    if (!views.has(yaw)) missing.push({ yaw, isView: true, rank: away });
    else if (!figures.has(yaw)) missing.push({ yaw, isView: false, rank: away + (away ? FIGURES_AFTER_DEG : 0) });
  }
  missing.sort((a, b) => a.rank - b.rank);
  for (const { yaw, isView } of missing) {
    // The view that is looked at has the engines for itself until it is judged.
    if (asked.size >= (figures.has(wanted()) ? AT_ONCE : 1)) break;
    if (!asked.has(`${yaw} ${isView}`)) ask(yaw, isView);
  }
  if (!foundSide && !missing.length) {
    foundSide = true;
    findSide();
  }
}

/**
 * @param {number} yaw
 * @param {boolean} isView else its figures
 */
async function ask(yaw, isView) {
  const name = `${yaw} ${isView}`;
  asked.add(name);
  try {
    if (isView) views.set(yaw, await loadView(yaw));
    else figures.set(yaw, await request(`${base}/views/${yaw}`));
    isWaiting = false;
    newsAt = performance.now();
  } catch (error) {
    if (!(error instanceof Refused) || !error.passing) {
      refuse(error);
      return;
    }
    isWaiting = true;
    show();
    await new Promise((resolve) => setTimeout(resolve, (error.retryAfter_s ?? 0) * 1000 || AGAIN_MS));
  } finally {
    asked.delete(name);
  }
  if (refused) return;
  show();
  fill();
}

/** @param {number} yaw @returns {Promise<HTMLImageElement>} decoded, so that it shows at once */
async function loadView(yaw) {
  const image = new Image(512, 512);
  image.src = URL.createObjectURL(await requestBlob(`${base}/views/${yaw}.jpg`));
  image.alt = text("viewAlt", { where: where(yaw) });
  await image.decode();
  return image;
}

/** @param {string} address @returns {Promise<Blob>} */
async function requestBlob(address) {
  const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
  if (answer?.ok) return answer.blob();
  const problem = await answer?.json().catch(() => null);
  throw new Refused(problem?.detail ?? text("offline"), {
    status: answer?.status ?? 0,
    remedy: problem?.remedy,
    retryAfter_s: Number(answer?.headers.get("retry-after")) || undefined,
  });
}

/** Show the view at the slider's angle; until it is there, the nearest one. */
function show() {
  const yaw = wanted();
  const known = figures.get(yaw);
  const isPhoto = photoButton.getAttribute("aria-pressed") === "true";
  const nearest = [...views.keys()].sort((a, b) => Math.abs(a - yaw) - Math.abs(b - yaw))[0];
  const shown = (isPhoto ? undefined : views.get(nearest)) ?? photograph;
  if (stage.firstElementChild !== shown) stage.replaceChildren(shown);
  const said = known ? text("yawScore", { where: where(yaw), score: known.score.toFixed(1) }) : where(yaw);
  slider.setAttribute("aria-valuetext", said);
  turning.setAttribute("aria-busy", String(!views.has(yaw) && !isPhoto));
  put("yaw-said", where(yaw));
  put("score", known ? known.score.toFixed(1) : "–");
  put("trust", known ? known.trust : text(views.has(yaw) ? "viewJudging" : views.size ? "viewMaking" : "viewFirst"));
  showProgress();
  put("stamp", shown === photograph ? stampOfPhoto : text("viewAlt", { where: where(nearest) }));
  download.hidden = !views.has(yaw) || isPhoto;
  if (!download.hidden) download.href = `${base}/views/${yaw}.jpg?download=true`;
  drawCurve(curve, [...figures.values()].sort((a, b) => a.yaw_deg - b.yaw_deg), {
    angles,
    now: yaw,
    label: (view) => text("point", { where: where(view.yaw_deg), score: view.score.toFixed(1) }),
  });
}

/** How many views are turned and judged, and why it takes longer where it does. */
function showProgress() {
  const isDone = figures.size === angles.length;
  const progress = /** @type {HTMLProgressElement} */ (document.getElementById("progress"));
  progress.hidden = isDone;
  progress.max = 2 * angles.length;
  progress.value = views.size + figures.size;
  put("ready", isDone ? "" : text("ready", { turned: views.size, ready: figures.size, total: angles.length }));
  const isSlow = performance.now() - newsAt > SLOW_MS;
  put("slow", isDone ? "" : isWaiting ? text("waiting") : isSlow ? text("slow") : "");
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
