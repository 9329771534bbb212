// @ts-check
/** The filters beside the grid: replaced by newer ones without losing place, focus or what is unfolded. */

/** @param {string} id @returns {HTMLElement} */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** Put the heading and the filters of a newer page in place of those that are there. @param {Document} parsed */
export function replacePanel(parsed) {
  const focused = document.activeElement?.closest(".panel a, .found-head a, .found a, .found select");
  const focusedLabel = focused?.querySelector(".label")?.textContent ?? "";
  const body = /** @type {HTMLElement} */ (document.querySelector(".panel-body"));
  const scrolled = body.scrollTop;
  const states = new Map(
    [...body.querySelectorAll("details")].map((one) => [one.dataset.key, { open: one.open, all: one.classList.contains("all") }]),
  );
  const fresh = /** @type {HTMLElement} */ (parsed.querySelector(".panel-body"));
  for (const one of fresh.querySelectorAll("details")) {
    const state = states.get(one.dataset.key);
    if (!state) continue;
    one.open = state.open;
    if (state.all) showMore(one, true);
  }
  body.replaceChildren(...fresh.childNodes);
  body.scrollTop = scrolled;
  const head = byId("found-head");
  const newHead = /** @type {HTMLElement} */ (parsed.getElementById("found-head"));
  const toggle = newHead.querySelector("#toggle-panel");
  toggle?.setAttribute("aria-expanded", byId("toggle-panel").getAttribute("aria-expanded") ?? "false");
  const hadSort = document.activeElement?.id;
  head.replaceChildren(...newHead.childNodes);
  head.dataset.total = newHead.dataset.total;
  if (hadSort === "sort" || hadSort === "reverse" || hadSort === "toggle-panel") byId(hadSort).focus();
  else if (focusedLabel) {
    const same = [...body.querySelectorAll(".filter")].find((one) => one.querySelector(".label")?.textContent === focusedLabel);
    /** @type {HTMLElement | undefined} */ (same)?.focus({ preventScroll: true });
  }
}

/**
 * Show all values of a filter, or only the most frequent.
 * @param {HTMLElement} details
 * @param {boolean} all
 */
export function showMore(details, all) {
  details.classList.toggle("all", all);
  const more = details.querySelector(".more");
  if (!(more instanceof HTMLElement)) return;
  more.textContent = (all ? more.dataset.fewer : more.dataset.more) ?? "";
  more.setAttribute("aria-expanded", String(all));
}
