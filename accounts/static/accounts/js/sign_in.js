// @ts-check
// How does the sign-in page help with the code, and get a whole country in at nine o'clock? It speaks to the
// intake. Its sentences are in the form's data attributes; without scripts the form posts by itself.

const GROUP = 4;
const LENGTH = 12;
const RETRIES = 5;

/** The code as the card has it: capitals in groups of four. @param {string} typed */
export function pretty(typed) {
  const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, "").slice(0, LENGTH);
  const groups = plain.match(new RegExp(`.{1,${GROUP}}`, "g")) || [];
  return groups.join("-");
}

/** What a scanned card brings in the address after the hash; "" when that is no code. @param {string} hash */
export function codeFrom(hash) {
  let text = "";
  try { text = decodeURIComponent(hash.slice(1)); } catch (notEncoded) { return ""; }
  const code = pretty(text);
  return code.replace(/-/g, "").length === LENGTH ? code : "";
}

/** Seconds to wait before the next try: what the server asks for, else a little longer each time.
 * @param {string | null} header  @param {number} tries so far */
export function patience(header, tries) {
  const asked = Number(header);
  return asked > 0 ? Math.min(asked, 60) : Math.min(2 ** tries, 30);
}

class SignIn {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.input = /** @type {HTMLInputElement} */ (form.querySelector("input[name=code]"));
    this.button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
    this.says = /** @type {HTMLElement} */ (form.querySelector("[data-says]"));
    this.tries = 0;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.tries = 0;
      this.send();
    });
    this.input.addEventListener("input", () => this.tidy());
    this.input.addEventListener("blur", () => { this.input.value = pretty(this.input.value); });
    window.addEventListener("hashchange", () => this.scanned());
  }

  /** Dashes come by themselves, but nothing jumps while somebody mends the middle. */
  tidy() {
    const { value, selectionStart } = this.input;
    // A Serbian phone often opens its Cyrillic keyboard; its letters would vanish without a word.
    const cyrillic = /[\u0400-\u04ff]/.test(value);
    this.say(cyrillic ? this.form.dataset.latin || "" : "", cyrillic);
    if (selectionStart === value.length) this.input.value = pretty(value);
  }

  /** The code leaves the address at once, so that it stays in no history and on no screen. */
  scanned() {
    const code = codeFrom(window.location.hash);
    if (window.location.hash) window.history.replaceState(null, "", window.location.pathname);
    if (!code) return;
    this.input.value = code;
    this.tries = 0;
    this.send();
  }

  /** @param {string} sentence  @param {boolean} wrong */
  say(sentence, wrong) {
    this.says.textContent = sentence;
    this.says.hidden = !sentence;
    this.says.className = wrong ? "field__error" : "field__hint";
    const field = /** @type {HTMLElement} */ (this.input.parentElement);
    field.classList.toggle("field--error", wrong);
    if (wrong) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  async send() {
    const code = this.input.value.trim();
    const plain = code.replace(/[^0-9A-Za-z]/g, "");
    if (plain.length !== LENGTH) {
      this.say(this.form.dataset.short || "", true);
      this.input.focus();
      return;
    }
    this.button.disabled = true;
    this.say(this.form.dataset.busy || "", false);
    try {
      const response = await fetch("/x/1/sign-in", {
        method: "POST", credentials: "same-origin", cache: "no-store",
        headers: { "Content-Type": "application/json" }, body: JSON.stringify({ code }),
      });
      this.answered(response);
    } catch (noNetwork) {
      this.failed(this.form.dataset.offline || "");
    }
  }

  /** @param {Response} response */
  answered(response) {
    if (response.ok) {
      // Somebody who signed out here without a network must not take this pupil along.
      try { window.localStorage.removeItem("proba-sign-out"); } catch (blocked) { /* nothing was kept */ }
      window.location.replace("/");
    } else if (response.status === 429 || response.status >= 500) {
      this.again(patience(response.headers.get("Retry-After"), this.tries));
    } else {
      this.failed(this.form.dataset.unknown || "");
    }
  }

  /** @param {number} seconds */
  again(seconds) {
    this.tries += 1;
    if (this.tries > RETRIES) {
      this.failed(this.form.dataset.later || "");
      return;
    }
    this.say((this.form.dataset.crowd || "").replace("{n}", String(Math.ceil(seconds))), false);
    setTimeout(() => this.send(), seconds * 1000);
  }

  /** @param {string} sentence */
  failed(sentence) {
    this.button.disabled = false;
    this.say(sentence, true);
    this.input.focus();
  }
}

if (typeof document !== "undefined") {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-sign-in]"));
  if (form) new SignIn(form).scanned();
}
