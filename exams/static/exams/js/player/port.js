// @ts-check
// How does the player talk to a server? Through these calls and nothing else, so that the same player runs
// against the intake, a preview, or a test. Times are ms of the server's clock.

/** A refusal (`status` and the server's `code`), or no answer at all (status 0, code "network"). */
export class PortError extends Error {
  /** @param {number} status  @param {string} code  @param {{detail?: string, retryAfter?: number, data?: any}} [more] */
  constructor(status, code, more = {}) {
    super(more.detail || code);
    this.status = status;
    this.code = code;
    this.retryAfter = more.retryAfter || 0; // ms
    this.data = more.data || {};
  }

  /** Nobody said no: the same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

const BASE = "/x/1/";
const PATIENCE = 20000;

/** @param {Response} response */
async function refusal(response) {
  let data = {};
  try { data = await response.json(); } catch (notJson) { /* a proxy's page: the status has to do */ }
  const wait = Number(response.headers.get("Retry-After"));
  return new PortError(response.status, data.error || `http_${response.status}`, {
    detail: data.detail, retryAfter: wait > 0 ? wait * 1000 : 0, data,
  });
}

/**
 * @param {{fetch: typeof fetch, mono: () => number, onTime: (server: number, sent: number, received: number) => void,
 *          reading?: () => Reading}} parts `reading`: what the phone's clocks show, told with every open
 * @returns {Port}
 */
export function httpPort(parts) {
  /** @param {string} path  @param {RequestInit} init  @param {(response: Response) => Promise<any>} read */
  async function call(path, init, read) {
    const abort = typeof AbortController === "undefined" ? null : new AbortController();
    const timer = setTimeout(() => abort && abort.abort(), PATIENCE);
    const sent = parts.mono();
    try {
      const options = Object.assign({ credentials: "same-origin", cache: "no-store" }, init);
      const response = await parts.fetch(BASE + path, abort ? Object.assign(options, { signal: abort.signal }) : options);
      if (!response.ok) throw await refusal(response);
      const data = await read(response);
      if (data && data.server_now) parts.onTime(data.server_now, sent, parts.mono());
      return data;
    } catch (error) {
      throw error instanceof PortError ? error : new PortError(0, "network", { detail: String(error) });
    } finally {
      clearTimeout(timer);
    }
  }

  const json = (response) => response.json();
  const nothing = async () => undefined;
  const post = (path, body, ticket, read = json) => call(path, {
    method: "POST",
    headers: ticket ? { "Content-Type": "application/json", Authorization: `Bearer ${ticket}` } : { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }, read);

  return {
    signIn: (code) => post("sign-in", { code }, null),
    signOut: () => post("sign-out", {}, null, nothing),
    ahead: () => post("ahead", {}, null),
    open: (sitting, device) => post("open", Object.assign({ sitting, device }, parts.reading && parts.reading()), null),
    deviceCheck: (ticket, report) => post("device-check", report, ticket, nothing),
    start: (ticket) => post("start", {}, ticket),
    loadPaper: (ticket, sha256) => call(`papers/${sha256}`, {
      cache: "default", headers: { Authorization: `Bearer ${ticket}` },
    }, (response) => response.arrayBuffer()),
    async save(ticket, body, leaving = false) {
      const headers = { "Content-Type": "application/x-ndjson", Authorization: `Bearer ${ticket}` };
      try {
        return await call("save", { method: "POST", keepalive: leaving, body, headers }, json);
      } catch (error) {
        if (!leaving || error.status) throw error;
        // Chrome 80 refuses to keep a request with such headers alive: an ordinary one gets as far as the page lives.
        return call("save", { method: "POST", body, headers }, json);
      }
    },
  };
}
