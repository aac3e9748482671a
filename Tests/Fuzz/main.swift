// Drives the fuzzers in a process that may crash, watched by one that reports: the call before the
// crash, the seed, and how to repeat it. Fuzz lua|files|leak [--seed N] [--calls N]

import Foundation
import Fuzzing

let usage = """
  usage: Fuzz lua|files|leak [--seed N] [--calls N]
    lua    random calls of every function that scripts reach (default 1000000)
    files  damaged safetensors, manifests, PNG and JSON for their readers (default 200000)
    leak   tensors made and dropped in a loop of Lua; memory must not grow (default 1000000)
  """

func fail(_ message: String, code: Int32 = 1) -> Never {
  FileHandle.standardError.write(Data((message + "\n").utf8))
  exit(code)
}

var seed = 1, calls: Int?, logPath: String?
var arguments = CommandLine.arguments.dropFirst()
guard let mode = arguments.popFirst(), ["lua", "files", "leak"].contains(mode) else {
  fail(usage, code: 2)
}
while let name = arguments.popFirst() {
  guard let value = arguments.popFirst() else { fail(usage, code: 2) }
  switch (name, Int(value)) {
  case ("--seed", let number?) where number >= 0: seed = number
  case ("--calls", let number?) where number >= 1: calls = number
  case ("--log", _): logPath = value
  default: fail(usage, code: 2)
  }
}

do {
  if let logPath { try work(CallLog(path: logPath)) } else { try watch() }
} catch { fail("FAILED: \(error)") }

// MARK: - The process that may crash

@MainActor func work(_ log: CallLog) throws {
  let start = Date()
  let result: String
  switch mode {
  case "lua":
    let fuzzer = try LuaFuzzer(seed: seed, note: log.note) {
      fail("HANG: the last call does not end", code: 3)
    }
    let total = calls ?? 1_000_000
    while fuzzer.tally.calls < total {
      try fuzzer.run(calls: min(100_000, total - fuzzer.tally.calls))
      print("\(fuzzer.tally.calls) calls, \(fuzzer.tally.errors) errors")
      fflush(nil)
    }
    print("never ended in a result: \(try fuzzer.unreached().joined(separator: ", "))")
    result =
      "\(fuzzer.tally.calls) calls, \(fuzzer.tally.errors) ended in a Lua error, "
      + "\(fuzzer.tally.timeouts) at the time limit"
  case "files":
    let fuzzer = try FileFuzzer(seed: seed, note: log.note)
    try fuzzer.run(files: calls ?? 200_000)
    result = "\(fuzzer.tally.files) files, \(fuzzer.tally.errors) refused"
  default:
    let growth = try TensorLoop.growth(rounds: calls ?? 1_000_000)
    result = "\(calls ?? 1_000_000) rounds, the process grew by \(growth >> 10) KiB"
    if growth > TensorLoop.mostGrowth { fail("LEAK: \(result)") }
  }
  let seconds = String(format: "%.1f", Date().timeIntervalSince(start))
  print("\(mode), seed \(seed): \(result), in \(seconds) s")
}

// MARK: - The process that reports

@MainActor func watch() throws {
  let path = NSTemporaryDirectory() + "eidetic-fuzz-log-\(UUID().uuidString)"
  let log = try CallLog(path: path)
  defer { unlink(path) }
  let child = Process()
  child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  child.arguments =
    [mode, "--seed", "\(seed)", "--log", path] + (calls.map { ["--calls", "\($0)"] } ?? [])
  try child.run()
  child.waitUntilExit()
  if child.terminationReason == .exit, child.terminationStatus == 0 { return }
  let how =
    child.terminationReason == .exit
    ? "exit code \(child.terminationStatus)" : "signal \(child.terminationStatus)"
  fail(
    "FAILED with \(how) after \(log.count) notes; the last calls, oldest first:\n  "
      + log.last.joined(separator: "\n  ")
      + "\nagain: scripts/fuzz \(mode) --seed \(seed)" + (calls.map { " --calls \($0)" } ?? ""))
}
