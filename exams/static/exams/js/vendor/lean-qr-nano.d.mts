// Ours: what the player uses of lean-qr's smallest build, said to the type checker.

export declare const correction: { L: number; M: number; Q: number; H: number };

/** Reads like the camera's side: true is dark. Throws when the text is too long for any code. */
export declare function generate(
  text: string,
  options?: { minCorrectionLevel?: number; minVersion?: number },
): { size: number; get(x: number, y: number): boolean };
