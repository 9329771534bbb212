// @ts-check
/** Questions of who somebody might be: one key answers, the next comes at once. */

import { onKey, text } from "../api.js";
import { keysFor, loadKeys } from "../keys.js";
import { decide, onDecided, rename, takeBack } from "./people_decisions.js";

/** @returns {HTMLElement[]} */
const questions = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".question")]);

/** Questions that were answered, the last one last: undo brings them back. @type {HTMLElement[]} */
const answered = [];
/** Those to be asked later. @type {Set<HTMLElement>} */
const later = new Set();
const total = Number(/\d[\d,.]*/.exec(document.getElementById("questions-left")?.textContent ?? "")?.[0].replace(/\D/g, "") ?? 0);

/** @returns {HTMLElement | undefined} */
const current = () => questions().find((one) => !one.hidden);

/** @param {HTMLElement} question @returns {number[]} */
const facesOf = (question) => (question.dataset.askedFaces ?? "").split(",").map(Number);

/** @param {HTMLElement} question @returns {HTMLElement[]} */
const answersOf = (question) => /** @type {HTMLElement[]} */ ([...question.querySelectorAll(".answer")]);

/** Show the first question that is left. @param {HTMLElement} [wanted] */
function show(wanted) {
  const open = questions().filter((one) => !answered.includes(one));
  const next = wanted ?? open.find((one) => !later.has(one)) ?? open[0];
  if (next) later.delete(next);
  for (const one of questions()) one.hidden = one !== next;
  /** @type {HTMLElement} */ (document.getElementById("no-questions")).hidden = Boolean(next);
  const left = total - answered.length;
  const words = /** @type {HTMLElement} */ (document.getElementById("questions-left"));
  words.textContent = left > 0 && next ? (left === 1 ? text("leftOne") : text("leftMany", { count: left })) : "";
  next?.focus({ preventScroll: true });
  const after = open[open.indexOf(/** @type {HTMLElement} */ (next)) + 1];
  for (const image of after?.querySelectorAll("img") ?? []) image.loading = "eager";
}

/** Bring a question back. @param {HTMLElement} question */
function bringBack(question) {
  const place = answered.lastIndexOf(question);
  if (place >= 0) answered.splice(place, 1);
  show(question);
}

/** @param {HTMLElement} question */
function done(question) {
  answered.push(question);
  // Who was merged away is asked about no more, nor offered.
  show();
}

/** @param {HTMLElement} question @param {Promise<boolean>} taken */
function settle(question, taken) {
  done(question);
  taken.then((was) => {
    if (!was) bringBack(question);
  });
}

/** @param {HTMLElement} question */
const back = (question) => ({ refreshes: false, undone: () => bringBack(question) });

/** @param {number} place of the answer @returns {boolean | void} */
function yes(place) {
  const question = current();
  const answer = question && answersOf(question)[place];
  if (!question || !answer) return false;
  const message = answer.dataset.named ? text("thatIs", { into: answer.dataset.named }) : text("onePerson");
  settle(question, decide(`people/${question.dataset.key}/merge`, { into: answer.dataset.into }, message, back(question)));
}

/** Whoever was offered, it is none of them. */
function no() {
  const question = current();
  if (!question) return;
  const faces = facesOf(question);
  const every = answersOf(question);
  const [first, ...rest] = every;
  if (!first) return;
  const names = every.map((one) => one.dataset.named ?? "").filter(Boolean);
  const message = names.length ? text("notAny", { names: names.join(", ") }) : text("apart");
  // Undo takes back one decision at a time: the others are said first, quietly.
  for (const one of rest) decide(`people/${one.dataset.into}/not`, { faces }, one.dataset.named ? text("notAny", { names: one.dataset.named }) : text("apart"), back(question));
  settle(question, decide(`people/${first.dataset.into}/not`, { faces }, message, back(question)));
}

/** @type {Record<string, (button: HTMLElement) => unknown>} */
const actions = {
  yes: (button) => yes(Number(button.dataset.place)),
  no,
  later: () => {
    const question = current();
    if (!question) return;
    later.add(question);
    show();
  },
  hide: () => {
    const question = current();
    if (!question) return;
    settle(question, decide(`people/${question.dataset.key}/hide`, { hidden: true }, text("hidden", { name: text("who") }), back(question)));
  },
  no_face: () => {
    const question = current();
    if (!question) return;
    const faces = facesOf(question);
    const count = faces.length === 1 ? text("facesOne") : text("facesMany", { count: faces.length });
    settle(question, decide("faces/reject", { faces }, text("noFace", { faces: count }), back(question)));
  },
};

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement} */ (event.target).closest(".question [data-do]");
  if (button instanceof HTMLElement) actions[button.dataset.do ?? ""]?.(button);
});
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLElement} */ (event.target);
  const question = /** @type {HTMLElement | null} */ (form.closest(".question"));
  if (!question || !form.matches(".name-form")) return;
  event.preventDefault();
  event.stopPropagation();
  const name = /** @type {HTMLInputElement} */ (form.querySelector("input")).value.trim();
  if (!name) return;
  settle(question, rename({ key: question.dataset.key ?? "", name: "", faces: 0 }, name, back(question)));
}, { capture: true });

onDecided(() => undefined);
onKey({
  yes: () => yes(0),
  answer2: () => yes(1),
  answer3: () => yes(2),
  no: () => void no(),
  later: () => void actions.later?.(document.body),
  hide: () => void actions.hide?.(document.body),
  no_face: () => void actions.no_face?.(document.body),
  undo: () => {
    const question = answered.at(-1);
    takeBack(question ? () => bringBack(question) : () => location.reload());
  },
});
show();
loadKeys().then(() => {
  for (const cap of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("kbd[data-key]"))) {
    const key = keysFor(cap.dataset.key ?? "")[0];
    cap.hidden = !key;
    if (key) cap.textContent = key.length === 1 ? key.toUpperCase() : key;
  }
}, () => undefined);
