// @ts-check
/**
 * How far a scan is: followed by server-sent events, in the bar of every page and in full. How it ended stays
 * on the page of the folders until it is closed or the next one begins.
 */

import { post, request, toast } from "./api.js";
import { ScanStream } from "./scan_stream.js";

/**
 * @typedef {{ id: number, state: string, stage: string | null, done: number, total: number,
 *   rate: number | null, eta_s: number | null, started_at: string, failed: number, error: string | null,
 *   failures: Failure[], summary: Record<string, number | boolean> | null }} Scan
 * @typedef {{ file: string, message: string }} Failure
 */

const OVER = new Set(["done", "stopped", "failed"]);
const MOST_LISTED = 200;
const ENDED_SHOWN_MS = 6000;
const NEW_EVERY_MS = 4000;
const FIRST_TO_COUNT = 5; // the first files wait for the networks to be loaded
const SCANS = "/v1/album/scans";
const CLOSED = "goodside-scan-closed"; // the ended scan that is no longer to be shown

const full = document.getElementById("scan");
const bar = document.getElementById("scan-bar");
const panel = full ?? bar;

/** @type {ScanStream | null} */
let stream = null;
/** What is listed, for another tab may tell it again. @type {Set<string>} */
const listed = new Set();
/** @type {Scan | null} the one that is shown */
let shown = null;
let told = 0;

if (panel) {
  if (full) bar?.remove();
  for (const button of panel.querySelectorAll("button[data-scan]")) {
    button.addEventListener("click", () => command(/** @type {HTMLElement} */ (button).dataset.scan ?? ""));
  }
  document.addEventListener("goodside:scan", (event) => follow(/** @type {CustomEvent<Scan>} */ (event).detail));
  window.addEventListener("pagehide", () => stream?.close());
  window.addEventListener("pageshow", (event) => event.persisted && look());
  look();
}

/** Show the latest scan. */
function look() {
  request(SCANS).then(
    ({ scans }) => {
      if (!scans.length || (shown && shown.id > scans[0].id)) return;
      if (!OVER.has(scans[0].state)) follow(scans[0]);
      else if (shown && !OVER.has(shown.state)) follow(scans[0]);
      else if (full && localStorage.getItem(CLOSED) !== nameOf(scans[0])) showEnded(scans[0]);
    },
    () => undefined, // A page without a scan's progress is a page all the same.
  );
}

/** @param {string} what */
async function command(what) {
  if (what === "dismiss") {
    if (shown) localStorage.setItem(CLOSED, nameOf(shown));
    hide();
    return;
  }
  /** @type {Scan | null} */
  const answer = await post(`${SCANS}/${shown?.id}/${what}`).catch(() => null);
  // It may have ended, which is told by another way, before the answer is here.
  if (answer && !(shown && shown.id === answer.id && OVER.has(shown.state))) show(answer);
}

/** @param {Scan} scan @returns {string} what tells it from scans of other runs of the service */
function nameOf(scan) {
  return `${scan.id} ${scan.started_at}`;
}

/** @param {Scan} scan that ended before this page was opened */
function showEnded(scan) {
  show(scan);
  for (const failure of scan.failures) list(failure);
}

/** @param {Scan} scan */
function follow(scan) {
  stream?.close();
  if (shown?.id !== scan.id) {
    listed.clear();
    panel?.querySelector(".troubles ul")?.replaceChildren();
  }
  show(scan);
  if (OVER.has(scan.state)) {
    end(scan);
    return;
  }
  stream = new ScanStream(`${SCANS}/${scan.id}`, scan.id, {
    progress: (now) => {
      show(now);
      tellNew(now);
    },
    failure: list,
    done: (now) => {
      show(now);
      end(now);
    },
  });
}

/** @param {Scan} scan */
function show(scan) {
  if (!panel) return;
  shown = scan;
  panel.hidden = false;
  document.body.classList.toggle("scanning", panel === bar);
  panel.dataset.state = scan.state;
  put(".stage", stageOf(scan));
  put(".figures", figuresOf(scan));
  const progress = /** @type {HTMLProgressElement} */ (panel.querySelector("progress"));
  const counted = scan.total > 0 || OVER.has(scan.state);
  if (counted) {
    progress.max = Math.max(scan.total, 1);
    progress.value = OVER.has(scan.state) ? progress.max : scan.done;
  } else progress.removeAttribute("value");
  setHidden("pause", scan.state !== "running");
  setHidden("resume", scan.state !== "paused");
  setHidden("stop", OVER.has(scan.state) || scan.state === "stopping");
  setHidden("dismiss", !OVER.has(scan.state));
}

/** @param {Scan} scan */
function end(scan) {
  document.dispatchEvent(new CustomEvent("goodside:album-changed"));
  if (panel === bar && scan.state === "done" && !scan.failed) window.setTimeout(hide, ENDED_SHOWN_MS);
  if (scan.state === "failed" && scan.error) toast(scan.error, { error: true });
}

/** @param {Scan} scan now and then, while photographs come in */
function tellNew(scan) {
  if (!scan.done || Date.now() - told < NEW_EVERY_MS) return;
  told = Date.now();
  document.dispatchEvent(new CustomEvent("goodside:album-changed"));
}

function hide() {
  if (panel) panel.hidden = true;
  document.body.classList.remove("scanning");
}

/** @param {Scan} scan @returns {string} */
function stageOf(scan) {
  if (scan.state === "paused") return said("paused");
  if (scan.state === "stopping") return said("stopping");
  if (scan.state === "stopped") return said("stopped");
  if (scan.state === "failed") return said("failed");
  if (scan.state === "done") {
    const { read = 0, failed = 0 } = scan.summary ?? {};
    return read || failed ? said("done", { read: whole(Number(read)), failed: whole(Number(failed)) }) : said("nothing");
  }
  if (scan.stage === "grouping") return said("grouping");
  if (scan.stage === "turning side faces") return said("turning");
  return scan.total ? said("scanning") : said("starting");
}

/** @param {Scan} scan @returns {string} */
function figuresOf(scan) {
  if (OVER.has(scan.state) || !scan.total) return "";
  const parts = [said("counts", { done: whole(scan.done), total: whole(scan.total) })];
  if (scan.rate !== null && scan.done >= FIRST_TO_COUNT) {
    parts.push(said("rate", { rate: scan.rate.toFixed(1) }));
    if (scan.eta_s !== null) parts.push(left(scan.eta_s));
  }
  return parts.join(" · ");
}

/** @param {number} seconds @returns {string} */
function left(seconds) {
  const minutes = Math.ceil(seconds / 60);
  if (seconds < 60) return said("seconds");
  if (minutes < 60) return said("minutes", { minutes });
  return said("hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** @param {Failure} failure */
function list(failure) {
  const troubles = /** @type {HTMLElement | null} */ (panel?.querySelector(".troubles") ?? null);
  const place = troubles?.querySelector("ul");
  const key = `${failure.file}\n${failure.message}`;
  if (!troubles || !place || listed.has(key)) return;
  listed.add(key);
  troubles.hidden = false;
  const item = document.createElement("li");
  const reason = document.createElement("span");
  reason.className = "quiet";
  reason.textContent = ` ${failure.message}`;
  item.append(failure.file, reason);
  place.append(item);
  while (place.childElementCount > MOST_LISTED) place.firstElementChild?.remove();
}

/**
 * A text of the panel.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
function said(name, values = {}) {
  const text = panel?.dataset[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (all, key) => (key in values ? String(values[key]) : all));
}

/** @param {number} value @returns {string} */
function whole(value) {
  return value.toLocaleString(document.documentElement.lang || undefined);
}

/**
 * @param {string} selector
 * @param {string} text
 */
function put(selector, text) {
  const place = panel?.querySelector(selector);
  if (place && place.textContent !== text) place.textContent = text;
}

/**
 * @param {string} what
 * @param {boolean} hidden
 */
function setHidden(what, hidden) {
  const button = /** @type {HTMLElement | null} */ (panel?.querySelector(`[data-scan="${what}"]`) ?? null);
  if (button) button.hidden = hidden;
}
