// Runs in a folder that the user named: a new one, or the same run once more.

import Foundation
import Repro

extension RunStore {
  /// Opens a folder for a run.
  ///
  /// An empty or missing folder gets the manifest and the script. A folder that holds a run of the
  /// same script, parameters and versions is taken as it is, so that the run can go on; the seeds,
  /// the command and the comment at the top of the script may differ. Everything else is left alone.
  ///
  /// - Returns: The run, and whether an earlier one is there.
  /// - Throws: ``RunStoreError`` when the folder holds something else or cannot be made.
  public static func open(
    at folder: String, _ manifest: Manifest, script: String?
  ) throws -> (run: Run, isEarlier: Bool) {
    let run = Run(path: folder)
    let manager = FileManager.default
    guard manager.fileExists(atPath: run.manifestPath) else {
      // A script may have written files of its own before; a crash may have cut the first write.
      let entries = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).filter {
        $0 != "files" && !($0.hasPrefix(".") && $0.hasSuffix(".tmp"))
      }
      guard entries.isEmpty else {
        throw RunStoreError.cannotCreate(
          path: folder, reason: "it is not empty and holds no run; choose another --out")
      }
      try AtomicFile.write(manifest.json.pretty, to: run.manifestPath)
      if let script { try AtomicFile.write(script, to: run.scriptPath) }
      return (run, false)
    }
    let earlier = try run.manifest()
    var earlierScript = try? String(contentsOfFile: run.scriptPath, encoding: .utf8)
    if earlierScript == nil, let script, earlier.scriptHash == SHA256.hex(script) {
      // A crash came between manifest and script.
      try AtomicFile.write(script, to: run.scriptPath)
      earlierScript = script
    }
    let difference =
      earlier.experiment != manifest.experiment
      ? "of another experiment"
      : earlierScript.map(program) != script.map(program)
        ? "of another script"
        : earlier.parameters != manifest.parameters
          ? "with other parameters"
          : earlier.versions != manifest.versions ? "of another version" : nil
    if let difference {
      throw RunStoreError.cannotCreate(
        path: folder, reason: "it holds a run \(difference); choose another --out")
    }
    return (run, true)
  }

  /// A script without the comment at its top, which tells of the experiment, such as what it last
  /// measured, and does nothing.
  private static func program(_ script: String) -> String {
    script.split(separator: "\n", omittingEmptySubsequences: false).drop { line in
      line.isEmpty || line.hasPrefix("--") && !line.hasPrefix("--[")
    }.joined(separator: "\n")
  }
}
