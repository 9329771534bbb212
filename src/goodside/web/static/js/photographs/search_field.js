// @ts-check
/** The search field: what is typed goes into the address of the page. */

const TYPING_MS = 180;

/**
 * Follow what is typed into the search field.
 * @param {HTMLInputElement} field inside its form
 * @param {{ navigate: (address: string, options: { replace: boolean }) => void, submitted: () => void }} on
 *   navigate goes to another address; submitted is called when the form was sent
 */
export function connectSearch(field, on) {
  let timer = 0;
  /** Whether the present address was made by typing, and is replaced by further letters. */
  let typed = false;

  /** @param {boolean} goOn whether more letters may come */
  function search(goOn) {
    clearTimeout(timer);
    const params = new URLSearchParams(location.search);
    const words = field.value.trim();
    if (words === (params.get("q") ?? "")) return;
    if (words) params.set("q", words);
    else params.delete("q");
    const query = params.toString();
    on.navigate(query ? `/?${query}` : "/", { replace: typed });
    typed = goOn;
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => search(true), TYPING_MS);
  });
  field.addEventListener("blur", () => {
    typed = false;
  });
  field.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    search(false);
    on.submitted();
  });
}
