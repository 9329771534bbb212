// @ts-check
/** The bar under the picture: score, stars, flag, date and people of the photograph in view. */

import { text } from "../api.js";

/** @typedef {import("../photo_records.js").PhotoRecord} PhotoRecord */

/** @param {string} id @returns {HTMLElement} */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Show what is known of the photograph in view.
 * @param {HTMLElement} dialog of the viewer
 * @param {PhotoRecord | undefined} record undefined: not known yet
 */
export function showRecord(dialog, record) {
  dialog.classList.toggle("is-pick", record?.flag === "pick");
  dialog.classList.toggle("is-reject", record?.flag === "reject");
  for (const star of dialog.querySelectorAll(".star")) {
    const stars = Number(/** @type {HTMLElement} */ (star).dataset.stars);
    star.setAttribute("aria-pressed", String(record?.stars === stars));
    star.classList.toggle("on", stars <= (record?.stars ?? 0));
  }
  for (const flag of dialog.querySelectorAll(".flag")) {
    flag.setAttribute("aria-pressed", String(record?.flag === /** @type {HTMLElement} */ (flag).dataset.flag));
  }
  byId("viewer-name").textContent = record?.name ?? "";
  byId("viewer-score").textContent = record?.score == null ? "" : record.score.toFixed(1);
  byId("viewer-standing").textContent = record ? standingOf(record) : "";
  drawBars(byId("viewer-bars"), record);
  byId("viewer-about").textContent = record ? aboutOf(record) : "";
}

/** @param {PhotoRecord} record @returns {string} how it stands among others, and its technical quality */
function standingOf(record) {
  if (record.score === null) return text("notJudged");
  const standing =
    record.percentile == null
      ? text("notAPhotograph")
      : text("standing", { percentile: Math.min(99, Math.round(record.percentile)) });
  return record.technical == null
    ? standing
    : `${text("technical", { quality: record.technical.toFixed(1) })} · ${standing}`;
}

/** @param {PhotoRecord} record @returns {string} when, and who is in it */
function aboutOf(record) {
  const parts = [];
  if (record.taken) {
    const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
    const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
    parts.push(format.format(new Date(`${record.taken}Z`)));
  }
  parts.push(...record.people);
  return parts.join(" · ");
}

/** The expected verdicts, as in the report. @param {Element} svg @param {PhotoRecord | undefined} record */
function drawBars(svg, record) {
  const heights = record?.bars ?? [];
  const step = 100 / Math.max(1, heights.length);
  const shapes = heights.map((height, place) => {
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    if (place === record?.mean) bar.setAttribute("class", "mean");
    bar.setAttribute("x", String((place + 0.15) * step));
    bar.setAttribute("y", String(32 - height));
    bar.setAttribute("width", String(0.7 * step));
    bar.setAttribute("height", String(height));
    return bar;
  });
  svg.replaceChildren(...shapes);
}
