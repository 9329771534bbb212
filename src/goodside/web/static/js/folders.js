// @ts-check
/** Folders: chosen, scanned, left out, taken away. */

import { Refused, post, request, send, text, toast } from "./api.js";
import "./folder_field.js";
import { keepMessage } from "./kept_message.js";
import { refreshRegions } from "./refresh_parts.js";

const SCANS = "/v1/album/scans";

const add = /** @type {HTMLFormElement | null} */ (document.getElementById("add"));
const sheet = /** @type {HTMLDialogElement | null} */ (document.getElementById("remove-sheet"));
let changed = false;

add?.addEventListener("submit", addFolder);
document.getElementById("scan-all")?.addEventListener("click", () => scan({}));
prepareCards();
document.addEventListener("goodside:album-changed", () => {
  showCounts().catch(() => undefined); // Figures that are a little old are figures all the same.
  if (changed && document.querySelector('#scan[data-state="done"], #scan[data-state="stopped"]')) {
    changed = false;
    showCards().catch(() => undefined);
  }
});

function prepareCards() {
  for (const card of document.querySelectorAll("[data-folder]")) prepare(/** @type {HTMLElement} */ (card));
}

/** A folder that was added has its card once the scan has ended; a newcomer's first one, another page. */
async function showCards() {
  if (!document.getElementById("folders")) window.location.reload();
  else if (await refreshRegions("folders")) prepareCards();
}

/** Bring the figures of the folders up to date; once there are photographs, lead to them. */
async function showCounts() {
  const { folders } = await request("/v1/folders");
  const see = document.querySelector("[data-see]");
  if (see instanceof HTMLElement) see.hidden = !folders.some((/** @type {{ photographs: number }} */ one) => one.photographs);
  await refreshRegions(...[...document.querySelectorAll(".sums")].map((one) => one.id));
}

/** @param {SubmitEvent} event */
async function addFolder(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("folder"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button.main"));
  const problem = /** @type {HTMLElement} */ (document.getElementById("add-problem"));
  const data = new FormData(form);
  problem.textContent = "";
  if (!field.value.trim()) {
    problem.textContent = text("folderNeeded");
    field.setAttribute("aria-invalid", "true");
    field.focus();
    return;
  }
  button.disabled = true;
  try {
    const job = await send(SCANS, { folders: [field.value.trim()], faces: data.get("faces") !== null });
    field.removeAttribute("aria-invalid");
    field.value = "";
    begun(job, text("folderAdded"));
  } catch (error) {
    const remedy = error instanceof Refused && error.remedy ? `: ${error.remedy}` : "";
    problem.textContent = (error instanceof Error ? error.message : String(error)) + remedy;
    field.setAttribute("aria-invalid", "true");
    field.focus();
  } finally {
    button.disabled = false;
  }
}

/** @param {HTMLElement} card of one folder */
function prepare(card) {
  const address = `/v1/folders/${card.dataset.folder}`;
  const globs = () =>
    [...card.querySelectorAll("[data-glob]")].map((one) => /** @type {HTMLElement} */ (one).dataset.glob ?? "");
  const put = (/** @type {object} */ body) => post(address, body, { method: "PUT" });

  card.querySelector('[data-do="faces"]')?.addEventListener("change", async (event) => {
    const box = /** @type {HTMLInputElement} */ (event.currentTarget);
    try {
      await put({ faces: box.checked });
      toast(text(box.checked ? "facesOn" : "facesOff"));
    } catch {
      box.checked = !box.checked;
    }
  });
  card.querySelector('[data-do="rescan"]')?.addEventListener("click", () => scan({ folders: [card.dataset.path ?? ""] }));
  card.querySelector('[data-do="exclude"]')?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (
      /** @type {HTMLFormElement} */ (event.currentTarget).elements.namedItem("glob")
    );
    if (!field.value.trim()) return;
    await put({ excludes: [...new Set([...globs(), field.value.trim()])] });
    keepMessage(text("excludeAdded"));
    window.location.reload();
  });
  for (const button of card.querySelectorAll('[data-do="include"]')) {
    button.addEventListener("click", async () => {
      const gone = /** @type {HTMLElement} */ (button).dataset.glob;
      await put({ excludes: globs().filter((glob) => glob !== gone) });
      keepMessage(text("excludeTaken"));
      window.location.reload();
    });
  }
  card.querySelector('[data-do="remove"]')?.addEventListener("click", () => {
    if (!sheet) return;
    const name = document.getElementById("remove-folder");
    if (name) name.textContent = card.querySelector("p.folder")?.textContent ?? "";
    sheet.returnValue = "";
    sheet.addEventListener(
      "close",
      async () => {
        if (sheet.returnValue !== "yes") return;
        await post(address, null, { method: "DELETE" });
        keepMessage(text("folderRemoved"));
        window.location.reload();
      },
      { once: true },
    );
    sheet.showModal();
  });
}

/** @param {object} wanted */
async function scan(wanted) {
  begun(await post(SCANS, wanted), text("folderRescan"));
}

/**
 * @param {object} job
 * @param {string} said
 */
function begun(job, said) {
  changed = true;
  toast(said);
  showCounts().catch(() => undefined);
  document.dispatchEvent(new CustomEvent("goodside:scan", { detail: job }));
  document.getElementById("scan")?.scrollIntoView({ block: "nearest" });
}
