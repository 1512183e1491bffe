// @ts-check
// What did the device check find, in the words of a thirteen-year-old? One calm line when all is well; else what to do.

import { h, icon } from "./dom.js";
import { gettext, interpolate, ngettext } from "./messages.js";

const NOTEWORTHY = 120000; // a date this wrong is worth a word

/** @param {DeviceReport} report */
function sayings(report) {
  return {
    no_storage: gettext("This browser window keeps nothing. Open this page in an ordinary window, not a private one. If you start here all the same, keep the page open until the end."),
    little_space: gettext("This phone is almost full. Delete a few videos or apps you do not need, then open this page again."),
    old_browser: gettext("This browser is old. Update it, or take another phone."),
    no_crypto: report.secure
      ? gettext("This browser cannot open a locked exam. You need a network to start; after that everything works.")
      : gettext("The address of this page is not a secure one (http). You need a network to start, and the page has to stay open until the end. Answers are kept on this phone, but not encrypted."),
    no_papers: gettext("The exam is not on this phone yet. Keep this page open while there is a network."),
    slow_network: gettext("The network is very slow here. Move closer to the router, or try again later."),
  };
}

/** What is well, in the same order. @param {DeviceReport} report */
function fine(report) {
  const { problems } = report;
  const without = (...codes) => !codes.some((code) => problems.indexOf(code) >= 0);
  return [
    without("no_papers", "no_crypto") && report.papers > 0 && gettext("The exam lies locked on this phone: it starts even if the network drops."),
    without("no_storage", "little_space") && gettext("There is room, and answers are kept on this phone."),
    without("old_browser") && interpolate(gettext("The browser is new enough (%(name)s)."), { name: report.browser }),
    without("slow_network") && report.rtt_ms !== null && gettext("The server answers quickly."),
  ].filter(Boolean);
}

/** @param {DeviceReport} report */
function clockLine(report) {
  const minutes = report.clock_ms === null || Math.abs(report.clock_ms) < NOTEWORTHY ? 0 : Math.round(Math.abs(report.clock_ms) / 60000);
  return minutes > 0 && h("li", {}, icon("clock"), h("span", {}, interpolate(ngettext(
    "The time on this phone is wrong by %(n)s minute. That does not matter: the exam goes by the server's clock.",
    "The time on this phone is wrong by %(n)s minutes. That does not matter: the exam goes by the server's clock.", minutes,
  ), { n: minutes })));
}

/** @param {DeviceReport | null} report null: still looking  @param {boolean} fetching */
export function checkList(report, fetching) {
  if (!report) return h("p", { class: "check__line" }, fetching ? gettext("Fetching the exam to this phone…") : gettext("Looking whether this phone is ready…"));
  const line = (name, text) => h("li", {}, icon(name), h("span", {}, text));
  const well = h("ul", { class: "check__list check__list--fine" }, fine(report).map((text) => line("check", text)), clockLine(report));
  if (!report.problems.length) {
    return h("details", { class: "check" },
      h("summary", { class: "check__line check__line--ready" }, icon("check"), gettext("This phone is ready")), well);
  }
  return h("div", { class: "check" },
    h("h2", { class: "check__title" }, gettext("Before you start")),
    h("ul", { class: "check__list" }, report.problems.map((code) => line("bulb", sayings(report)[code]))), well);
}
