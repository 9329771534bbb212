// @ts-check
/** Where every photograph of a selection stands: rows of equal height, filled to the edge. */

const MAGIC = "GSL1";
const SHAPE_STEPS = 50;
const NO_DAY = -2147483648;
const DAY_MS = 86_400_000;

/**
 * What `/photographs/layout` says.
 * @typedef {object} Layout
 * @property {string} version of the album
 * @property {"day" | "month" | "year" | "none"} sections what has a heading
 * @property {[number, string][]} landmarks places in the order and what is reached there
 * @property {Uint32Array} ids
 * @property {Int32Array} days since 1970; NO_DAY: not known
 * @property {Uint8Array} shapes fiftieths of a height
 */

/**
 * @typedef {object} Heading
 * @property {number} first the photograph below it
 * @property {number} top px
 * @property {number | null} day since 1970; null: not known
 */

/**
 * @typedef {object} Placement
 * @property {Uint32Array} starts the first photograph of each row, and their number at the end
 * @property {Float64Array} tops px
 * @property {Float64Array} heights px
 * @property {Heading[]} headings
 * @property {number} height px, of everything
 */

/**
 * Read the answer of `/photographs/layout`.
 * @param {ArrayBuffer} buffer
 * @returns {Layout}
 */
export function readLayout(buffer) {
  const view = new DataView(buffer);
  if (new TextDecoder().decode(new Uint8Array(buffer, 0, 4)) !== MAGIC) throw new Error("no layout");
  const count = view.getUint32(4, true);
  const header = view.getUint32(8, true);
  const about = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 12, header)));
  let at = 12 + header;
  const ids = new Uint32Array(buffer, at, count);
  at += 4 * count;
  const days = new Int32Array(buffer, at, count);
  at += 4 * count;
  return { ...about, ids, days, shapes: new Uint8Array(buffer, at, count) };
}

/**
 * Width by height of a photograph.
 * @param {Layout} layout
 * @param {number} index
 */
export function ratioOf(layout, index) {
  return /** @type {number} */ (layout.shapes[index]) / SHAPE_STEPS;
}

/**
 * Days of one section have one mark.
 * @param {Layout["sections"]} sections
 * @returns {(day: number) => number}
 */
function marks(sections) {
  let lastDay = Number.NaN;
  let lastMark = 0;
  return (day) => {
    if (day === lastDay) return lastMark;
    lastDay = day;
    if (sections === "none") lastMark = 0;
    else if (day === NO_DAY || sections === "day") lastMark = day;
    else {
      const date = new Date(day * DAY_MS);
      lastMark = sections === "year" ? date.getUTCFullYear() : date.getUTCFullYear() * 12 + date.getUTCMonth();
    }
    return lastMark;
  };
}

/**
 * Break photographs into rows. A row takes as many as stand side by side `row` px high, and grows
 * until they fill it; the last row of a section does not grow. The style sheet's flex layout of the
 * page as it is sent breaks them at the same places.
 * @param {Layout} layout
 * @param {{ width: number, row: number, gap: number, section: number }} size px
 * @returns {Placement}
 */
export function placeRows(layout, { width, row, gap, section }) {
  const { shapes, days } = layout;
  const count = shapes.length;
  const starts = [];
  const tops = [];
  const heights = [];
  /** @type {Heading[]} */
  const headings = [];
  const mark = marks(layout.sections);
  let top = 0;
  let index = 0;
  while (index < count) {
    const first = index;
    const day = /** @type {number} */ (days[index]);
    const here = mark(day);
    let end = index + 1;
    while (end < count && mark(/** @type {number} */ (days[end])) === here) end += 1;
    if (layout.sections !== "none") {
      headings.push({ first, top, day: day === NO_DAY ? null : day });
      top += section;
    }
    while (index < end) {
      const start = index;
      let ratios = /** @type {number} */ (shapes[index]) / SHAPE_STEPS;
      index += 1;
      while (index < end) {
        const more = ratios + /** @type {number} */ (shapes[index]) / SHAPE_STEPS;
        if (more * row + (index - start) * gap > width + 0.01) break;
        ratios = more;
        index += 1;
      }
      const filled = (width - (index - start - 1) * gap) / ratios;
      const height = index === end ? Math.min(row, filled) : filled;
      starts.push(start);
      tops.push(top);
      heights.push(height);
      top += height + gap;
    }
  }
  starts.push(count);
  return { starts: Uint32Array.from(starts), tops: Float64Array.from(tops), heights: Float64Array.from(heights), headings, height: top };
}

/**
 * The last place at which sorted numbers do not exceed a value.
 * @param {ArrayLike<number>} numbers
 * @param {number} value
 * @param {number} [length]
 * @returns {number} 0 at least
 */
export function lastNotAbove(numbers, value, length = numbers.length) {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (/** @type {number} */ (numbers[middle]) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The row of a photograph. @param {Placement} placement @param {number} index */
export function rowOf(placement, index) {
  return lastNotAbove(placement.starts, index, placement.starts.length - 1);
}

/** Formats of days, which take long to make. @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * A day in the page's language.
 * @param {number} day since 1970
 * @param {Layout["sections"]} sections how fine
 */
export function spokenDay(day, sections) {
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { timeZone: "UTC", year: "numeric" };
  if (sections !== "year") options.month = "long";
  if (sections === "day") options.day = "numeric";
  const language = document.documentElement.lang;
  const key = `${language} ${sections}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options);
  formats.set(key, format);
  return format.format(new Date(day * DAY_MS));
}

/** @param {string} name @returns {number} px of a length in the style sheet, in rem */
export function lengthOf(name) {
  const style = getComputedStyle(document.documentElement);
  return Number.parseFloat(style.getPropertyValue(name)) * Number.parseFloat(style.fontSize);
}
