// @ts-check
/** Errors: files tried again, one or all. */

import { post, request, text, toast } from "./api.js";
import { keepMessage } from "./kept_message.js";

const LOOK_MS = 700;
const OVER = new Set(["done", "stopped", "failed"]);

document.getElementById("retry-all")?.addEventListener("click", (event) => {
  retry(/** @type {HTMLButtonElement} */ (event.currentTarget), null);
});
for (const button of document.querySelectorAll("button[data-retry]")) {
  button.addEventListener("click", () => {
    const own = /** @type {HTMLButtonElement} */ (button);
    retry(own, own.dataset.retry ?? "");
  });
}

/**
 * @param {HTMLButtonElement} button
 * @param {string | null} file null: all
 */
async function retry(button, file) {
  button.disabled = true;
  try {
    if (file !== null) await post("/errors/retry", { files: [file] });
    const job = await post(file === null ? "/v1/errors/retry" : "/v1/album/scans");
    toast(text("retrying"));
    const others = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("#retry-all, button[data-retry]"));
    for (const one of others) one.disabled = true; // until this scan has ended
    document.dispatchEvent(new CustomEvent("goodside:scan", { detail: job }));
    await ended(job.id);
  } catch {
    button.disabled = false;
  }
}

/** @param {number} id of a scan; says how the files fared, once it is over */
async function ended(id) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const job = await request(`/v1/album/scans/${id}`);
    if (!OVER.has(job.state)) continue;
    keepMessage(job.failed ? text("failedAgain", { count: job.failed }) : text("allWork"));
    location.reload();
    return;
  }
}
