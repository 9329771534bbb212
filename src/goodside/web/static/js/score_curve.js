// @ts-check
/** The score under each angle, as a small curve. */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 480;
const HEIGHT = 150;
const EDGE = { left: 34, right: 10, top: 12, bottom: 26 };
const LEAST_SPAN = 0.6; // points of score, so that noise does not look like mountains

/**
 * @typedef {{ yaw_deg: number, score: number, trusted: boolean }} Point
 */

/**
 * @template {Point} P
 * @param {SVGSVGElement} svg its title stays
 * @param {P[]} points by angle
 * @param {{ angles: number[], now: number, label: (point: P) => string }} about
 */
export function drawCurve(svg, points, { angles, now, label }) {
  const title = svg.querySelector("title");
  const scores = points.map((point) => point.score);
  const middle = scores.length ? (Math.min(...scores) + Math.max(...scores)) / 2 : 5;
  const span = Math.max(LEAST_SPAN, scores.length ? 1.2 * (Math.max(...scores) - Math.min(...scores)) : 0);
  const low = middle - span / 2;
  const first = angles[0];
  const last = angles[angles.length - 1];
  const x = (/** @type {number} */ yaw) =>
    EDGE.left + ((yaw - first) / (last - first)) * (WIDTH - EDGE.left - EDGE.right);
  const y = (/** @type {number} */ score) =>
    HEIGHT - EDGE.bottom - ((score - low) / span) * (HEIGHT - EDGE.top - EDGE.bottom);

  const floor = HEIGHT - EDGE.bottom;
  const parts = [make("path", { class: "axis", d: `M${EDGE.left} ${floor}H${WIDTH - EDGE.right}` })];
  for (const yaw of [first, first / 2, 0, last / 2, last]) {
    parts.push(make("text", { x: x(yaw), y: HEIGHT - 6, "text-anchor": "middle" }, `${yaw > 0 ? "+" : yaw < 0 ? "−" : ""}${Math.abs(yaw)}°`));
  }
  if (scores.length) {
    for (const score of [low + 0.15 * span, low + 0.85 * span]) {
      parts.push(make("text", { x: 0, y: y(score) + 4 }, score.toFixed(1)));
    }
  }
  parts.push(make("path", { class: "own", d: `M${x(now)} ${EDGE.top}V${floor}` }));
  const line = points.map((point, number) => `${number ? "L" : "M"}${x(point.yaw_deg)} ${y(point.score)}`);
  if (line.length > 1) parts.push(make("path", { class: "line", d: line.join("") }));
  for (const point of points) {
    const kind = [point.yaw_deg === now ? "now" : "", point.trusted ? "" : "doubtful"].join(" ").trim();
    const place = { cx: x(point.yaw_deg), cy: y(point.score), r: point.yaw_deg === now ? 6 : 4 };
    const dot = make("circle", { ...place, "data-yaw": point.yaw_deg, ...(kind ? { class: kind } : {}) });
    dot.append(make("title", {}, label(point)));
    parts.push(dot);
  }
  svg.replaceChildren(...(title ? [title] : []), ...parts);
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [content]
 * @returns {SVGElement}
 */
function make(name, attributes, content) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (content !== undefined) element.textContent = content;
  return element;
}
