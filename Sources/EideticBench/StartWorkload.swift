// start: how long a user waits for nothing: an empty script, against importing PyTorch.

import Foundation

/// Times the start of the program beside the start of Python with PyTorch.
struct StartWorkload: Workload {
  let name = "start"

  func run(_ options: BenchOptions) throws -> WorkloadResult {
    let program = options.programs + "/eidetic"
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw BenchError("\(program) is missing: swift build -c release --product eidetic")
    }
    let folder = FileManager.default.temporaryDirectory.path + "/eidetic-bench-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let script = folder + "/empty.lua", requiring = folder + "/require.lua"
    try "".write(toFile: script, atomically: true, encoding: .utf8)
    try "require 'eidetic'".write(toFile: requiring, atomically: true, encoding: .utf8)

    var ours: [Double] = [], theirs: [Double] = [], ratios: [Double] = [], added: [Double] = []
    // The first of each reads the files from disk and is not counted.
    _ = try ProgramCall.seconds(program, ["run", script])
    if let python = options.python {
      _ = try ProgramCall.seconds(python, ["-W", "ignore", "-c", "import torch"])
    }
    let starts = (20 + options.rounds - 1) / options.rounds
    for _ in 0..<options.rounds {
      let times = try (0..<starts).map { _ in try ProgramCall.seconds(program, ["run", script]) }
      ours += times
      let longer = try (0..<starts).map { _ in try ProgramCall.seconds(program, ["run", requiring]) }
      added.append(Samples(longer).median - Samples(times).median)
      guard let python = options.python else { continue }
      let time = try ProgramCall.seconds(python, ["-W", "ignore", "-c", "import torch"])
      theirs.append(time)
      ratios.append(time / Samples(times).median)
    }
    return result(Samples(ours), Samples(theirs), Samples(ratios), Samples(added))
  }

  private func result(
    _ ours: Samples, _ theirs: Samples, _ ratios: Samples, _ added: Samples
  ) -> WorkloadResult {
    tell("start  an empty script, from call to exit")
    tell("  ours     \(ours.scaled(by: 1e3).text(digits: 1)) ms, \(ours.values.count) starts")
    let compared = !theirs.values.isEmpty
    if compared {
      tell("  import   \(theirs.scaled(by: 1e3).text(digits: 0)) ms, python -c 'import torch'")
      tell("  ratio    \(ratios.text(digits: 1))")
    }
    tell("  require 'eidetic' adds \(added.scaled(by: 1e3).text(digits: 1)) ms")
    return WorkloadResult(rows: [
      Row(
        name: name, ours: ours.median * 1e3, peer: compared ? theirs.median * 1e3 : nil,
        ratio: compared ? ratios.median : nil, unit: "ms"),
      Row(
        name: "\(name) require 'eidetic' adds", ours: added.median * 1e3, peer: nil, ratio: nil,
        unit: "ms", hasPeer: false),
    ])
  }
}
