// Preloaded into jsii's Node process, which then loads of the AWS provider's package only what is asked for.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const Module = require("node:module");

// 1. The package's own lazy index in place of the eager one, which loads all 2,200 resources.

const resolve = Module._resolveFilename;

/** jsii may keep a package under a folder of another name, so it is recognised by its package.json. */
function isProvider(root) {
  try {
    const { name } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
    return name === "@cdktf/provider-aws" || name === "@cdktn/provider-aws";
  } catch {
    return false;
  }
}

function lazyIndex(file) {
  const [lib, root] = [path.dirname(file), path.dirname(path.dirname(file))];
  if (path.basename(file) !== "index.js" || path.basename(lib) !== "lib" || !isProvider(root)) return undefined;
  const lazy = path.join(lib, "lazy-index.js");
  return fs.existsSync(lazy) ? lazy : undefined;
}

Module._resolveFilename = function (...request) {
  const file = resolve.apply(this, request);
  return lazyIndex(file) ?? programOf(file) ?? file;
};

// 2. jsii starts one Node to start another, and hands each message on between Python and that: half of the memory, and
//    a tenth of the time. Here the first runs the other's program itself, whose channel, file descriptor 3, is then
//    standard input and output, and what libraries print goes to standard error in the form that Python takes it in. A
//    program that has another channel is started as jsii does, and so is one that is to show its messages.

const CHANNEL = 3;

function programOf(file) {
  if (path.basename(file) !== "jsii-runtime.js" || file !== process.argv[1] || process.env.JSII_DEBUG) return undefined;
  const program = path.join(path.dirname(path.dirname(file)), "lib", "program.js");
  if (!fs.existsSync(program) || !fs.readFileSync(program, "utf8").includes("readFD:3,writeFD:3")) return undefined;
  // jsii looks here, not in NODE_OPTIONS, whether it may link a package's folder instead of each of its files.
  process.execArgv.push("--preserve-symlinks");
  bringTheChannelHere();
  return program;
}

function bringTheChannelHere() {
  const { readSync, writeSync } = fs;
  fs.readSync = (fd, ...rest) => readSync(fd === CHANNEL ? 0 : fd, ...rest);
  fs.writeSync = (fd, ...rest) => writeSync(fd === CHANNEL ? 1 : fd, ...rest);
  for (const name of ["stdout", "stderr"]) {
    process[name].write = (chunk, encoding, done) => {
      const text = Buffer.from(chunk, typeof encoding === "string" ? encoding : undefined).toString("base64");
      writeWhole(Buffer.from(`${JSON.stringify({ [name]: text })}\n`));
      const ended = typeof encoding === "function" ? encoding : done;
      if (ended) process.nextTick(ended);
      return true;
    };
  }
  // What Node itself would print of an error that nobody caught is no message to Python: it goes the same way.
  process.once("uncaughtException", (error) => {
    process.stderr.write(`${error?.stack ?? error}\n`);
    process.exit(1);
  });

  // A pipe may take a part only, or nothing for now.
  function writeWhole(bytes) {
    for (let done = 0; done < bytes.length; ) {
      try {
        done += writeSync(2, bytes, done);
      } catch (error) {
        if (error.code !== "EAGAIN") throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); // a millisecond
      }
    }
  }
}

// 3. jsii reads its file of type definitions whole (33 MB for this package) and then takes slices of the text by
//    offset. Here it gets an object that reads each slice from the file.

const DEFINITIONS = /\.jsii\.runtime-defs\.v1\.jsonl$/;
const readFileSync = fs.readFileSync;

class Definitions {
  #file;
  #buffer = Buffer.alloc(0);

  constructor(file) {
    this.#file = fs.openSync(file, "r");
    this.length = fs.fstatSync(this.#file).size;
  }

  toString(encoding, start = 0, end = this.length) {
    const length = end - start;
    if (this.#buffer.length < length) this.#buffer = Buffer.alloc(length);
    const read = fs.readSync(this.#file, this.#buffer, 0, length, start);
    return this.#buffer.toString(encoding, 0, read);
  }
}

fs.readFileSync = function (file, ...options) {
  const whole = typeof file !== "string" || options.length > 0 || !DEFINITIONS.test(file);
  return whole ? readFileSync.call(this, file, ...options) : new Definitions(file);
};

// 4. CDKTF loads at its start what only a local module and a check of Terraform's version use: a tenth of the time.

const WHEN_USED = new Set(["archiver", "semver"]);
const load = Module._load;

Module._load = function (request, ...rest) {
  if (!WHEN_USED.has(request)) return load.call(this, request, ...rest);
  let loaded;
  const used = (operation) => (_standIn, ...args) => operation((loaded ??= load.call(this, request, ...rest)), ...args);
  return new Proxy(() => {}, new Proxy({}, { get: (_traps, operation) => used(Reflect[operation]) }));
};

// 5. A process that lives for a second gains nothing from the optimizing compilers, and pays for their memory.

require("node:v8").setFlagsFromString("--no-opt");
require("node:v8").setFlagsFromString("--no-maglev");
