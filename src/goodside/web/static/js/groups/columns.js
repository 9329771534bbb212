// @ts-check
/** How many frames stand side by side, so that they are as large as the window allows. */

const LEAST_PICTURE_PX = 200;
const NARROW_PX = 500;

/**
 * The number of columns in which frames of one shape become largest.
 * @param {number} count of frames
 * @param {{ width: number, height: number }} room
 * @param {{ ratio: number, below: number, gap: number, least: number }} frame width by height of the
 *   picture, what stands below it, what lies between two, and how narrow it may become; all in pixels
 * @returns {number}
 */
export function bestColumns(count, room, frame) {
  let best = 1, most = 0;
  for (let columns = 1; columns <= count; columns += 1) {
    const width = (room.width - (columns - 1) * frame.gap) / columns;
    if (columns > 1 && width < frame.least) break;
    const shown = Math.min(width, roomForPicture(count, columns, room, frame) * frame.ratio);
    if (shown >= most * 0.98) [best, most] = [columns, Math.max(most, shown)];
  }
  return best;
}

/**
 * How high pictures may be in so many columns; where they do not all fit, some are scrolled to.
 * @param {number} count
 * @param {number} columns
 * @param {{ height: number }} room
 * @param {{ below: number, gap: number, least: number, ratio: number }} frame
 * @returns {number}
 */
function roomForPicture(count, columns, room, frame) {
  const rows = Math.ceil(count / columns);
  const fitting = (room.height - (rows - 1) * frame.gap) / rows - frame.below;
  return Math.max(fitting, rows > 1 ? 0.75 * (frame.least / frame.ratio) : LEAST_PICTURE_PX);
}

/**
 * Arrange frames in a list: `--columns`, and `--ratio` of what their pictures stand in.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} frames
 * @param {{ zoomed?: boolean }} [options] zoomed: every pixel of the window is of use
 */
export function setColumns(list, frames, options = {}) {
  const shown = frames.filter((frame) => getComputedStyle(frame).display !== "none");
  const first = shown[0];
  if (!first) return;
  const ratios = shown.map((frame) => Number(frame.dataset.width) / Number(frame.dataset.height));
  const ratio = Math.max(0.6, Math.min(2.4, ratios.reduce((sum, one) => sum + one, 0) / ratios.length));
  const below = Math.max(...shown.map((frame) => /** @type {HTMLElement} */ (frame.querySelector(".said"))?.offsetHeight ?? 0));
  const gap = parseFloat(getComputedStyle(list).columnGap) || 0;
  const top = list.getBoundingClientRect().top + scrollY;
  const room = { width: list.clientWidth, height: Math.max(320, innerHeight - Math.min(top, innerHeight / 2) - gap) };
  const least = room.width < NARROW_PX ? 140 : 200;
  const columns = bestColumns(shown.length, room, { ratio, below, gap, least });
  const width = (room.width - (columns - 1) * gap) / columns;
  const rows = Math.ceil(shown.length / columns);
  const free = (room.height - (rows - 1) * gap) / rows - below;
  let height = Math.min(width / ratio, Math.max(roomForPicture(shown.length, columns, room, { ratio, below, gap, least }), width / 3));
  if (room.width < NARROW_PX) height = width / ratio;
  if (options.zoomed) height = Math.max(height, Math.min(free, width * 1.6));
  list.style.setProperty("--columns", String(columns));
  list.style.setProperty("--least", "0px");
  list.style.setProperty("--ratio", String(width / height));
}
