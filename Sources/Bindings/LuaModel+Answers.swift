// Batches of questions to a model.

import LuaHost
import Metrics
import Networks
import Personas
import Training

extension LuaModel {
  /// Greedy answers as text.
  ///
  /// - Parameter check: Throws when the user asked to stop; called between batches.
  func answers(
    _ items: [Item], limit: Int, batch: Int, check: () throws -> Void
  ) throws -> [String] {
    var result: [String] = []
    try inBatches(items, of: batch, room: limit, check: check) { prompts in
      result += try prompts.greedy(limit: limit, stop: WordTokenizer.end).map {
        words.tokenizer.decode($0)
      }
    }
    return result
  }

  /// log p(candidate, end | prompt) for every item and candidate.
  func scores(
    _ items: [Item], candidates: [String], check: () throws -> Void
  ) throws -> [[Double]] {
    let coded = try candidates.map { try words.tokenizer.encode($0) + [WordTokenizer.end] }
    var result: [[Double]] = []
    try inBatches(items, of: 25, room: coded.map(\.count).max() ?? 1, check: check) { prompts in
      result += try prompts.logProbabilities(ofCandidates: coded)
    }
    return result
  }

  private func inBatches(
    _ items: [Item], of size: Int, room: Int, check: () throws -> Void,
    _ body: (ReadPrompts) throws -> Void
  ) throws {
    guard size >= 1, room >= 1 else {
      throw ModelError.batch(
        expected: "batches and answers of 1 or more", got: "\(min(size, room))")
    }
    let before = firstItem
    defer { firstItem = before }
    for start in stride(from: 0, to: items.count, by: size) {
      try check()
      firstItem = start
      let part = Array(items[start..<min(start + size, items.count)])
      let batch = try PackedBatch.asking(words.examples(part), model.configuration)
      try body(ReadPrompts(model, batch, room: room))
    }
  }
}

/// Ranks of the true answers; each must be among the candidates.
func ranks(_ items: [Item], _ candidates: [String], _ scores: [[Double]]) throws -> [Int] {
  let places = Dictionary(candidates.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
  return try zip(items, scores).map { item, scores in
    guard let place = places[item.answer] else {
      throw LuaError("rank: the true answer '\(item.answer)' is not a candidate", kind: .argument)
    }
    return try pessimisticRank(of: place, in: scores)
  }
}
