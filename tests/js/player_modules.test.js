// Does the shell fetch every module of the player at once, in syntax that the phones of 2019 read?

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const STATIC = join(ROOT, "exams/static");
const FROM = /^(?:import|export)[^"']*?from "([^"]+)";|^import "([^"]+)";/gm;

/** Modules reachable from `entry`, each with the modules it imports. @returns {Map<string, string[]>} */
function reachable(entry, found = new Map()) {
  if (found.has(entry)) return found;
  const source = readFileSync(entry, "utf8");
  const imports = Array.from(source.matchAll(FROM), (match) => join(dirname(entry), match[1] || match[2]));
  found.set(entry, imports);
  imports.forEach((path) => reachable(path, found));
  return found;
}

const player = reachable(join(STATIC, "exams/js/player/main.js"));
const everything = ["player/drain.js", "player/ahead.js", "offline.js", "leave.js", "preview.js"].reduce(
  (found, entry) => reachable(join(STATIC, "exams/js", entry), found), new Map(player),
);

test("the list in the shell is what main.js needs, no more and no less", () => {
  const list = readFileSync(join(ROOT, "exams/templates/exams/player/_modules.html"), "utf8");
  const listed = Array.from(list.matchAll(/static '([^']+)'/g), (match) => match[1]).sort();
  const needed = Array.from(player.keys(), (path) => relative(STATIC, path)).filter((path) => !path.endsWith("/main.js")).sort();
  assert.deepEqual(listed, needed);
});

test("every import is there and none goes round in a circle", () => {
  const done = new Set();
  const visit = (path, trail) => {
    assert.ok(existsSync(path), path);
    assert.ok(!trail.includes(path), `circle: ${[...trail, path].map((one) => relative(STATIC, one)).join(" → ")}`);
    if (done.has(path)) return;
    everything.get(path).forEach((next) => visit(next, [...trail, path]));
    done.add(path);
  };
  Array.from(everything.keys()).forEach((path) => visit(path, []));
});

test("no syntax or function newer than the oldest supported browsers", () => {
  const newer = /\?\.[a-zA-Z[(]|\?\?|\bstructuredClone\b|\.replaceAll\(|\.at\(-?\d|AbortSignal\.timeout|import\(|\bPromise\.any\b|\.flat\(\)\.at|^\s+#\w+|Object\.hasOwn\b/m;
  everything.forEach((_, path) => {
    const code = readFileSync(path, "utf8").replace(/\/\*[^]*?\*\//g, "");
    const hit = newer.exec(code);
    assert.equal(hit && hit[0], null, relative(STATIC, path));
  });
});

test("modules stay short enough to be read in one go", () => {
  everything.forEach((_, path) => {
    const lines = readFileSync(path, "utf8").split("\n").length - 1;
    assert.ok(lines <= 200, `${relative(STATIC, path)} has ${lines} lines`);
  });
});
