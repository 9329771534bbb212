// @ts-check
/** Export: says what copying will do, then does it a batch at a time, so that it can be stopped. */

import { Refused, send, text } from "./api.js";
import "./folder_field.js";

const copies = /** @type {HTMLFormElement | null} */ (document.getElementById("copies"));
const sidecars = /** @type {HTMLFormElement | null} */ (document.getElementById("sidecars"));
if (copies) prepareCopies(copies);
if (sidecars) prepareSidecars(sidecars);

/**
 * @typedef {{ done: number, total: number, next: number | null, changed: number, unchanged: number, problems: string[] }} Step
 */

/** @param {HTMLFormElement} form */
function prepareCopies(form) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("folder"));
  const begin = /** @type {HTMLButtonElement} */ (form.querySelector("button.main"));
  const wanted = () => ({ folder: field.value, link: new FormData(form).get("how") === "link" });

  async function plan() {
    begin.disabled = true;
    try {
      const told = await send(`/export/plan?${form.dataset.address}`, wanted());
      begin.disabled = !told.allowed;
      tell(form, told.message, told.cautions, !told.allowed);
    } catch (error) {
      tellProblem(form, error);
    }
  }

  form.querySelector("#copy-plan")?.addEventListener("click", plan);
  form.addEventListener("input", () => {
    begin.disabled = true;
  });
  form.addEventListener("change", () => {
    if (field.value) plan();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (begin.disabled) {
      await plan();
      return;
    }
    const done = await run(form, "/export/copies", wanted());
    if (done && !done.stopped) {
      const name = done.changed === done.total ? "exportCopiedAll" : "exportCopied";
      tell(form, text(name, { changed: done.changed, total: done.total }), done.problems, false);
    }
  });
}

/** @param {HTMLFormElement} form */
function prepareSidecars(form) {
  const field = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("folder"));
  const inFolder = () => new FormData(form).get("where") === "folder";
  form.addEventListener("change", () => {
    if (field) field.disabled = !inFolder();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const data = new FormData(form);
    const done = await run(form, "/export/sidecars", {
      folder: inFolder() ? (field?.value ?? "") : null,
      beside: !inFolder(),
      style: data.get("style"),
      rate: data.get("rate") !== null,
    });
    if (done && !done.stopped) {
      const values = { changed: done.changed, total: done.total };
      tell(form, text(done.unchanged ? "exportSidecars" : "exportSidecarsAll", values), done.problems, false);
    }
  });
}

/**
 * Do one batch after the other.
 * @param {HTMLFormElement} form
 * @param {string} address
 * @param {object} wanted
 * @returns {Promise<{ changed: number, unchanged: number, total: number, problems: string[], stopped: boolean } | null>}
 */
async function run(form, address, wanted) {
  const bar = /** @type {HTMLProgressElement} */ (form.querySelector("progress"));
  const begin = /** @type {HTMLButtonElement} */ (form.querySelector("button.main"));
  const stop = /** @type {HTMLButtonElement} */ (form.querySelector("button.stop"));
  const sum = { changed: 0, unchanged: 0, total: 0, problems: /** @type {string[]} */ ([]), stopped: false };
  const halt = () => {
    sum.stopped = true;
  };
  begin.disabled = true;
  stop.hidden = bar.hidden = false;
  stop.addEventListener("click", halt);
  try {
    /** @type {number | null} */
    let next = 0;
    while (next !== null && !sum.stopped) {
      /** @type {Step} */
      const step = await send(`${address}?${form.dataset.address}`, { ...wanted, first: next });
      sum.changed += step.changed;
      sum.unchanged += step.unchanged;
      sum.total = step.total;
      sum.problems.push(...step.problems);
      bar.max = step.total;
      bar.value = step.done;
      tell(form, text("exportProgress", { done: step.done, total: step.total }), [], false);
      if (sum.stopped && step.next !== null) {
        tell(form, text("exportStopped", { done: step.done, total: step.total }), sum.problems, false);
      } else sum.stopped = false;
      next = step.next;
    }
    return sum;
  } catch (error) {
    tellProblem(form, error);
    return null;
  } finally {
    stop.removeEventListener("click", halt);
    stop.hidden = bar.hidden = true;
    begin.disabled = false;
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {unknown} error
 */
function tellProblem(form, error) {
  const remedy = error instanceof Refused && error.remedy ? [error.remedy] : [];
  tell(form, error instanceof Error ? error.message : String(error), remedy, true);
}

/**
 * Say something below a form.
 * @param {HTMLFormElement} form
 * @param {string} message
 * @param {string[]} more
 * @param {boolean} refused
 */
function tell(form, message, more, refused) {
  const place = /** @type {HTMLElement} */ (form.querySelector(".told"));
  const line = document.createElement("p");
  line.textContent = message;
  line.classList.toggle("refused", refused);
  const list = document.createElement("ul");
  list.append(
    ...more.map((one) => {
      const item = document.createElement("li");
      item.textContent = one;
      return item;
    }),
  );
  place.replaceChildren(line, ...(more.length ? [list] : []));
}
