// Asking a model: greedy answers and the probabilities of candidates. A prompt is computed once; what
// follows reads its keys and values from a cache.

import Autograd
import TensorCore

/// Prompts that a model has read, ready to be continued.
public final class ReadPrompts {
  let model: VisionLanguageModel
  /// One cache per decoder block; prompt i is slot i.
  let caches: [AttentionCache]
  /// The length of each prompt.
  let lengths: [Int32]
  /// The log-probabilities of every first word: `[prompts, V]`.
  let firstWord: Tensor

  /// Reads packed prompts.
  ///
  /// - Parameters:
  ///   - batch: Prompts; its labels are not looked at.
  ///   - room: The most words that will follow.
  /// - Throws: ``ModelError/batch(expected:got:)`` when a prompt is empty or too long to follow.
  public init(_ model: VisionLanguageModel, _ batch: PackedBatch, room: Int) throws {
    self.model = model
    let c = model.configuration
    let longest = (batch.lengths.max() ?? 0) + room
    guard batch.lengths.allSatisfy({ $0 > 0 }), room >= 1, longest <= c.maxTokens else {
      throw ModelError.batch(
        expected: "prompts of 1 ... \(c.maxTokens - room) tokens before \(room) more",
        got: "\(batch.lengths.max() ?? 0)")
    }
    lengths = batch.lengths.map { Int32($0) }
    let caches = try (0..<c.decoderBlocks).map { _ in
      try AttentionCache(slots: batch.lengths.count, capacity: longest, width: c.width)
    }
    self.caches = caches
    let segments = try Segments(lengths: batch.lengths)
    firstWord = try Tape.paused {
      let rows = model.hooks.rows { ActivationRows(prompts: batch) }
      var x = try model.embedded(batch, rows)
      let slots = batch.lengths.indices.map { Int32($0) }
      let none = [Int32](repeating: 0, count: slots.count)
      // After the last block only the last rows go on, so it computes no more; hooks see all.
      let shortens = rows == nil
      for (block, cache) in zip(model.blocks, caches).dropLast(shortens ? 1 : 0) {
        x = try block(x, rows) { qkv in
          try cache.append(qkv.value, segments, slots: slots, held: none)
          return try qkv.attention(segments, heads: c.heads, causal: true)
        }
      }
      if shortens, let block = model.blocks.last, let cache = caches.last {
        x = try block.lastRows(x, segments, asked: 1, causal: true) {
          try cache.append($0, segments, slots: slots, held: none)
        }
      } else {
        x = try x.rows(at: Tensor(segments.lastRows(1)))
      }
      return try model.wordLogProbabilities(x, rows?.lasts)
    }
  }

  /// Runs words that follow what the slots hold.
  ///
  /// - Returns: Log-probabilities of the next word after each row: `[rows, V]`.
  func follow(
    words: [Int32], lengths counts: [Int], slots: [Int32], held: [Int32], keeping: Bool
  ) throws -> Tensor {
    let segments = try Segments(lengths: counts)
    let places = zip(held, counts).flatMap { start, count in (start..<start + Int32(count)) }
    return try Tape.paused {
      let rows = model.hooks.rows {
        ActivationRows(
          lengths: counts, sequences: slots.map { Int($0) }, starts: held.map { Int($0) })
      }
      var x = try model.seenEmbedding(
        model.embedding.variable.rows(at: Tensor(words))
          + model.position.variable.rows(at: Tensor(places)), rows)
      for (block, cache) in zip(model.blocks, caches) {
        x = try block(x, rows) { qkv in
          let mixed = try cache.attend(
            qkv.value, segments, heads: model.configuration.heads, slots: slots, held: held)
          if keeping { try cache.append(qkv.value, segments, slots: slots, held: held) }
          return Variable(mixed)
        }
      }
      return try model.wordLogProbabilities(x, rows)
    }
  }

  /// The most probable continuation of each prompt, word by word.
  ///
  /// - Parameters:
  ///   - limit: The most words; at most the room given to `init`.
  ///   - stop: The word that ends an answer; it is not part of it.
  public func greedy(limit: Int, stop: Int32) throws -> [[Int32]] {
    var answers = [[Int32]](repeating: [], count: lengths.count)
    var active = Array(lengths.indices)
    var scores = firstWord
    for step in 0..<limit {
      let words = try scores.argmax(axis: -1).array(of: Int32.self)
      var next: [(prompt: Int, word: Int32)] = []
      for (prompt, word) in zip(active, words) where word != stop {
        answers[prompt].append(word)
        next.append((prompt, word))
      }
      active = next.map(\.prompt)
      if active.isEmpty || step == limit - 1 { break }
      scores = try follow(
        words: next.map(\.word), lengths: active.map { _ in 1 }, slots: active.map { Int32($0) },
        held: active.map { lengths[$0] + Int32(step) }, keeping: true)
    }
    return answers
  }

  /// log p(candidate | prompt) in nats, for every prompt and candidate: `scores[prompt][candidate]`.
  ///
  /// A candidate's score is the sum over its words, the end mark included if the caller put it there
  /// (Σ ℓ_t; memorization metrics rank names by it).
  public func logProbabilities(ofCandidates candidates: [[Int32]]) throws -> [[Double]] {
    guard candidates.allSatisfy({ !$0.isEmpty }) else {
      throw ModelError.batch(expected: "candidates of one word or more", got: "an empty one")
    }
    for word in candidates.joined() where word < 0 || word >= model.configuration.vocabulary {
      throw ModelError.batch(
        expected: "words in 0 ..< \(model.configuration.vocabulary)", got: "\(word)")
    }
    return try lengths.indices.map { try scores(prompt: $0, candidates) }
  }

  private func scores(prompt: Int, _ candidates: [[Int32]]) throws -> [Double] {
    let width = model.configuration.vocabulary
    var result = candidates.map { Double(firstWord.floats[prompt * width + Int($0[0])]) }
    let longer = candidates.indices.filter { candidates[$0].count > 1 }
    guard !longer.isEmpty else { return result }
    let counts = longer.map { candidates[$0].count - 1 }
    let scores = try follow(
      words: longer.flatMap { candidates[$0].dropLast() }, lengths: counts,
      slots: longer.map { _ in Int32(prompt) }, held: longer.map { _ in lengths[prompt] },
      keeping: false)
    var row = 0
    for candidate in longer {
      for word in candidates[candidate].dropFirst() {
        result[candidate] += Double(scores.floats[row * width + Int(word)])
        row += 1
      }
    }
    return result
  }
}

extension VisionLanguageModel {
  /// States `[rows, D]` to log-probabilities of the next word `[rows, V]`.
  func wordLogProbabilities(_ x: Variable, _ rows: ActivationRows?) throws -> Tensor {
    try head(x, rows).softmax(logarithm: true).value
  }
}
