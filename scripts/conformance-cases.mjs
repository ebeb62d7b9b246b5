// Writes tests/conformance/: the conformance cases of CEL, and the cases of the parser of cel-go, as data.
//
//   node scripts/conformance-cases.mjs            takes the package below from the npm registry
//   node scripts/conformance-cases.mjs FOLDER     takes it from a folder, unpacked
//
// What is kept of a case is what a test needs; nothing is left out for being hard.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PACKAGE = "@bufbuild/cel-spec";
const VERSION = "0.3.0";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(repository, "tests", "conformance");

function fetched() {
  const folder = mkdtempSync(join(tmpdir(), "cel-spec-"));
  const packed = execFileSync("npm", ["pack", "--silent", `${PACKAGE}@${VERSION}`], { cwd: folder, encoding: "utf8" });
  execFileSync("tar", ["xzf", packed.trim().split("\n").at(-1)], { cwd: folder });
  return folder;
}

/** One line for each item, so that a change of version is a readable difference. */
function lines(items) {
  return `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]`;
}

const given = process.argv[2];
const temporary = given === undefined ? fetched() : undefined;
const folder = given === undefined ? join(temporary, "package") : resolve(given);
try {
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (about.name !== PACKAGE || about.version !== VERSION) {
    throw new Error(`${folder} holds ${about.name} ${about.version}, not ${PACKAGE} ${VERSION}`);
  }
  const load = (path) => import(pathToFileURL(join(folder, "dist", "esm", path)));
  const { testdataJson } = await load("testdata-json.js");
  const { parserTests } = await load("testdata/parser.js");

  const cases = [];
  for (const file of testdataJson) {
    for (const section of file.section ?? []) {
      for (const { name, description, ...rest } of section.test ?? []) {
        cases.push({ case: `${file.name}/${section.name}/${name}`, ...rest });
      }
    }
  }
  const source = {
    package: `${PACKAGE} ${VERSION}`,
    upstream: `https://github.com/google/cel-spec ${about.upstreamCelSpecRef}, tests/simple/testdata`,
    licence: "Apache-2.0",
    copyright: "Copyright 2024-2025 Buf Technologies, Inc.; the CEL authors",
    changes: "extracted to one line for each case, descriptions left out",
  };
  const parser = parserTests.map(({ expr, error }) => ({ expr, valid: error === undefined }));
  const parserSource = { ...source, upstream: "https://github.com/google/cel-go, parser/parser_test.go" };

  mkdirSync(target, { recursive: true });
  const write = (name, about, items) =>
    writeFileSync(join(target, name), `{"source": ${JSON.stringify(about)},\n"cases": ${lines(items)}}\n`);
  write("cel-spec.json", source, cases);
  write("cel-parser.json", parserSource, parser);
  console.log(`${cases.length} cases, ${parser.length} of the parser`);
} finally {
  if (temporary !== undefined) rmSync(temporary, { recursive: true });
}
