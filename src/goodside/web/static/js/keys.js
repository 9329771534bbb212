// @ts-check
/** Keys: `keys.json` says which key does what; whoever is on top takes it. */

/** @typedef {(event: KeyboardEvent) => boolean | void} KeyAction false: not mine, ask the next */
/** @typedef {Record<string, KeyAction>} KeyActions by the names in `keys.json` */

/** @type {KeyActions[]} the last one is asked first */
const layers = [];
/** @type {Map<string, string[]>} actions of a key */
const actionsOf = new Map();
/** @type {Record<string, string[]>} */
let keysOf = {};
/** @type {KeyboardEvent[] | null} pressed before it was known what they do; null: it is known */
let early = [];

/**
 * What a key press is called in `keys.json`: `a`, `Shift+a`, `Ctrl+z`, `ArrowLeft`, `Space`, `?`.
 * Shift counts only where the key itself does not tell: with letters and named keys.
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, shiftKey: boolean }} event
 * @returns {string}
 */
export function nameOf(event) {
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const letter = key.length === 1 && key !== key.toUpperCase();
  const shift = event.shiftKey && (letter || key.length > 1);
  return (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "") + (shift ? "Shift+" : "") + key;
}

/**
 * Let keys act. The actions added last are asked first; one that returns false passes the key on.
 * @param {KeyActions} actions
 * @returns {() => void} takes them away again
 */
export function onKey(actions) {
  layers.push(actions);
  return () => {
    const place = layers.indexOf(actions);
    if (place >= 0) layers.splice(place, 1);
  };
}

/**
 * The keys of an action that nothing else on this page takes first, as `keys.json` has them.
 * @param {string} action
 * @returns {string[]}
 */
export function keysFor(action) {
  const here = actionsHere();
  return (keysOf[action] ?? []).filter((key) => (actionsOf.get(key) ?? []).find((one) => here.has(one)) === action);
}

/** Actions that something on this page takes. @returns {Set<string>} */
export function actionsHere() {
  return new Set(layers.flatMap((layer) => Object.keys(layer)));
}

/** @param {EventTarget | null} target @returns {boolean} whether it takes letters itself */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
}

/** @param {KeyboardEvent} event @param {string} name @returns {boolean} whether the focused element uses the key itself */
function isForFocus(event, name) {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (isTyping(target)) return true;
  if (target instanceof HTMLInputElement && target.type === "range") return name.startsWith("Arrow") || name === "Home" || name === "End";
  if (name === "Space" || name === "Enter") return target.matches("button, summary, a[href], [role=button], input") && !target.matches("[data-passes-keys]");
  return false;
}

/** Whether a dialog lies over the page, or over the viewer: its keys are its own. @returns {boolean} */
function hasDialog() {
  return [...document.querySelectorAll("dialog:modal")].some((dialog) => dialog.id !== "viewer");
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.defaultPrevented || event.isComposing) return;
  if (early) {
    early.push(event);
    return;
  }
  const name = nameOf(event);
  if (isForFocus(event, name)) {
    if (name === "Escape" && isTyping(event.target)) /** @type {HTMLElement} */ (event.target).blur();
    return;
  }
  if (hasDialog()) return;
  for (const run of runsFor(name)) {
    if (run(event) !== false) {
      event.preventDefault();
      return;
    }
  }
}

/** What a key may do here, the likeliest first. @param {string} name @returns {KeyAction[]} */
function runsFor(name) {
  const actions = actionsOf.get(name) ?? [];
  return [...layers].reverse().flatMap((layer) => actions.flatMap((action) => layer[action] ?? []));
}

/**
 * Take the keys of a file.
 * @param {Record<string, string[]>} keys by action
 */
export function bind(keys) {
  keysOf = keys;
  actionsOf.clear();
  for (const [action, names] of Object.entries(keys)) {
    for (const name of names) actionsOf.set(name, [...(actionsOf.get(name) ?? []), action]);
  }
}

/**
 * Read the person's keys; what is pressed before they are there acts afterwards.
 * @returns {Promise<string | undefined>} what is wrong with the person's own file, if anything
 */
export async function loadKeys() {
  try {
    const answer = await fetch("/keys.json", { credentials: "same-origin" });
    const read = await answer.json();
    bind(read.keys);
    return read.problem ?? undefined;
  } finally {
    const waiting = early ?? [];
    early = null;
    waiting.forEach(press);
  }
}

if (typeof document !== "undefined") document.addEventListener("keydown", press);
