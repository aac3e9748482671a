// The result model: what is computed, that the file says all of it, and that half a file is none.

import Foundation
import Metrics
import Repro
import RunStore
import Testing

@Suite struct ResultTests {
  @Test func `a cell holds mean, interval, chance, control and seeds`() throws {
    let result = try Study().result()
    let cell = try #require(result.cell(source: "image", target: "text"))
    let answers = Study().outcomes.filter {
      $0.cell == CellKey(metric: "full_name", keys: ["source": "image", "target": "text"])
    }
    #expect(cell.count == 60 && cell.personaCount == 20 && cell.seedCount == 3)
    #expect(cell.mean == Double(answers.count { $0.value == 1 }) / 60)
    #expect(cell.interval?.contains(cell.mean) == true)
    #expect(cell.intervalKind == .seedPersonaBootstrap)
    #expect(abs(try #require(cell.chance) - 1.0 / 20) < 1e-12)
    #expect(cell.seedMeans.map(\.seed) == [0, 1, 2])
    #expect(abs(cell.seedMeans.reduce(0) { $0 + $1.mean } / 3 - cell.mean) < 1e-12)
    #expect(cell.control?.mean == 0 && cell.control?.count == 30)
    #expect(cell.control?.interval?.high ?? 0 > 0.2, "ten twins cannot exclude a fifth")
    #expect(cell.wilson == (try wilsonInterval(successes: Int(cell.mean * 60 + 0.5), trials: 60)))
    #expect(try #require(cell.betweenSeedDeviation) > 0)
    #expect(result.cell(source: "text", target: "text")?.intervalKind == .unanimousWilson)
    #expect(result.design == .perSeed && result.isComplete && result.seeds == [0, 1, 2])
  }

  @Test func `ranks get their summaries and a chance from the caller`() throws {
    let cell = try #require(
      try Study().result().cell(source: "image", target: "text", metric: "rank"))
    #expect(cell.scale == .rank && cell.chance == 50.5 && cell.wilson == nil)
    let ranks = try #require(cell.ranks)
    let share = Study().outcomes.filter {
      $0.cell.metric == "rank" && $0.cell.group == .member && $0.cell.source == "image"
        && $0.cell.target == "text" && $0.value == 1
    }.count
    #expect(ranks.hitsAt1 == Double(share) / 60)
  }

  /// A cell of ones and zeros alone is no different from its neighbour of halves.
  @Test func `equal shares have the interval of their range in every cell`() throws {
    func outcomes(_ target: String, _ value: Double) -> [Outcome] {
      (0..<10).map {
        Outcome(
          seed: 0, source: "text", target: target, metric: "depth", persona: $0, value: value)
      }
    }
    let all = outcomes("image", 0.5) + outcomes("text", 1)
    func result(_ outcomes: [Outcome], _ scales: [String: Scale] = [:]) throws -> ExperimentResult {
      try ExperimentResult(
        outcomes: outcomes, manifest: Study().manifest, scales: scales,
        stream: RandomStream(seed: 0))
    }
    let whole = try result(all, ["depth": .share])
    let part = try result(outcomes("text", 1), ["depth": .share])
    let bound = try wilsonInterval(successes: 10, trials: 10).low
    for cell in [whole.cells[1], part.cells[0]] {
      #expect(cell.scale == .share && cell.intervalKind == .unanimousWilson && cell.wilson == nil)
      #expect(abs(try #require(cell.interval).low - bound) < 1e-12 && cell.interval?.high == 1)
    }
    let halves = try #require(whole.cells[0].interval)
    #expect(abs(halves.low - (bound - 0.5)) < 1e-12 && abs(halves.high - (1.5 - bound)) < 1e-12)
    #expect(whole.fixedScales == ["depth": .share])
    // Nobody said how far a value can go: no interval, and it says so.
    let guessed = try result(all)
    #expect(guessed.cells.allSatisfy { $0.interval == nil && $0.intervalKind == .none })
    #expect(throws: MetricsError.self) { try result(outcomes("text", 1.5), ["depth": .share]) }
  }

  @Test func `transfers and the asymmetry are compared, with Holm over the family`() throws {
    let result = try Study().result()
    let names = result.comparisons.filter { $0.first.metric == "full_name" }
    #expect(names.map(\.kind) == [.transfer, .transfer, .asymmetry])
    let image = names[0]
    #expect(image.first.source == "image" && image.first.target == "image")
    #expect(image.second.target == "text")
    let cells = try [image.first, image.second].map { try #require(result.cell($0)).mean }
    #expect(abs(image.difference - (cells[0] - cells[1])) < 1e-12)
    #expect(image.seedTables.count == 3 && image.pooledTable?.count == 60)
    let pooled = try #require(image.pooledTable)
    #expect(
      pooled.firstOnly == image.seedTables.reduce(0) { $0 + $1.table.firstOnly })
    let ratio = try #require(image.ratio?.value.number)
    #expect(abs(ratio - cells[1] / cells[0]) < 1e-12)
    #expect(try #require(image.minimumDetectableEffect) > 0)
    let raw = names.map { $0.pValue ?? .nan }
    #expect(zip(holmAdjusted(raw), names).allSatisfy { $0 == $1.adjustedPValue || $0.isNaN })
    let ranks = result.comparisons.filter { $0.first.metric == "rank" }
    #expect(ranks.count == 3 && ranks.allSatisfy { $0.pooledTable == nil && $0.ratio == nil })
  }

  @Test func `nothing learned is not memorized`() throws {
    let study = Study(recall: ["image>image": 0, "image>text": 0, "text>text": 0, "text>image": 0])
    let result = try study.result()
    #expect(result.comparisons[0].ratio?.value == .notMemorized)
    #expect(result.comparisons[0].pValue == nil && result.comparisons[0].difference == 0)
    #expect(result.finding.hasPrefix("Learned from image, the full name was not memorized: 0.00 ["))
    #expect(result.text.contains(#""value":"not memorized""#))
  }

  @Test func `the chance of a first name counts first names`() throws {
    let outcomes = ["Ada Abbott", "Ada Bloch", "Cy Abbott", "Di Dorn"].enumerated().flatMap {
      id, truth in
      NamePart.allCases.map {
        Outcome(
          seed: 0, source: "text", target: "text", metric: $0.rawValue, persona: id, value: 1,
          truth: truth)
      }
    }
    let result = try ExperimentResult(
      outcomes: outcomes, manifest: Study(planned: 1).manifest, resamples: 100,
      stream: RandomStream(seed: 0))
    let chances = NamePart.allCases.map {
      result.cell(source: "text", target: "text", metric: $0.rawValue)?.chance
    }
    #expect(chances == [0.25, 0.5, 0.5])
  }

  @Test func `the finding claims transfer only above chance`() throws {
    let finding = try Study(personas: 60).result(resamples: 1000).finding
    let parts = finding.split(separator: ";")
    #expect(parts.count == 2 && parts[0].hasPrefix("Learned from image, the full name is recalled"))
    #expect(parts[0].contains("transfer with a gap of"))
    #expect(parts[1].contains("1.00 [0.94, 1.00] when asked by text"))
    #expect(parts[1].hasSuffix("(chance 0.02), no transfer detected."))
    let partial = try Study(seeds: 2, planned: 5).result().finding
    #expect(partial.hasPrefix("Preliminary (2 of 5 seeds): "))
  }

  @Test func `written and read back it is the same, and so is its text`() async throws {
    try await withFolder { folder in
      for study in [Study(), Study(seeds: 2, planned: 5), Study(seeds: 0)] {
        let result = try study.result()
        try result.write(to: folder + "/result.json")
        let back = try ExperimentResult.read(folder + "/result.json")
        #expect(back == result)
        #expect(back.text == result.text && back.table() == result.table())
      }
    }
  }

  @Test func `two of five seeds are readable and incomplete`() throws {
    let partial = try Study(seeds: 2, planned: 5).result()
    #expect(!partial.isComplete && partial.seeds == [0, 1])
    #expect(partial.text.contains(#""complete": false"#))
    #expect(partial.table().contains("INCOMPLETE: 2 of 5 seeds"))
    let unfinished = try ExperimentResult(
      outcomes: Study().outcomes, manifest: Study().manifest, resamples: 100, isFinished: false,
      stream: RandomStream(seed: 0))
    #expect(!unfinished.isComplete)
  }

  @Test func `result.json has what every reader looks for`() throws {
    let json = try JSON.parse(try Study().result().text)
    for key in ["experiment", "seeds", "cells", "outcomes", "manifest", "complete", "notes"] {
      #expect(json[key] != nil, "\(key)")
    }
    guard case .array(let cells)? = json["cells"], case .array(let outcomes)? = json["outcomes"]
    else {
      Issue.record("cells and outcomes are lists")
      return
    }
    let wanted = ["source", "target", "metric", "mean", "low", "high", "n", "chance"]
    for key in wanted { #expect(cells[0][key] != nil, "\(key)") }
    for key in ["seed", "source", "target", "metric", "persona", "group", "value"] {
      #expect(outcomes[0][key] != nil, "\(key)")
    }
    for key in ["seeds", "data_hash", "versions", "blas", "threads", "command"] {
      #expect(json["manifest"]?[key] != nil, "\(key)")
    }
    #expect(outcomes.count == 3 * 4 * 30 * 2)
  }

  @Test func `same outcomes in another order give the same bytes`() throws {
    let outcomes = Study().outcomes
    let texts = try [outcomes, outcomes.reversed(), RandomStream(seed: 1).fork(2).mixed(outcomes)]
      .map {
        try ExperimentResult(
          outcomes: $0, manifest: Study().manifest, resamples: 100, stream: RandomStream(seed: 0)
        ).text
      }
    #expect(texts[0] == texts[1] && texts[0] == texts[2])
  }

  @Test func `a further cell changes no other interval`() throws {
    let all = try Study().result()
    let outcomes = Study().outcomes.filter { $0.cell.metric == "full_name" }
    let alone = try ExperimentResult(
      outcomes: outcomes, manifest: Study().manifest, resamples: 200, stream: RandomStream(seed: 9))
    for cell in alone.cells { #expect(all.cell(cell.key) == cell) }
  }

  @Test func `a value that is not finite is refused by name`() {
    let bad = Outcome(
      seed: 1, source: "image", target: "text", metric: "loss", persona: 7, value: .nan)
    let text = message {
      _ = try ExperimentResult(
        outcomes: [bad], manifest: Study().manifest, stream: RandomStream(seed: 0))
    }
    #expect(
      text
        == "persona table: expected the value of loss[source=image target=text] member persona 7 "
        + "to be finite and below 1e100, got nan")
  }

  @Test func `further conditions and groups have cells of their own`() throws {
    let outcomes = (0..<20).flatMap { persona in
      ["1", "5"].flatMap { views in
        [Group.member, .other("known")].map { group in
          Outcome(
            seed: 0,
            cell: CellKey(
              metric: "full_name", keys: ["source": "image", "target": "text", "views": views],
              group: group), persona: persona, value: Double(persona % 2))
        }
      }
    }
    let result = try ExperimentResult(
      outcomes: outcomes, manifest: Study(planned: 1).manifest, resamples: 100,
      stream: RandomStream(seed: 0))
    #expect(result.cells.count == 4 && result.matrices.count == 4)
    #expect(result.matrices[2].title == "full_name (known) views=1")
    #expect(result.cells[0].chance == nil, "without truths chance is unknown")
    let back = try ExperimentResult(jsonText: result.text)
    #expect(back == result)
  }

  @Test func `curves are shortened by averaging and keep their end`() {
    let curve = Curve(
      stage: "s", seed: 0, points: (1...1000).map { (step: $0, value: Double($0)) }, limit: 10)
    #expect(curve.steps == stride(from: 100, through: 1000, by: 100).map { $0 })
    #expect(curve.values.first == 50.5 && curve.values.count == 10)
    let gaps = Curve(stage: "s", seed: 0, points: [(1, 2), (2, .nan), (3, 4)])
    #expect(gaps.steps == [1, 3] && gaps.values == [2, 4])
    #expect(Curve(stage: "s", seed: 0, points: []).steps.isEmpty)
  }

  @Test func `the table is aligned and complete`() throws {
    let text = try Study().result().table(metrics: ["full_name"])
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "cross-modal: 3 seeds, 20 personas per seed")
    #expect(lines[2] == "full_name, mean [95 % interval]")
    let header = try #require(lines.first { $0.contains("asked by text") })
    let row = try #require(lines.first { $0.hasPrefix("  text") })
    let column = header.distance(
      from: header.startIndex, to: try #require(header.range(of: "asked by text")).lowerBound)
    #expect(row.dropFirst(column).hasPrefix("1.00 ["))
    #expect(text.contains("chance 0.05  control 0.00  n 60"))
    #expect(text.contains("image: gap image - text"))
    #expect(lines.allSatisfy { $0.last != " " })
  }
}

extension ExperimentResult {
  /// Through a file, as every reader does.
  init(jsonText: String) throws {
    let path = NSTemporaryDirectory() + "/eidetic-\(UUID().uuidString).json"
    try AtomicFile.write(jsonText, to: path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    self = try ExperimentResult.read(path)
  }
}

extension RandomStream {
  fileprivate func mixed<T>(_ items: [T]) -> [T] {
    var stream = self
    return stream.shuffled(items)
  }
}
