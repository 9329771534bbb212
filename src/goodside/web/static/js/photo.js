// @ts-check
/** The page of one photograph: stars, flag, tags, and the explanation when it is asked for. */

import { onKey, post, showProblem, text, toast } from "./api.js";
import { Decisions } from "./decision_queue.js";
import { Records } from "./photo_records.js";
import { labelOf } from "./decision_labels.js";

/** @typedef {import("./decision_queue.js").Choice} Choice */

/** @template {Element} T @param {string} id @returns {T} */
const byId = (id) => /** @type {T} */ (/** @type {unknown} */ (document.getElementById(id)));

/** @type {HTMLElement} */
const article = byId("photo");
const photoId = Number(article.dataset.id);
const records = new Records();
const decisions = new Decisions(records);
const loaded = records.load(photoId);

records.addEventListener("change", () => {
  const record = records.get(photoId);
  if (!record) return;
  for (const star of article.querySelectorAll(".star")) {
    const stars = Number(/** @type {HTMLElement} */ (star).dataset.stars);
    star.setAttribute("aria-pressed", String(record.stars === stars));
    star.classList.toggle("on", stars <= (record.stars ?? 0));
  }
  for (const flag of article.querySelectorAll(".flag")) {
    flag.setAttribute("aria-pressed", String(record.flag === /** @type {HTMLElement} */ (flag).dataset.flag));
  }
});

/** @param {Choice} choice */
async function choose(choice) {
  await loaded;
  if (decisions.decide([photoId], choice)) toast(labelOf(choice), { instead: "decision" });
}

for (const button of article.querySelectorAll("[data-stars], [data-flag]")) {
  button.addEventListener("click", () => {
    const { stars, flag } = /** @type {HTMLElement} */ (button).dataset;
    const record = records.get(photoId);
    if (stars !== undefined) void choose({ stars: record?.stars === Number(stars) ? 0 : Number(stars) });
    else void choose({ flag: record?.flag === flag ? null : /** @type {"pick" | "reject"} */ (flag) });
  });
}

/** Tags as they are by now. @param {string[]} tags */
function putTags(tags) {
  const items = tags.map((tag) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.className = "chip";
    link.href = `/?${new URLSearchParams({ tag })}`;
    link.textContent = tag;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "icon";
    remove.dataset.remove = tag;
    remove.setAttribute("aria-label", text("removeTag", { tag }));
    remove.textContent = "×";
    item.append(link, remove);
    return item;
  });
  byId("tags").replaceChildren(...items);
}

/** @param {{ add?: string[], remove?: string[] }} change */
async function changeTags(change) {
  try {
    const answer = await post("/v1/decisions/tags", { photos: [photoId], ...change });
    putTags(answer.photos[0]?.tags ?? []);
    toast(answer.message, { undo: takeBack });
  } catch {
    // shown already
  }
}

byId("tags").addEventListener("click", (event) => {
  const tag = /** @type {Element} */ (event.target).closest("[data-remove]");
  if (tag instanceof HTMLElement && tag.dataset.remove) void changeTags({ remove: [tag.dataset.remove] });
});
byId("add-tag")?.addEventListener("submit", (event) => {
  event.preventDefault();
  /** @type {HTMLInputElement} */
  const field = byId("tag");
  const tag = field.value.trim();
  field.value = "";
  if (tag) void changeTags({ add: [tag] });
});

function takeBack() {
  decisions.undo((photos, message) => {
    const mine = /** @type {any} */ (photos.find(({ id }) => id === photoId));
    if (mine?.tags) putTags(mine.tags);
    toast(message || text("undone"));
  });
}

byId("explain")?.addEventListener("click", async (event) => {
  const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
  button.disabled = true;
  button.textContent = button.dataset.busy ?? "";
  const answer = await fetch(`/photos/${photoId}/explanation`, { credentials: "same-origin" });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => null);
    showProblem(problem?.detail ?? text("refused"));
    button.disabled = false;
    return;
  }
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  byId("explanation").replaceWith(...parsed.body.childNodes);
});

/** @param {string} id of a link @returns {false | void} */
function follow(id) {
  const link = document.getElementById(id);
  if (!(link instanceof HTMLAnchorElement)) return false;
  link.click();
}

onKey({
  next: () => follow("photo-after"),
  previous: () => follow("photo-before"),
  pick: () => void choose({ flag: "pick" }),
  reject: () => void choose({ flag: "reject" }),
  unflag: () => void choose({ flag: null }),
  undo: takeBack,
  ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((stars) => [`stars${stars}`, () => void choose({ stars })])),
});
