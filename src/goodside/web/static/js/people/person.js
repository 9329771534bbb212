// @ts-check
/** Somebody's faces: chosen, split off, taken away, confirmed. */

import { onKey, text, toast } from "../api.js";
import { askForget, askMerge, called, countFaces, decide, hide, merge, nameByForms, onDecided, takeBack, whoIsCalled } from "./people_decisions.js";
import { refreshRegions } from "../refresh_parts.js";

/** @typedef {import("./people_decisions.js").Somebody} Somebody */

/** @returns {HTMLElement} */
const article = () => /** @type {HTMLElement} */ (document.getElementById("person"));

/** @returns {Somebody} */
const person = () => ({ key: article().dataset.key ?? "", name: article().dataset.name ?? "", faces: Number(article().dataset.faces) });

/** @returns {HTMLInputElement[]} */
const boxes = () => [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(".face input"))];

/** @returns {number[]} row numbers of the chosen faces; where none is, of the one in focus */
function chosen() {
  const ids = boxes().filter((box) => box.checked).map((box) => Number(box.value));
  const focused = boxes().find((box) => box === document.activeElement);
  return ids.length || !focused ? ids : [Number(focused.value)];
}

function showSelection() {
  const bar = document.getElementById("selection-bar");
  const count = boxes().filter((box) => box.checked).length;
  if (!bar) return;
  bar.hidden = count === 0;
  const words = /** @type {HTMLElement} */ (document.getElementById("selection-count"));
  words.textContent = count ? text("selected", { faces: countFaces(count) }) : "";
}

/** @param {boolean} on */
function checkAll(on) {
  for (const box of boxes()) box.checked = on;
  showSelection();
}

/**
 * @param {(faces: number[]) => unknown} say
 */
function withFaces(say) {
  const faces = chosen();
  if (faces.length) say(faces);
  else toast(text("chooseFaces"));
}

/** @type {Record<string, () => unknown>} */
const actions = {
  merge: () => askMerge(person()),
  hide: () => hide(person(), article().dataset.hidden !== "yes"),
  forget: async () => {
    if (await askForget(person())) location.assign("/people");
  },
  none: () => checkAll(false),
  not_person: () => withFaces((faces) => decide(`people/${person().key}/not`, { faces }, text("notThem", { name: called(person()), faces: countFaces(faces.length) }))),
  confirm: () => withFaces((faces) => decide(`people/${person().key}/confirm`, { faces }, text("confirmed", { name: called(person()), faces: countFaces(faces.length) }))),
  no_face: () => withFaces((faces) => decide("faces/reject", { faces }, text("noFace", { faces: countFaces(faces.length) }))),
};

/** @param {string} name of the new person, or "" */
function split(name) {
  withFaces((faces) => {
    const other = name ? whoIsCalled(name) : null;
    const words = countFaces(faces.length);
    // Faces that are somebody known are simply theirs.
    if (other) decide(`people/${other.key}/confirm`, { faces }, text("confirmed", { name: other.name, faces: words }));
    else decide(`people/${person().key}/split`, name ? { faces, name } : { faces }, text("split", { faces: words }));
  });
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLElement} */ (event.target);
  if (form.id !== "split-form") return;
  event.preventDefault();
  split(/** @type {HTMLInputElement} */ (form.querySelector("input")).value.trim());
});

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest("button");
  if (!button) return;
  const { merge: merged, into, intoName, apart, apartName, apartFaces } = button.dataset;
  if (merged && into) {
    const own = merged === person().key;
    const other = { key: into, name: intoName ?? "", faces: 0 };
    merge(own ? person() : { key: merged, name: "", faces: 0 }, other);
  } else if (apart) {
    const faces = (apartFaces ?? "").split(",").map(Number);
    decide(`people/${apart}/not`, { faces }, text("notThem", { name: apartName ?? "", faces: countFaces(faces.length) }));
  } else if (button.dataset.do) actions[button.dataset.do]?.();
});

/** @type {HTMLInputElement | null} where a range of faces began */
let anchor = null;
document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.matches(".face input")) showSelection();
});
document.addEventListener("click", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.matches(".face input")) return;
  if (event.shiftKey && anchor && document.contains(anchor)) {
    const all = boxes();
    const [from, to] = [all.indexOf(anchor), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, (to ?? 0) + 1)) one.checked = box.checked;
    showSelection();
  }
  anchor = box;
});

/** @param {number} step */
function move(step) {
  const all = boxes();
  const place = all.findIndex((box) => box === document.activeElement);
  const next = all[place < 0 ? 0 : Math.max(0, Math.min(all.length - 1, place + step))];
  next?.focus();
  next?.closest(".face")?.scrollIntoView({ block: "nearest" });
}

/** @param {1 | -1} step @returns {boolean | void} */
function moveRow(step) {
  const all = boxes();
  const place = all.findIndex((box) => box === document.activeElement);
  if (place < 0) return false;
  const top = all.map((box) => /** @type {HTMLElement} */ (box.closest(".face")).offsetTop);
  const perRow = top.filter((one) => one === top[0]).length;
  move(step * perRow);
}

nameByForms(person);
onDecided(async () => {
  const place = boxes().findIndex((box) => box.checked || box === document.activeElement);
  if (!(await refreshRegions("person", "names"))) {
    location.assign("/people");
    return;
  }
  showSelection();
  // Whoever was at the faces goes on with the one that stands there now.
  if (place >= 0) boxes()[Math.min(place, boxes().length - 1)]?.focus();
});

onKey({
  next: () => move(1),
  previous: (event) => (event.key === " " ? false : move(-1)),
  down: () => moveRow(1),
  up: () => moveRow(-1),
  select: () => {
    const box = boxes().find((one) => one === document.activeElement);
    if (!box) return false;
    box.click();
  },
  select_all: () => checkAll(true),
  close: () => {
    if (chosen().length) checkAll(false);
    else location.assign("/people");
  },
  name: () => {
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById("name"));
    field?.focus();
    field?.select();
  },
  split: () => {
    if (!chosen().length) return void toast(text("chooseFaces"));
    const focused = boxes().find((box) => box === document.activeElement);
    if (focused && !boxes().some((box) => box.checked)) focused.click();
    document.getElementById("split-name")?.focus();
  },
  confirm: () => void actions.confirm?.(),
  not_person: () => void actions.not_person?.(),
  no_face: () => void actions.no_face?.(),
  merge: () => void actions.merge?.(),
  hide: () => void actions.hide?.(),
  forget: () => void actions.forget?.(),
  undo: () => takeBack(),
});
showSelection();
