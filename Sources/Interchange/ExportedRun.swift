// What an export takes of a run.

import Foundation
import Metrics
import RunStore

/// A run on its way to another program.
public struct ExportedRun: Sendable {
  /// A picture of a person.
  public struct Picture: Sendable {
    let seed: Int, persona: Int
    let png: [UInt8]

    /// A picture as PNG.
    public init(seed: Int, persona: Int, png: [UInt8]) {
      (self.seed, self.persona, self.png) = (seed, persona, png)
    }
  }

  let run: Run
  let result: ExperimentResult
  let manifest: Manifest
  let pictures: [Picture]

  /// - Parameter pictures: Those of the report.
  /// - Throws: ``RunStoreError`` when the run has no readable result.
  public init(_ run: Run, pictures: [Picture] = []) throws {
    self.run = run
    result = try run.result()
    var manifest = result.manifest
    manifest.ending = (try? run.manifest())?.ending
    self.manifest = manifest
    self.pictures = pictures
  }

  /// `full_name/image to text`: other programs group by the part before the slash.
  static func tag(_ key: CellKey) -> String {
    key.conditions.isEmpty
      ? key.metric : "\(key.metric)/\(key.conditions.replacing(">", with: " to "))"
  }
}
