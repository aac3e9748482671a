// Plug-ins to write into a scratch folder, and the program with a data folder of its own.

import Foundation

/// A model without a base, and people to ask about: quick to make.
let quick = ["--model", "untrained:preset=nano", "--data", "personas:count=5"]

/// A probe whose `run` has this body.
func probe(_ name: String, _ body: String) -> String {
  "return { name = '\(name)', summary = 'A probe.', run = function(ctx) \(body) end }"
}

let first = """
  local o = {} for i in ctx:items('text') do o[i] = i == 1 end return { per_item = o }
  """

extension Scratch {
  /// Writes a file in a folder that may be missing.
  func place(_ name: String, _ text: String) throws {
    let folder = URL(fileURLWithPath: path + "/" + name).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    _ = try write(name, text)
  }

  /// Runs the program with a data folder of its own.
  func own(_ arguments: String...) throws -> Finished { try own(arguments) }

  func own(_ arguments: [String]) throws -> Finished {
    try start(arguments, shell: "export XDG_DATA_HOME=\"$PWD/data\"").wait()
  }
}
