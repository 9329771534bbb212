// @ts-check
/** What decisions are called. */

import { text } from "./texts.js";

/** @param {import("./decision_queue.js").Choice} choice @returns {string} */
export function labelOf(choice) {
  if ("tag" in choice) return text("tagged", { tag: choice.tag });
  if ("stars" in choice) return choice.stars === 0 ? text("noStars") : "★".repeat(choice.stars);
  return text(choice.flag === "pick" ? "saidPick" : choice.flag === "reject" ? "saidReject" : "saidUnflag");
}
