// Whole calls of a program, from start to end.

import Foundation

enum ProgramCall {
  /// Seconds from start to end of a program that must succeed. The system's own calls, because
  /// Foundation learns of an end through its run loop, late by a part of what is measured.
  static func seconds(_ program: String, _ arguments: [String]) throws -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try wait([spawn(program, arguments)], program, arguments)
    return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
  }

  /// The same for several calls at once.
  static func seconds(atOnce calls: [[String]], of program: String) throws -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try wait(calls.map { try spawn(program, $0) }, program, calls.first ?? [])
    return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
  }

  private static func wait(
    _ children: [pid_t], _ program: String, _ arguments: [String]
  ) throws {
    let failed = children.filter { child in
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0, errno == EINTR {}
      return status != 0
    }
    guard failed.isEmpty else {
      throw BenchError("\(program) \(arguments.joined(separator: " ")) failed")
    }
  }

  private static func spawn(_ program: String, _ arguments: [String]) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    let variables = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    let argv = ([program] + arguments).map { strdup($0) } + [nil]
    let environment = variables.map { strdup($0) } + [nil]
    defer { for text in argv + environment { free(text) } }
    var child: pid_t = 0
    guard posix_spawn(&child, program, &actions, nil, argv, environment) == 0 else {
      throw BenchError("\(program) cannot be started")
    }
    return child
  }
}
