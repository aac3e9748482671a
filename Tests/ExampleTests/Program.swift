// Runs the `eidetic` program as a user does, with everything it writes kept in one folder.

import Foundation

/// A finished call of the program.
struct Finished {
  let status: Int32
  let output: String
  let errors: String
}

/// A folder of its own in which the program runs; removed at the end.
final class Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/eidetic-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ text: String) throws -> String {
    try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
    return path + "/" + name
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

  /// Starts the program in this folder.
  func start(
    _ arguments: [String], input: String = "", threads: Int = 2, shell prefix: String? = nil
  ) throws -> Running {
    let process = Process()
    let program = Self.program
    if let prefix {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", prefix + "; exec \"$0\" \"$@\"", program] + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
    }
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.environment = ProcessInfo.processInfo.environment.merging([
      "EIDETIC_CACHE": path + "/cache", "EIDETIC_THREADS": "\(threads)",
    ]) { $1 }
    // Files, not pipes: a full pipe would stop the program.
    let number = UUID().uuidString
    let files = try ["in", "out", "err"].map {
      try write(".\($0)-\(number)", $0 == "in" ? input : "")
    }
    process.standardInput = FileHandle(forReadingAtPath: files[0])
    process.standardOutput = FileHandle(forWritingAtPath: files[1])
    process.standardError = FileHandle(forWritingAtPath: files[2])
    try process.run()
    return Running(process: process, in: self, output: files[1], errors: files[2])
  }

  /// Runs another program to its end in this folder, where it finds its home.
  func drive(_ program: String, _ arguments: [String]) throws -> Finished {
    let home = "HOME=\"$PWD\" XDG_STATE_HOME=\"$PWD/state\" EIDETIC_CACHE=\"$PWD/cache\""
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments =
      ["-c", "cd \"$0\" && unset EIDETIC_HISTORY && exec env \(home) \"$@\" >out 2>err"]
      + [path, program] + arguments
    try process.run()
    process.waitUntilExit()
    return Finished(
      status: process.terminationStatus, output: try read("out"), errors: try read("err"))
  }

  /// Runs the program to its end.
  func run(
    _ arguments: String..., input: String = "", threads: Int = 2, shell: String? = nil
  ) throws -> Finished {
    try start(arguments, input: input, threads: threads, shell: shell).wait()
  }

  /// The program stands beside the tests.
  static let program: String = {
    let tests = Bundle(for: Marker.self).bundleURL
    let here = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let folders = [
      URL(fileURLWithPath: here).deletingLastPathComponent(), tests,
      tests.deletingLastPathComponent(),
    ]
    let found = folders.map { $0.appendingPathComponent("eidetic").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    return found ?? "eidetic"
  }()
}

private final class Marker {}

/// A call under way.
final class Running {
  let process: Process
  /// Lives as long as the program does.
  private let scratch: Scratch
  private let output: String, errors: String

  init(process: Process, in scratch: Scratch, output: String, errors: String) {
    (self.process, self.scratch, self.output, self.errors) = (process, scratch, output, errors)
  }

  /// Waits for the end; a program that takes ten minutes is killed and fails its test.
  func wait() throws -> Finished {
    let deadline = Date().addingTimeInterval(600)
    while process.isRunning {
      if Date() > deadline { kill(process.processIdentifier, SIGKILL) }
      usleep(5000)
    }
    return Finished(
      status: process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }

  /// Waits until the program has written `text` to standard error or 60 seconds are over.
  func untilErrors(contain text: String) throws -> Bool {
    try until { try String(contentsOfFile: errors, encoding: .utf8).contains(text) }
  }

  /// The same for standard output; returns what stands there, or `nil`.
  func output(with text: String) throws -> String? {
    try until { try String(contentsOfFile: output, encoding: .utf8).contains(text) }
      ? String(contentsOfFile: output, encoding: .utf8) : nil
  }

  private func until(_ holds: () throws -> Bool) throws -> Bool {
    for _ in 0..<1200 {
      if try holds() { return true }
      if !process.isRunning { return false }
      usleep(50_000)
    }
    return false
  }
}
