// @ts-check
// What does the waiting room know of this phone: is it fit, are the papers here, would the code be of use now?

import { examine } from "./device_check.js";
import { bringFiles, fileNames, shouldFetch, unlockable } from "./locked_files.js";

const AGAIN = 60000; // a phone that was not fit is looked at anew this often, while there is a network

export class WaitingCheck {
  constructor() {
    /** @type {DeviceReport | null} */
    this.report = null;
    this.fetching = false;
    this.running = false;
    this.at = 0;
    this.told = ""; // what the staff were told last
    this.canUnlock = false;
    this.startFailed = false; // the server did not answer a start, whatever else it answers
    /** @type {(report: DeviceReport | null, fetching: boolean) => void} */
    this.draw = () => undefined;
  }

  /** @param {Player} player  @param {(report: DeviceReport | null, fetching: boolean) => void} draw */
  show(player, draw) {
    this.draw = draw;
    draw(this.report, this.fetching);
    if (!this.report && !this.running) this.run(player);
  }

  /** Called every second. @param {Player} player */
  turn(player) {
    const unfit = this.report && this.report.problems.length > 0;
    if (unfit && !this.running && performance.now() - this.at > AGAIN && player.sync && player.sync.connected) this.run(player);
  }

  /** @param {Player} player */
  async run(player) {
    const { store, clock, port } = player.tools;
    const files = fileNames(player.opened);
    this.running = true;
    this.canUnlock = await unlockable(player.opened);
    if (await shouldFetch(store, files)) {
      this.fetching = true;
      this.draw(this.report, true);
      await bringFiles(files);
      this.fetching = false;
      this.canUnlock = await unlockable(player.opened);
    }
    const report = await examine({ store, clock, files });
    this.report = report;
    this.running = false;
    this.at = performance.now();
    this.draw(report, false);
    const news = JSON.stringify([report.problems, report.papers]);
    if (news === this.told) return;
    port.deviceCheck(player.opened.ticket, report).then(() => { this.told = news; }, () => undefined);
  }

  /** Is the code the way in now? @param {Player} player */
  wantsCode(player) {
    const away = this.startFailed || Boolean(player.sync && !player.sync.connected);
    return away && this.canUnlock && player.state.sitting === "ready";
  }
}
