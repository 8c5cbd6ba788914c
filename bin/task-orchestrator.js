#!/usr/bin/env node
'use strict';

// Starts the service on a Node that can run it. ES5 only: an old Node has to be able to read this file
// in order to say that it is too old.

var childProcess = require('child_process');
var fs = require('fs');
var os = require('os');
var path = require('path');

var PROJECT = path.join(__dirname, '..');
var ENTRY = path.join(PROJECT, 'dist', 'src', 'main.js');
var NEEDED_MAJOR = 24;
// V8 lets its young generation grow under load and keeps it. What 100 requests in flight hold has to fit into it: with
// 2 MB a quarter of the time went into collecting garbage, with 16 MB a twentieth. 4 MB are enough for a few requests at
// a time, and what outlives them is garbage less often than with 1 MB. Both are read when the heap is made: setting
// them at run time has no effect.
var MEMORY_FLAGS = ['--max-semi-space-size=16', '--min-semi-space-size=4'];
var FORWARDED_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];
var STARTED_BY_LAUNCHER = 'TASK_ORCHESTRATOR_STARTED_BY_LAUNCHER';

function main() {
  if (!fs.existsSync(ENTRY)) {
    return giveUp('task-orchestrator is not built yet: run npm run build first.');
  }
  if (majorOf(process.versions.node) < NEEDED_MAJOR) {
    return startUnderNewerNode();
  }
  if (!hasMemoryFlags()) {
    replaceThisProcess();
  }
  endWithLauncher();
  require(ENTRY);
}

function majorOf(version) {
  return parseInt(version, 10);
}

function hasMemoryFlags() {
  var flags = process.execArgv.concat(process.env.NODE_OPTIONS || '').join(' ');
  return /max[-_]semi[-_]space[-_]size/.test(flags);
}

/**
 * Becomes the same command with the memory flags: same process id, same streams, no parent that waits.
 * Returns where that is impossible (Windows, a process that was forked with a channel); then it runs without the flags.
 */
function replaceThisProcess() {
  if (typeof process.execve !== 'function' || process.send) {
    return;
  }
  try {
    process.execve(
      process.execPath,
      [process.execPath].concat(MEMORY_FLAGS, process.execArgv, __filename, process.argv.slice(2)),
      process.env
    );
  } catch (notSupportedHere) {
    return;
  }
}

/** A launcher that was killed outright cannot pass that on; its closed channel says it. */
function endWithLauncher() {
  if (!process.env[STARTED_BY_LAUNCHER] || !process.channel) {
    return;
  }
  delete process.env[STARTED_BY_LAUNCHER];
  process.on('disconnect', function () {
    process.kill(process.pid, 'SIGTERM');
  });
  process.channel.unref();
}

function startUnderNewerNode() {
  var node = findNewerNode();
  if (node === null) {
    return giveUp(
      [
        'task-orchestrator needs Node ' + NEEDED_MAJOR + ' or newer.',
        'This is ' + process.version + ' (' + process.execPath + ').',
        'Install Node ' + NEEDED_MAJOR + ', or let npm bring it: npm install node@' + NEEDED_MAJOR,
      ].join('\n')
    );
  }
  passThrough(node);
}

/** npm's `node` package, in this project or beside it where it is itself a dependency. */
function findNewerNode() {
  var homes = [path.join(PROJECT, 'node_modules', 'node')];
  if (path.basename(path.dirname(PROJECT)) === 'node_modules') {
    homes.push(path.join(PROJECT, '..', 'node'));
  }
  var binaries = homes
    .filter(function (home) {
      return versionOfPackage(home) >= NEEDED_MAJOR;
    })
    .map(function (home) {
      return path.join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    })
    .filter(fs.existsSync);
  return binaries.length > 0 ? binaries[0] : null;
}

function versionOfPackage(home) {
  try {
    return majorOf(JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8')).version);
  } catch (unreadable) {
    return 0;
  }
}

function passThrough(node) {
  var environment = Object.keys(process.env).reduce(function (copy, name) {
    copy[name] = process.env[name];
    return copy;
  }, {});
  environment[STARTED_BY_LAUNCHER] = '1';
  var child = childProcess.spawn(node, MEMORY_FLAGS.concat(__filename, process.argv.slice(2)), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: environment,
  });
  FORWARDED_SIGNALS.forEach(function (signal) {
    process.on(signal, function () {
      // Ctrl-C reaches everything in the terminal's foreground; twice would mean "now, at once" to the child.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) {
        child.kill(signal);
      }
    });
  });
  child.on('error', function (error) {
    giveUp('task-orchestrator could not start ' + node + ': ' + error.message);
  });
  child.on('exit', function (code, signal) {
    process.exit(signal ? 128 + os.constants.signals[signal] : code);
  });
}

function giveUp(message) {
  process.stderr.write(message + '\n');
  process.exitCode = 1;
}

main();
