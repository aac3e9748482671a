// The command that made a run, to be called once more.

import ArgumentParser
import Foundation
import RunStore

extension Manifest {
  /// The command, ready to run.
  ///
  /// - Throws: ``Failure`` when the run was made by another command, or the options have changed.
  func runCommand(of run: Run) throws -> RunCommand {
    guard command.starts(with: ["eidetic", "run"]) else {
      throw Failure(
        code: 2, "error: \(run.name) was made by another command; call it again: \(commandLine)")
    }
    do { return try RunCommand.parse(Array(command.dropFirst(2))) } catch {
      throw Failure(
        code: 1,
        "error: the command of \(run.name) cannot be called any more: "
          + RunCommand.message(for: error))
    }
  }

  /// Relative names in the command and in the script mean what they meant then.
  func enterFolder() {
    guard let directory else { return }
    if !FileManager.default.changeCurrentDirectoryPath(directory) {
      printError("note: \(directory), where the run was started, is gone; running here")
    }
  }
}

extension Run {
  var absolute: Run { Run(path: EideticCLI.absolute(path)) }

  /// The result's manifest knows all seeds of a run that went on later.
  func bestManifest() throws -> Manifest {
    guard FileManager.default.fileExists(atPath: resultPath) else { return try manifest() }
    return try ExperimentResult.readHead(resultPath).manifest
  }
}

func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
