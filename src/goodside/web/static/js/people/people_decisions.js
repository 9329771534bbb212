// @ts-check
/** Decisions about people, each with its undo; and the dialogs of merging and forgetting. */

import { post, request, showProblem, text, toast, undo } from "../api.js";

/** @typedef {{ key: string, name: string, faces: number }} Somebody */

/** @type {Promise<unknown>} decisions are taken one after the other */
let queue = Promise.resolve();
/** Messages of decisions that can be undone, the last one last. @type {HTMLElement[]} */
const messages = [];
/** @type {() => unknown} */
let refresh = () => location.reload();

/** @param {() => unknown} how the page is brought up to date after a decision */
export function onDecided(how) {
  refresh = how;
}

/**
 * @param {string} url below `/v1/`
 * @param {object} body
 * @param {string} message
 * @param {{ refreshes?: boolean, undone?: () => unknown }} [options] undone: what follows an undo
 * @returns {Promise<boolean>} whether it was taken
 */
export function decide(url, body, message, options = {}) {
  const { promise, resolve } = withResolvers();
  queue = queue.then(async () => {
    try {
      await post(`/v1/${url}`, body);
    } catch {
      resolve(false);
      return;
    }
    messages.push(toast(message, { undo: () => takeBack(options.undone) }));
    if (options.refreshes !== false) await refresh();
    resolve(true);
  });
  return promise;
}

/** @returns {{ promise: Promise<boolean>, resolve: (value: boolean) => void }} */
function withResolvers() {
  /** @type {(value: boolean) => void} */
  let resolve = () => undefined;
  const promise = /** @type {Promise<boolean>} */ (new Promise((done) => (resolve = done)));
  return { promise, resolve };
}

/** Undo the last decision. @param {() => unknown} [undone] what follows */
export function takeBack(undone) {
  queue = queue.then(async () => {
    messages.pop()?.remove();
    try {
      await undo();
    } catch {
      return;
    }
    if (undone) await undone();
    else await refresh();
  });
}

/** @param {Somebody} person @returns {string} */
export const called = (person) => person.name || text("who");

/** @param {number} count @returns {string} */
export const countFaces = (count) => (count === 1 ? text("facesOne") : text("facesMany", { count }));

/** @param {Somebody} person @param {Somebody} into @returns {string} */
function mergeMessage(person, into) {
  if (person.name) return text("merged", { name: person.name, into: called(into) });
  return into.name ? text("thatIs", { into: into.name }) : text("onePerson");
}

/** @param {Somebody} person @param {Somebody} into */
export function merge(person, into) {
  return decide(`people/${person.key}/merge`, { into: into.key }, mergeMessage(person, into));
}

/** @param {Somebody} person @param {boolean} hidden */
export function hide(person, hidden) {
  return decide(`people/${person.key}/hide`, { hidden }, text(hidden ? "hidden" : "shown", { name: called(person) }));
}

/** @param {string} name @returns {Somebody | null} whoever is called so already */
export function whoIsCalled(name) {
  const wanted = fold(name);
  const options = /** @type {NodeListOf<HTMLOptionElement>} */ (document.querySelectorAll("#names option"));
  const found = [...options].find((one) => fold(one.value) === wanted);
  return found ? { key: found.dataset.key ?? "", name: found.value, faces: 0 } : null;
}

/** @param {string} name @returns {string} */
function fold(name) {
  return name.normalize("NFKC").trim().replace(/\s+/g, " ").toLocaleLowerCase();
}

/**
 * Call somebody by a name; if somebody else is called so, they are one person.
 * @param {Somebody} person
 * @param {string} name
 * @param {{ refreshes?: boolean, undone?: () => unknown }} [options]
 */
export function rename(person, name, options = {}) {
  const other = whoIsCalled(name);
  if (other && other.key !== person.key) {
    return decide(`people/${person.key}/merge`, { into: other.key }, mergeMessage(person, other), options);
  }
  return decide(`people/${person.key}/name`, { name }, text("named", { name }), options);
}

/** Forms that name somebody: Enter saves, Escape puts the name back. @param {(form: HTMLElement) => Somebody} personOf */
export function nameByForms(personOf) {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLElement} */ (event.target);
    if (!form.matches(".name-form")) return;
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    const name = field.value.trim();
    if (!name || name === field.defaultValue.trim()) {
      field.value = field.defaultValue;
      return;
    }
    rename(personOf(form), name);
  });
  document.addEventListener("focusout", (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (!field.matches?.(".name-form input")) return;
    // What was typed but not confirmed is not taken as a decision: it stays to be seen, and goes on Escape.
    field.classList.toggle("unsaved", field.value.trim() !== field.defaultValue.trim());
  });
  document.addEventListener("keydown", (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (event.key !== "Escape" || !field.matches?.(".name-form input")) return;
    field.value = field.defaultValue;
    field.classList.remove("unsaved");
  });
}

/** Ask whom somebody is the same as; what looks like them comes first. @param {Somebody} person */
export async function askMerge(person) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("merge-dialog"));
  const list = /** @type {HTMLElement} */ (document.getElementById("merge-list"));
  const search = /** @type {HTMLInputElement} */ (document.getElementById("merge-search"));
  const empty = /** @type {HTMLElement} */ (document.getElementById("merge-empty"));
  /** @type {HTMLElement} */ (document.getElementById("merge-title")).textContent = person.name ? text("mergeTitle", { name: person.name }) : text("mergeTitleUnnamed");
  list.replaceChildren();
  search.value = "";
  dialog.showModal();
  /** @type {any[]} */
  let everybody = [];
  /** @type {Map<string, number>} */
  let near = new Map();
  try {
    const [page, own] = await Promise.all([request("/v1/people?limit=500&single=false"), request(`/v1/people/${person.key}?limit=1&suggestions=8`)]);
    everybody = page.people;
    near = new Map(own.suggestions.map((/** @type {any} */ one) => [one.key, one.distance]));
  } catch (error) {
    showProblem(error);
  }
  const others = everybody.filter((one) => one.key !== person.key);
  others.sort((a, b) => (near.get(a.key) ?? 9) - (near.get(b.key) ?? 9));
  const show = () => {
    const wanted = fold(search.value);
    const shown = others.filter((one) => fold(one.name ?? "").includes(wanted)).slice(0, 60);
    empty.hidden = shown.length > 0;
    list.replaceChildren(...shown.map((one) => mergeChoice(one, near.get(one.key), () => {
      dialog.close();
      merge(person, { key: one.key, name: one.name ?? "", faces: one.faces });
    })));
  };
  search.oninput = show;
  search.onkeydown = (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (search.value.trim()) /** @type {HTMLElement | null} */ (list.querySelector("button"))?.click();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (list.querySelector("button"))?.focus();
    }
  };
  list.onkeydown = (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const all = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("button")]);
    const next = all[all.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step];
    (next ?? search).focus();
  };
  show();
}

/** @param {any} one of `/v1/people` @param {number | undefined} distance @param {() => void} choose @returns {HTMLElement} */
function mergeChoice(one, distance, choose) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  if (one.crop) {
    const image = document.createElement("img");
    image.src = one.crop;
    image.width = image.height = 56;
    image.alt = "";
    button.append(image);
  }
  const words = document.createElement("span");
  words.textContent = one.name || text("who");
  words.dir = "auto";
  const about = document.createElement("span");
  about.className = "quiet small";
  const faces = countFaces(one.faces);
  about.textContent = distance === undefined ? faces : `${faces} · ${text("looksLike", { distance: distance.toFixed(2) })}`;
  button.append(words, about);
  button.addEventListener("click", choose);
  item.append(button);
  return item;
}

/** Say what forgetting deletes, and ask once. @param {Somebody} person @returns {Promise<boolean>} whether it was done */
export function askForget(person) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("forget-dialog"));
  /** @type {HTMLElement} */ (document.getElementById("forget-title")).textContent = person.name ? text("forgetTitle", { name: person.name }) : text("forgetTitleUnnamed");
  for (const id of ["forget-name", "forget-name-gone"]) document.getElementById(id)?.toggleAttribute("hidden", !person.name);
  /** @type {HTMLElement} */ (document.getElementById("forget-faces")).textContent =
    person.faces === 1 ? text("forgetFacesOne") : text("forgetFacesMany", { count: person.faces });
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      async () => resolve(dialog.returnValue === "forget" && (await decide(`people/${person.key}/forget`, {}, text("forgotten", { name: called(person) })))),
      { once: true },
    );
  });
}

document.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(target)) menu.removeAttribute("open");
  if (target instanceof HTMLDialogElement && target.matches("#merge-dialog, #forget-dialog")) target.close();
});
