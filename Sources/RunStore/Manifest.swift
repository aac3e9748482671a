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

  /// The command as one would type it, arguments quoted where a shell needs it.
  public var commandLine: String {
    command.map(Self.quoted).joined(separator: " ")
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
    .object([
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
    ])
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
    try members.end()
  }

  private static func date(_ text: String, at place: String) throws -> Date {
    guard let date = try? Date(text, strategy: .iso8601) else {
      throw ShapeError(place: place, expected: "a time such as 2026-01-31T12:00:00Z", got: text)
    }
    return date
  }

  /// Reads a manifest file.
  ///
  /// - Throws: ``RunStoreError`` when it is missing or damaged.
  public static func read(_ path: String) throws -> Manifest {
    try readJSON(path) { try Manifest($0, at: "manifest") }
  }
}
