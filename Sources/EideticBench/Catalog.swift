// The benchmarks by name.

/// What can be measured.
enum Catalog {
  private struct Entry {
    let name: String
    let summary: String
    let make: () throws -> any Workload

    init(_ name: String, _ summary: String, _ make: @escaping () throws -> any Workload) {
      (self.name, self.summary, self.make) = (name, summary, make)
    }
  }

  private static var entries: [Entry] {
    [
      Entry("step-tiny", "a training step, 1.5 M parameters") {
        try StepWorkload(preset: "tiny")
      },
      Entry("step-small", "the same, 6 M") { try StepWorkload(preset: "small") },
      Entry("step-base", "the same, 25 M") { try StepWorkload(preset: "base") },
      Entry("mix-tiny", "an epoch of the cross-modal mixture") { MixWorkload(preset: "tiny") },
      Entry("recall", "greedy answers about 1,000 people") { RecallWorkload() },
      Entry("rank", "1,000 names scored after 100 prompts") { RankWorkload() },
      Entry("lua-op", "1e6 small operations from Lua, and calls of native functions") {
        OperationWorkload()
      },
      Entry("personas", "pictures and descriptions per second, memory of a million people") {
        PersonasWorkload()
      },
      Entry("memory", "resident size of a step and of an experiment") { MemoryWorkload() },
      Entry("scaling", "growth with people, views, parameters, length") { ScalingWorkload() },
      Entry("start", "the start of the program") { StartWorkload() },
      Entry("store", "lists and comparisons of 10,000 runs") { StoreWorkload() },
    ]
  }

  /// Small ones that only tests name.
  private static var small: [Entry] {
    [
      Entry("step-nano", "") { try StepWorkload(preset: "nano") },
      Entry("mix-nano", "") { MixWorkload(preset: "nano", examples: 64) },
      Entry("recall-nano", "") { RecallWorkload(preset: "nano", people: 20) },
      Entry("lua-op-nano", "") { OperationWorkload(count: 22_000) },
      Entry("memory-nano", "") { MemoryWorkload(preset: "nano") },
      Entry("scaling-nano", "") { ScalingWorkload(shrink: 16) },
      Entry("store-nano", "") { StoreWorkload(name: "store-nano", runs: 40, points: 20) },
      Entry("personas-nano", "") { PersonasWorkload(shrink: 200) },
      Entry("rank-nano", "") { RankWorkload(preset: "nano", people: 20, asked: 3) },
    ]
  }

  /// Those that run when none is named, in order.
  static var standard: [String] { entries.map(\.name) }

  /// The benchmark of a name, or `nil`.
  static func workload(_ name: String) throws -> (any Workload)? {
    try (entries + small).first { $0.name == name }?.make()
  }

  /// A line for each.
  static var text: String {
    entries.map { "  \($0.name.padded(-12))\($0.summary)" }.joined(separator: "\n")
  }
}
