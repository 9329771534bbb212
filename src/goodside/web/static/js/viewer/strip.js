// @ts-check
/** The strip of thumbnails under the picture: the photographs before and after the one in view. */

const STRIP_EACH_SIDE = 12;

/**
 * The photographs that the viewer walks through.
 * @typedef {object} Order
 * @property {() => number} count
 * @property {(index: number) => number} idAt
 * @property {(id: number) => number} indexOf -1: not in it
 * @property {(index: number) => number} ratioAt width by height
 */

/**
 * Draw the strip around the photograph in view, reusing the thumbnails that are there.
 * @param {HTMLElement} strip
 * @param {Order} order
 * @param {number} index of the photograph in view
 */
export function drawStrip(strip, order, index) {
  if (getComputedStyle(strip).display === "none") return;
  /** @type {Map<number, HTMLElement>} */
  const there = new Map();
  for (const child of strip.children) there.set(Number(/** @type {HTMLElement} */ (child).dataset.id), /** @type {HTMLElement} */ (child));
  const wanted = [];
  for (let at = index - STRIP_EACH_SIDE; at <= index + STRIP_EACH_SIDE; at += 1) {
    const id = order.idAt(at);
    if (id < 0) continue;
    let image = there.get(id);
    if (!image) {
      const fresh = new Image();
      fresh.alt = "";
      fresh.draggable = false;
      fresh.src = `/thumbnails/${id}`;
      fresh.style.aspectRatio = String(order.ratioAt(at));
      image = fresh;
    }
    image.dataset.id = String(id);
    image.dataset.index = String(at);
    image.classList.toggle("now", at === index);
    wanted.push(image);
  }
  for (const [id, image] of there) if (!wanted.some((one) => one.dataset.id === String(id))) image.remove();
  wanted.forEach((image, place) => {
    if (strip.children[place] !== image) strip.insertBefore(image, strip.children[place] ?? null);
  });
  const now = /** @type {HTMLElement | null} */ (strip.querySelector(".now"));
  if (now) strip.scrollLeft = now.offsetLeft + now.offsetWidth / 2 - strip.clientWidth / 2;
}
