// @ts-check
// What do the QR codes in front of this device's camera say? By the browser's own reader where there is one,
// else by jsQR, which is fetched only then.

const PAUSE = 60; // ms between two looks: the phone shows each code for 700
const LARGEST = 900; // pixels a side that are looked at; more costs time and tells no more

/** @typedef {"insecure" | "none" | "refused" | "busy"} CameraFault */

/** @param {unknown} error  @returns {CameraFault} */
export function faultOf(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "none";
}

/** @param {string} address */
function loaded(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error("jsQR is not there"));
    document.head.appendChild(script);
  });
}

/** The middle square of what the camera sees, as large as it is worth looking at. @param {HTMLVideoElement} video */
function square(video) {
  const side = Math.min(video.videoWidth, video.videoHeight);
  const size = Math.min(side, LARGEST);
  return { side, size, left: (video.videoWidth - side) / 2, top: (video.videoHeight - side) / 2 };
}

/** @returns {Promise<((video: HTMLVideoElement) => Promise<string[]>) | null>} null: the browser has no reader */
async function ownReader() {
  const { BarcodeDetector } = /** @type {any} */ (window);
  if (!BarcodeDetector) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return null; // the name is there on computers where nothing is behind it
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video)).map((code) => code.rawValue);
}

/** @param {string} address of jsQR  @returns {Promise<(video: HTMLVideoElement) => Promise<string[]>>} */
async function jsReader(address) {
  if (!("jsQR" in window)) await loaded(address);
  const { jsQR } = /** @type {any} */ (window);
  const canvas = document.createElement("canvas");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  return async (video) => {
    const { side, size, left, top } = square(video);
    canvas.width = size;
    canvas.height = size;
    context.drawImage(video, left, top, side, side, 0, 0, size, size);
    const found = jsQR(context.getImageData(0, 0, size, size).data, size, size, { ["inversionAttempts"]: "dontInvert" });
    return found && found.data ? [found.data] : [];
  };
}

export class Camera {
  /** @param {HTMLVideoElement} video  @param {string} decoder address of jsQR */
  constructor(video, decoder) {
    this.video = video;
    this.decoder = decoder;
    /** @type {MediaStream | null} */
    this.stream = null;
  }

  /** @param {(text: string) => void} saw  @returns {Promise<CameraFault | "">} "" once it is looking */
  async start(saw) {
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return window.isSecureContext ? "none" : "insecure";
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 960 } } });
      const read = (await ownReader()) || (await jsReader(this.decoder));
      this.video.srcObject = this.stream;
      await this.video.play();
      this.look(read, saw);
      return "";
    } catch (error) {
      this.stop();
      return faultOf(error);
    }
  }

  /** @param {(video: HTMLVideoElement) => Promise<string[]>} read  @param {(text: string) => void} saw */
  async look(read, saw) {
    while (this.stream) {
      if (this.video.videoWidth) (await read(this.video).catch(() => [])).forEach((text) => this.stream && saw(text));
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  stop() {
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }
}
