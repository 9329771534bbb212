// @ts-check
/** All photographs: the address says what is shown; filters, order, search and keys change it. */

import { onKey, showProblem, text, toast } from "../api.js";
import { labelOf } from "../decision_labels.js";
import { Decisions } from "../decision_queue.js";
import { Records } from "../photo_records.js";
import { Viewer } from "../viewer/viewer.js";
import { replacePanel, showMore } from "./filter_panel.js";
import { Grid } from "./grid.js";
import { ratioOf, readLayout } from "./layout.js";
import { Scrubber } from "./scrubber.js";
import { connectSearch } from "./search_field.js";
import { Selection } from "./selection.js";

const COUNTING_MS = 700;
/** Photographs that an address can name one by one. */
const MOST_NAMED = 5000;
const PANEL_COOKIE = "goodside_panel";

/** @template {Element} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (/** @type {unknown} */ (document.getElementById(id)));
/** @type {HTMLElement} */
const browse = byId("browse");
/** @type {HTMLInputElement} */
const searchField = byId("search-text");

const records = new Records();
const selection = new Selection();
const decisions = new Decisions(records);
const grid = new Grid(byId("grid"), records, selection);
const scrubber = new Scrubber(byId("scrubber"), grid);
const viewer = new Viewer(
  {
    count: () => grid.count,
    idAt: (index) => grid.idAt(index),
    indexOf: (id) => grid.indexOf(id),
    ratioAt: (index) => (grid.layout && index >= 0 ? ratioOf(grid.layout, index) : 1.5),
  },
  records,
  decisions,
);

let shown = location.search;
let loading = 0;
/** @type {AbortController | null} */
let asking = null;
let stale = false;

/** @param {string} search `?…` or nothing */
async function fetchLayout(search) {
  asking?.abort();
  asking = new AbortController();
  const answer = await fetch(`/photographs/layout${search}`, { credentials: "same-origin", signal: asking.signal });
  if (!answer.ok) throw new Error((await answer.json().catch(() => null))?.detail ?? text("refused"));
  return readLayout(await answer.arrayBuffer());
}

/** @param {string} search @returns {Promise<string | null>} the panel, as it is sent */
async function readPanel(search) {
  const answer = await fetch(`/photographs/panel${search}`, { credentials: "same-origin" });
  return answer.ok ? answer.text() : null;
}

/** @param {string} search */
async function fetchPanel(search) {
  const html = await readPanel(search);
  if (html === null || search !== shown) return;
  putPanel(html);
}

/** @param {string} html */
function putPanel(html) {
  replacePanel(new DOMParser().parseFromString(html, "text/html"));
}

/**
 * Show what an address says.
 * @param {string} search `?…` or nothing
 * @param {{ at?: number, panel?: boolean }} [options] at: the photograph to begin at
 */
async function load(search, options = {}) {
  shown = search;
  loading += 1;
  const turn = loading;
  const slow = setTimeout(() => browse.setAttribute("aria-busy", "true"), 200);
  try {
    const panel = options.panel === false ? undefined : fetchPanel(search);
    const layout = await fetchLayout(search);
    if (turn !== loading) return;
    grid.show(layout, { at: options.at ?? 0 });
    scrubber.update();
    byId("nothing").toggleAttribute("hidden", layout.ids.length > 0);
    await panel;
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) showProblem(error instanceof Error ? error.message : error);
  } finally {
    clearTimeout(slow);
    if (turn === loading) browse.removeAttribute("aria-busy");
  }
}

/** Take in what was decided or scanned elsewhere; what is in view stays where it is. */
async function refresh() {
  if (viewer.isOpen || decisions.waiting) {
    stale = true;
    return;
  }
  const turn = loading;
  const [answer, panel] = await Promise.all([
    fetch(`/photographs/layout${shown}`, { credentials: "same-origin" }),
    readPanel(shown).catch(() => null),
  ]);
  if (!answer.ok) return;
  const layout = readLayout(await answer.arrayBuffer());
  if (turn !== loading) return;
  const isSame = layout.version === grid.layout?.version;
  /** @type {HTMLElement} */
  const head = byId("found-head");
  // With the grid: the heading counts what stands below it.
  if (panel !== null && !(isSame && head.dataset.total === String(layout.ids.length))) putPanel(panel);
  if (isSame) return;
  records.clear();
  const focused = document.activeElement?.closest(".tile") ? grid.idAt(grid.cursor) : -1;
  grid.show(layout, scrollY > 0 ? { at: grid.firstInView() } : {});
  if (focused >= 0) grid.focus(Math.max(0, grid.indexOf(focused)));
  scrubber.update();
  byId("nothing").toggleAttribute("hidden", layout.ids.length > 0);
}
document.addEventListener("goodside:album-changed", () => void refresh().catch(() => undefined));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && grid.layout) void refresh().catch(() => undefined);
});

/**
 * Go to another address of this page.
 * @param {string} address
 * @param {{ replace?: boolean }} [options]
 */
function navigate(address, options = {}) {
  const { search, pathname } = new URL(address, location.href);
  if (pathname !== "/") {
    location.assign(address);
    return;
  }
  keepPlace();
  if (options.replace) history.replaceState({}, "", address);
  else history.pushState({}, "", address);
  if (search !== shown) void load(search);
}

/** Remember in the address's state what is at the top, for the way back. */
function keepPlace() {
  history.replaceState({ ...history.state, at: scrollY > 0 ? grid.firstInView() : 0 }, "");
}

/** The photograph that the address says is open. @returns {number} its row number, or -1 */
function openInAddress() {
  const found = /^#photo=(\d+)$/.exec(location.hash);
  return found ? Number(found[1]) : -1;
}

function followAddress() {
  const id = openInAddress();
  const index = id < 0 ? -1 : grid.indexOf(id);
  if (index >= 0) viewer.show(index);
  else if (viewer.isOpen) viewer.close();
}

/** @param {number} index */
function open(index) {
  keepPlace();
  history.pushState({ ...history.state, pushed: true }, "", `${location.pathname}${location.search}#photo=${grid.idAt(index)}`);
  viewer.show(index);
}

viewer.addEventListener("move", () => {
  if (viewer.isOpen) history.replaceState(history.state, "", `${location.pathname}${location.search}#photo=${viewer.id}`);
});
viewer.addEventListener("close", () => {
  const { index } = viewer;
  if (openInAddress() >= 0) {
    if (history.state?.pushed) history.back();
    else history.replaceState(history.state, "", location.pathname + location.search);
  }
  if (stale && dependsOnDecisions()) void load(shown, { at: index, panel: false });
  else grid.focus(index);
});
decisions.addEventListener("saved", () => {
  stale = true;
  grid.readRecords();
  clearTimeout(counting);
  counting = setTimeout(() => fetchPanel(shown).catch(() => undefined), COUNTING_MS);
});
let counting = 0;

/** Whether decisions change what the address finds, or its order. */
function dependsOnDecisions() {
  const params = new URLSearchParams(shown);
  stale = false;
  return params.has("flag") || params.has("stars") || params.get("sort") === "stars" || params.has("tag");
}

addEventListener("popstate", (event) => {
  if (location.search !== shown) {
    searchField.value = new URLSearchParams(location.search).get("q") ?? "";
    void load(location.search, { at: event.state?.at ?? 0 }).then(followAddress);
  } else followAddress();
});

/* Filters and order */

browse.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const link = target.closest("a.filter");
  const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
  if (link instanceof HTMLAnchorElement && isPlain) {
    event.preventDefault();
    navigate(link.href);
    searchField.value = new URLSearchParams(location.search).get("q") ?? "";
    return;
  }
  const more = target.closest(".more");
  const details = more?.closest("details");
  if (more && details) showMore(details, !details.classList.contains("all"));
  if (target.closest("#toggle-panel")) togglePanel();
});
browse.addEventListener("change", (event) => {
  const sort = event.target;
  if (sort instanceof HTMLSelectElement && sort.id === "sort") navigate(sort.value);
});

function togglePanel() {
  const button = byId("toggle-panel");
  if (matchMedia("(max-width: 61.99rem)").matches) {
    const over = browse.classList.toggle("panel-over");
    button.setAttribute("aria-expanded", String(over));
    return;
  }
  const isOpen = browse.classList.toggle("with-panel");
  button.setAttribute("aria-expanded", String(isOpen));
  document.cookie = `${PANEL_COOKIE}=${isOpen ? "open" : "closed"}; path=/; max-age=31536000; SameSite=Strict`;
}

connectSearch(searchField, { navigate, submitted: () => grid.focus(grid.cursor) });

/* Photographs */

const gridElement = byId("grid");
gridElement.addEventListener("click", (event) => {
  const mouse = /** @type {MouseEvent} */ (event);
  const index = grid.placeOf(event.target);
  if (index < 0) return;
  const onCheck = /** @type {Element} */ (event.target).closest(".check");
  if (mouse.shiftKey) selection.extend(index, grid.cursor);
  else if (onCheck || mouse.ctrlKey || mouse.metaKey) selection.toggle(index);
  else open(index);
  event.preventDefault();
  grid.setCursor(index);
});
gridElement.addEventListener("focusin", (event) => {
  const index = grid.placeOf(event.target);
  if (index >= 0) grid.setCursor(index);
});

/** The photographs that a key acts on. @returns {number[]} */
function acted() {
  if (selection.size) return selection.ids;
  return document.activeElement?.closest(".tile") ? [grid.idAt(grid.cursor)] : [];
}

/** @param {import("../decision_queue.js").Choice} choice @returns {boolean} whether there was any to act on */
function choose(choice) {
  const ids = acted();
  if (!ids.length) return false;
  if (!decisions.decide(ids, choice)) return true;
  if (ids.length > 1) {
    toast(text("forMany", { what: labelOf(choice), count: ids.length }), { undo: () => decisions.undo(sayUndone), instead: "decision" });
  } else {
    toast(`${labelOf(choice)} · ${records.get(/** @type {number} */ (ids[0]))?.name ?? ""}`, { instead: "decision" });
  }
  return true;
}

/** @param {unknown} _photos @param {string} message */
function sayUndone(_photos, message) {
  toast(message || text("undone"), { instead: "decision" });
}

/**
 * @param {KeyboardEvent} event
 * @param {() => number} where the place to go to
 * @param {boolean} [selecting] all that is passed
 * @returns {boolean} whether the key was for the grid
 */
function move(event, where, selecting = false) {
  if (!isOnPage(event) || !grid.count) return false;
  const from = grid.cursor;
  if (!document.activeElement?.closest(".tile")) {
    grid.focus(scrollY > 0 ? grid.firstInView() : 0);
    return true;
  }
  grid.focus(where());
  if (selecting) selection.extend(grid.cursor, from);
  return true;
}

/** @param {KeyboardEvent} event */
const isOnPage = (event) => !(event.target instanceof Element && event.target.closest(".scrubber, .selected, .panel"));

onKey({
  next: (event) => move(event, () => grid.cursor + 1),
  previous: (event) => move(event, () => grid.cursor - 1),
  up: (event) => move(event, () => grid.beside(grid.cursor, -1)),
  down: (event) => move(event, () => grid.beside(grid.cursor, 1)),
  first: (event) => move(event, () => 0),
  last: (event) => move(event, () => grid.count - 1),
  select_next: (event) => move(event, () => grid.cursor + 1, true),
  select_previous: (event) => move(event, () => grid.cursor - 1, true),
  select_up: (event) => move(event, () => grid.beside(grid.cursor, -1), true),
  select_down: (event) => move(event, () => grid.beside(grid.cursor, 1), true),
  open: (event) => (isOnPage(event) && document.activeElement?.closest(".tile") ? open(grid.cursor) : false),
  close: () => (selection.size ? selection.clear() : browse.classList.contains("panel-over") ? togglePanel() : false),
  select: () => selection.toggle(grid.cursor),
  select_all: () => selection.selectAll(),
  filters: togglePanel,
  undo: () => decisions.undo(sayUndone),
  pick: () => choose({ flag: "pick" }),
  reject: () => choose({ flag: "reject" }),
  unflag: () => choose({ flag: null }),
  ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((stars) => [`stars${stars}`, () => choose({ stars })])),
});

/* The selection */

selection.addEventListener("change", () => {
  byId("selected").toggleAttribute("hidden", selection.size === 0);
  document.body.classList.toggle("with-selection", selection.size > 0);
  byId("selected-number").textContent = text("selectedCount", { count: selection.size.toLocaleString() });
});
byId("selected").addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("button");
  if (!button) return;
  const { stars, flag } = button.dataset;
  if (stars !== undefined) choose({ stars: Number(stars) });
  else if (flag !== undefined) choose({ flag: /** @type {"pick" | "reject"} */ (flag) || null });
  else if (button.id === "select-none") selection.clear();
});
byId("tag-selected")?.addEventListener("submit", (event) => {
  event.preventDefault();
  /** @type {HTMLInputElement} */
  const field = byId("tag-text");
  const tag = field.value.trim();
  if (tag) choose({ tag });
  field.value = "";
});
byId("export-selected").addEventListener("submit", (event) => {
  if (selection.size === grid.count) {
    event.preventDefault(); // everything that the address finds
    location.assign(`/export${shown}`);
    return;
  }
  if (selection.size > MOST_NAMED) {
    event.preventDefault();
    toast(text("tooManyToName"), { error: true });
    return;
  }
  const form = /** @type {HTMLFormElement} */ (event.target);
  /** @type {HTMLInputElement} */ (form.elements.namedItem("ids")).value = selection.ids.join(",");
});

history.scrollRestoration = "manual";
addEventListener("pagehide", keepPlace);
void load(location.search, { at: history.state?.at, panel: false }).then(followAddress);
