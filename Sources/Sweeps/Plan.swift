// What a sweep is going to run: one task per condition and seed, each with an id that the same task
// has whenever the sweep is expanded again.

import Foundation
import Repro
import RunStore

/// One run of a sweep: a condition and a seed.
public struct PlannedTask: Equatable, Sendable {
  /// The experiment's name.
  public var experiment: String
  /// The script that returns the experiment; a whole path.
  public var script: String
  /// The SHA-256 of the script; another script is another task.
  public var scriptHash: String
  /// The seed.
  public var seed: Int
  /// All parameters of the experiment under this condition.
  public var parameters: [String: JSON]
  /// Those that the sweep sets, as `--set` takes them.
  public var settings: [String: String]
  /// Whether the experiment's parameters for a quick look are taken.
  public var isQuick: Bool
  /// The versions under which the task is planned.
  public var versions: [String: String]

  /// Describes a task.
  public init(
    experiment: String, script: String, scriptHash: String, seed: Int,
    parameters: [String: JSON], settings: [String: String], isQuick: Bool,
    versions: [String: String]
  ) {
    (self.experiment, self.script, self.scriptHash) = (experiment, script, scriptHash)
    (self.seed, self.parameters, self.settings) = (seed, parameters, settings)
    (self.isQuick, self.versions) = (isQuick, versions)
  }

  /// The experiment's name and twelve digits of a hash over everything that a run folder must agree
  /// with to go on, and the seed. So what is done stays done when the sweep grows, and a changed
  /// script or another version is never mixed with earlier runs.
  public var id: String {
    let identity: JSON = .object([
      "experiment": .string(experiment), "parameters": .object(parameters),
      "script": .string(scriptHash), "seed": .integer(seed),
      "versions": .object(versions.mapValues { .string($0) }),
    ])
    return "\(RunName.slug(experiment))-\(identity.hash.prefix(12))"
  }

  /// The condition as text, for people: what the sweep sets, and the seed.
  public var label: String {
    (settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + ["seed=\(seed)"])
      .joined(separator: " ")
  }

  /// The words after `eidetic` that run the task in a folder.
  public func command(out: String) -> [String] {
    ["run", script, "--seeds", "\(seed),"] + (isQuick ? ["--quick"] : [])
      + settings.sorted { $0.key < $1.key }.flatMap { ["--set", "\($0.key)=\($0.value)"] }
      + ["--out", out]
  }
}

/// All tasks of a sweep, in order, each once.
public struct Plan: Equatable, Sendable {
  /// The sweep's name.
  public var name: String
  /// What it asks, in a sentence.
  public var summary: String
  /// The folder in which the sweep was called; names of files in an experiment begin there.
  public var directory: String
  /// What a task needs in bytes; `nil` when nobody said.
  public var memory: Int?
  /// The tasks; the first has index 1.
  public let tasks: [PlannedTask]
  /// How many tasks were given twice.
  public let repeats: Int

  /// Makes a plan; of equal tasks the first stays.
  public init(
    name: String, summary: String, directory: String, memory: Int?, tasks: [PlannedTask]
  ) {
    (self.name, self.summary, self.directory) = (name, summary, directory)
    self.memory = memory
    var seen: Set<String> = []
    self.tasks = tasks.filter { seen.insert($0.id).inserted }
    repeats = tasks.count - self.tasks.count
  }
}

extension PlannedTask {
  /// A line of `plan.jsonl`.
  func json(index: Int) -> JSON {
    .object([
      "experiment": .string(experiment), "id": .string(id), "index": .integer(index),
      "parameters": .object(parameters), "quick": .bool(isQuick), "script": .string(script),
      "script_sha256": .string(scriptHash), "seed": .integer(seed),
      "settings": .object(settings.mapValues { .string($0) }),
      "versions": .object(versions.mapValues { .string($0) }),
    ])
  }

  /// - Throws: ``ShapeError``, also when the id is not that of the rest.
  init(_ json: JSON, at place: String, index: Int) throws {
    var members = try Members(json, at: place)
    let parameters = try members.json("parameters")
    guard case .object(let values) = parameters else {
      throw ShapeError(place: "\(place).parameters", expected: "an object", got: "something else")
    }
    self.init(
      experiment: try members.take("experiment"), script: try members.take("script"),
      scriptHash: try members.take("script_sha256"), seed: try members.take("seed"),
      parameters: values, settings: try members.dictionary("settings"),
      isQuick: try members.take("quick"), versions: try members.dictionary("versions"))
    let (stated, number): (String, Int) = (try members.take("id"), try members.take("index"))
    try members.end()
    guard stated == id, number == index else {
      throw ShapeError(
        place: place, expected: "task \(index) with id \(id)", got: "task \(number), \(stated)")
    }
  }
}
