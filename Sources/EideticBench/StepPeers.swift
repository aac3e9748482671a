// The same training step in PyTorch, eager and compiled, each in a process of its own.

import Foundation
import Networks
import Repro
import TensorCore

/// PyTorch's runs of one step workload; stopped and cleaned up with `stop()`.
final class StepPeers {
  private(set) var running: [(mode: String, peer: Peer)] = []
  private let folder: String
  /// Both sides' losses may differ by this much in each step.
  static let tolerance = 1e-4

  /// Hands the model's weights and the batch over, through files.
  init(
    python: String, sizes: StepSizes, model: VisionLanguageModel, compileLimit: Int,
    modes: [String] = ["eager", "compile"]
  ) throws {
    folder = FileManager.default.temporaryDirectory.path + "/eidetic-bench-\(UUID().uuidString)"
    let (plan, weights) = (folder + "/plan.json", folder + "/weights.safetensors")
    let threads = Machine.threadCount
    try AtomicFile.write(
      sizes.plan(threads: threads, compileLimit: compileLimit).canonical, to: plan)
    try model.save(to: weights)
    running = try modes.map { mode in
      let peer = try Peer(
        python: python, script: "scripts/peers/step.py", arguments: [plan, weights, mode],
        threads: threads)
      return (mode, peer)
    }
  }

  /// Takes as many steps as we did; a side that cannot run is said and left out.
  ///
  /// - Throws: ``BenchError`` when a side computed something else.
  func check(_ ours: [Double], _ name: String) throws {
    for (mode, peer) in running {
      let answer = try peer.ask("losses \(ours.count)")
      if case .string(let reason)? = answer["failed"] {
        tell("  PyTorch \(mode): \(reason)")
        peer.stop()
        running.removeAll { $0.mode == mode }
        continue
      }
      let theirs = answer["losses"]?.doubles ?? []
      let apart = zip(ours, theirs).map { abs($0 - $1) }.max() ?? .infinity
      guard theirs.count == ours.count, apart <= Self.tolerance else {
        throw BenchError("losses differ by \(apart): ours \(ours), PyTorch \(mode) \(theirs)")
      }
      tell("  PyTorch \(mode): \(ours.count) losses agree to \(String(format: "%.1e", apart))")
    }
  }

  /// Ends the processes and removes the files.
  func stop() {
    for (_, peer) in running { peer.stop() }
    try? FileManager.default.removeItem(atPath: folder)
  }
}
