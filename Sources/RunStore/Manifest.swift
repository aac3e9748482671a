// What it takes to make a run again. Every value is given by the caller, so that the file layer
// depends on no engine.

import Foundation
import Repro

/// The circumstances of a run, written before anything is computed.
public struct Manifest: Equatable, Sendable {
  /// The experiment's name.
  public var experiment: String
  /// The command line, one argument each, that makes the run again.
  public var command: [String]
  /// The seeds that the run is to cover.
  public var seeds: [Int]
  /// The hash of the data, for example of the persona ledger.
  public var dataHash: String
  /// Versions by component, for example `["eidetic": "0.1", "swift": "6.3"]`.
  public var versions: [String: String]
  /// The BLAS library with its core type; other kernels give other last bits.
  public var blas: String
  /// How many threads computed.
  public var threads: Int
  /// The machine.
  public var host: String
  /// When the run began, in whole seconds.
  public var time: Date
  /// The experiment's parameters as text.
  public var parameters: [String: String]
  /// The folder in which the command was called; `nil` in older manifests.
  public var directory: String?
  /// The SHA-256 of the script; `nil` in older manifests and without a script.
  public var scriptHash: String?
  /// The user's project under version control; `nil` outside of any.
  public var git: GitState?
  /// How the last process that worked on the run ended; `nil` while one works and after a kill.
  public var ending: Ending?

  /// Creates a manifest; fractions of a second are dropped from `time`.
  public init(
    experiment: String, command: [String], seeds: [Int], dataHash: String,
    versions: [String: String], blas: String, threads: Int, host: String, time: Date,
    parameters: [String: String] = [:]
  ) {
    self.experiment = experiment
    self.command = command
    self.seeds = seeds
    self.dataHash = dataHash
    self.versions = versions
    self.blas = blas
    self.threads = threads
    self.host = host
    self.time = Date(timeIntervalSince1970: time.timeIntervalSince1970.rounded(.down))
    self.parameters = parameters
  }

  /// How a process that worked on a run ended.
  public struct Ending: Equatable, Sendable {
    /// `complete`, `failed`, `interrupted` or `time limit`.
    public enum State: String, Sendable, CaseIterable {
      case complete, failed, interrupted
      case timeLimit = "time limit"
    }

    /// In which way.
    public var state: State
    /// The exit code of the program.
    public var exitCode: Int
    /// When, in whole seconds.
    public var time: Date
    /// How long all processes that ended worked on the run, in seconds.
    public var seconds: Double

    /// Creates an ending; fractions of a second are dropped from `time`.
    public init(exitCode: Int, time: Date, seconds: Double) {
      state =
        switch exitCode {
        case 0: .complete
        case 124: .timeLimit
        case 130: .interrupted
        default: .failed
        }
      self.exitCode = exitCode
      self.time = Date(timeIntervalSince1970: time.timeIntervalSince1970.rounded(.down))
      self.seconds = (seconds * 1000).rounded() / 1000
    }
  }

  /// The command as one would type it, arguments quoted where a shell needs it.
  public var commandLine: String { Self.line(of: command) }

  /// Words as one would type them, quoted where a shell needs it.
  public static func line(of words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  private static func quoted(_ argument: String) -> String {
    let isPlain =
      !argument.isEmpty
      && argument.utf8.allSatisfy { byte in
        Character(Unicode.Scalar(byte)).isASCIIWordCharacter || "-./=:,@+%".utf8.contains(byte)
      }
    return isPlain ? argument : "'" + argument.replacing("'", with: #"'\''"#) + "'"
  }
}

extension Character {
  fileprivate var isASCIIWordCharacter: Bool {
    isASCII && (isLetter || isNumber || self == "_")
  }
}

extension Manifest {
  /// The manifest as JSON.
  public var json: JSON {
    var members: [String: JSON] = [
      "blas": .string(blas),
      "command": .array(command.map(JSON.string)),
      "data_hash": .string(dataHash),
      "experiment": .string(experiment),
      "host": .string(host),
      "parameters": .object(parameters.mapValues(JSON.string)),
      "seeds": .array(seeds.map(JSON.integer)),
      "threads": .integer(threads),
      "time": .string(time.formatted(.iso8601)),
      "versions": .object(versions.mapValues(JSON.string)),
    ]
    members["directory"] = directory.map(JSON.string)
    members["script_sha256"] = scriptHash.map(JSON.string)
    members["git"] = git?.json
    members["ending"] = ending?.json
    return .object(members)
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    self.init(
      experiment: try members.take("experiment"),
      command: try members.list("command", of: String.self),
      seeds: try members.list("seeds", of: Int.self),
      dataHash: try members.take("data_hash"),
      versions: try members.dictionary("versions"),
      blas: try members.take("blas"),
      threads: try members.take("threads"),
      host: try members.take("host"),
      time: try Self.date(try members.take("time"), at: place + ".time"),
      parameters: try members.dictionary("parameters"))
    directory = try members.optional("directory")
    scriptHash = try members.optional("script_sha256")
    git = try members.optionalJSON("git").map { try GitState($0, at: place + ".git") }
    ending = try members.optionalJSON("ending").map { try Ending($0, at: place + ".ending") }
    try members.end()
  }

  fileprivate static func date(_ text: String, at place: String) throws -> Date {
    guard let date = try? Date(text, strategy: .iso8601) else {
      throw ShapeError(place: place, expected: "a time such as 2026-01-31T12:00:00Z", got: text)
    }
    return date
  }

  /// Replaces a manifest file as a whole.
  ///
  /// - Throws: `FileWriteError` when it cannot be written; the earlier one stays.
  public func write(to path: String) throws { try AtomicFile.write(json.pretty, to: path) }

  /// Reads a manifest file.
  ///
  /// - Throws: ``RunStoreError`` when it is missing or damaged.
  public static func read(_ path: String) throws -> Manifest {
    try readJSON(path) { try Manifest($0, at: "manifest") }
  }
}

extension Manifest.Ending {
  var json: JSON {
    .object([
      "exit_code": .integer(exitCode), "seconds": .number(seconds),
      "state": .string(state.rawValue), "time": .string(time.formatted(.iso8601)),
    ])
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    self.init(
      exitCode: try members.take("exit_code"),
      time: try Manifest.date(try members.take("time"), at: place + ".time"),
      seconds: try members.take("seconds"))
    state = try members.choice("state")
    try members.end()
  }
}
