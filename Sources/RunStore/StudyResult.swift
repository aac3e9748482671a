// Several experiments that belong together: their claims in one family, so that the more one asks,
// the more each answer has to show.

import Foundation
import Metrics
import Repro

/// The experiments of a study and what became of all their claims.
public struct StudyResult: Equatable, Sendable {
  /// One experiment of a study.
  public struct Part: Equatable, Sendable {
    /// The experiment's name.
    public var name: String
    /// Its run's folder, below the study's folder.
    public var folder: String
    /// Its result.
    public var result: ExperimentResult
  }

  /// The version of the file format that this code writes.
  public static let format = 1

  /// The study's name.
  public let name: String
  /// What it asks, in one sentence; may be empty.
  public let question: String
  /// What its numbers do not say.
  public let limits: [String]
  /// The experiments, in order.
  public let parts: [Part]
  /// All claims in order, adjusted by Holm as one family.
  public let claims: [ClaimResult]
  /// How many experiments there will be.
  public let planned: Int

  /// Reads the experiments of a study.
  ///
  /// - Parameters:
  ///   - root: The study's folder.
  ///   - folders: The runs' folders below it.
  ///   - planned: How many there will be; by default no more.
  /// - Throws: ``RunStoreError`` when a result is missing or damaged.
  public init(
    name: String, question: String, limits: [String], root: String, folders: [String],
    planned: Int? = nil
  ) throws {
    self.planned = max(planned ?? 0, folders.count)
    self.name = name
    self.question = question
    self.limits = limits
    parts = try folders.map { folder in
      let result = try Run(path: root + "/" + folder).result()
      return Part(name: result.experiment, folder: folder, result: result)
    }
    claims = ClaimResult.adjusted(parts.flatMap(\.result.claims))
  }

  /// Whether every experiment is there and complete.
  public var isComplete: Bool {
    parts.count == planned && parts.allSatisfy(\.result.isComplete)
  }

  /// The study as JSON; the outcomes stay in the results of its parts.
  public var json: JSON {
    .object([
      "claims": .array(claims.map(\.json)),
      "complete": .bool(isComplete),
      "experiments": .array(
        parts.map { part in
          .object([
            "complete": .bool(part.result.isComplete), "experiment": .string(part.name),
            "folder": .string(part.folder), "seeds": .array(part.result.seeds.map(JSON.integer)),
          ])
        }),
      "format": .integer(Self.format),
      "limits": .array(limits.map(JSON.string)),
      "question": .string(question),
      "study": .string(name),
    ])
  }
}
