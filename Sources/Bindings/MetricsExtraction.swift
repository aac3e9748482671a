// Functions of `eidetic.metrics`: extraction word for word, and overlap of texts.

import LuaHost
import Metrics

enum MetricsExtraction {
  private static let predicted = Parameter(
    "predicted", .tokens, "The model's first choice at each position, given the true prefix.")
  private static let labels = Parameter("labels", .tokens, "The true tokens.")
  private static let answer = Parameter("answer", .string, "What the model said.")
  private static let reference = Parameter("reference", .string, "What is right.")
  private static let logProbability = Parameter(
    "log_probability", .number, "Of the whole text, in nats.")

  static let functions: [NativeFunction] = [
    .measure(
      "exact_memorization", "The share of tokens that are the model's first choice.",
      [predicted, labels], gives: .number,
      example: "metrics.exact_memorization({ 4, 8, 2 }, { 4, 8, 3 })   -- 2/3"
    ) { a in
      .number(try exactMemorization(predicted: a.tokens("predicted"), labels: a.tokens("labels")))
    },
    .measure(
      "extraction_strength", "1 minus the shortest prefix, as a share, that draws out the rest.",
      [predicted, labels], gives: .number,
      example: "metrics.extraction_strength({ 1, 1, 7 }, { 5, 2, 7 })   -- 1/3"
    ) { a in
      .number(
        try extractionStrength(predicted: a.tokens("predicted"), labels: a.tokens("labels")))
    },
    .measure(
      "prefix_extraction", "How many sequences come out word for word, for several prefix lengths.",
      [
        Parameter("predicted", .list(.tokens), "For each sequence, the first choices."),
        Parameter("labels", .list(.tokens), "For each sequence, the true tokens."),
        Parameter("prefixes", .list(.integer), "Numbers of tokens given, 0 or more."),
      ], gives: Result(.list(.table), "prefix, count, extracted; share where defined"),
      example: "metrics.prefix_extraction({ { 4, 8, 2 } }, { { 4, 8, 2 } }, { 1, 2 })"
    ) { a in
      func lists(_ key: String) throws -> [[Int]] {
        try a.pieces(key).map { piece in
          try piece.map {
            guard let id = Int(exactly: $0) else {
              throw LuaError("'\(key)' must hold integers, got \($0.luaText)", kind: .argument)
            }
            return id
          }
        }
      }
      return .list(
        try prefixExtraction(
          predicted: lists("predicted"), labels: lists("labels"), prefixes: a.integers("prefixes")
        ).map {
          .record([
            "prefix": .integer($0.prefix), "count": .integer($0.count),
            "extracted": .integer($0.extracted), "share": .maybe($0.share),
          ])
        })
    },
    .measure(
      "queries_to_extract", "How often one must sample to see a text once with a probability.",
      [logProbability, Parameter("probability", .number, "In (0, 1).", default: 0.5)],
      gives: .number(orNilWhen: "the text's probability underflows"),
      example: "metrics.queries_to_extract(-3, 0.9)"
    ) { a in
      .maybe(
        try queriesToExtract(
          logProbability: a.number("log_probability"), probability: a.number("probability")))
    },
    .measure(
      "extraction_probability",
      "The probability of seeing a text at least once in so many samples.",
      [logProbability, Parameter("queries", .integer, "1 or more.")], gives: .number,
      example: "metrics.extraction_probability(-3, 10)"
    ) { a in
      .number(
        try extractionProbability(
          logProbability: a.number("log_probability"), queries: a.integer("queries")))
    },
    .measure(
      "rouge_l", "Words in common, as the longest subsequence.", [answer, reference],
      gives: .fields("precision, recall, f1"),
      example: "metrics.rouge_l(\"the red hat\", \"a red hat\").f1"
    ) { a in
      .record(
        rouge: try .longestSubsequence(
          answer: a.string("answer"), reference: a.string("reference")))
    },
    .measure(
      "rouge_n", "Runs of n words in common.",
      [answer, reference, Parameter("n", .integer, "Length of the runs.", default: 1)],
      gives: .fields("precision, recall, f1"),
      example: "metrics.rouge_n(\"the red hat\", \"a red hat\", 2)"
    ) { a in
      .record(
        rouge: try .grams(
          a.integer("n"), answer: a.string("answer"), reference: a.string("reference")))
    },
    .measure(
      "edit_similarity", "1 minus the edit distance over the longer length, in characters.",
      [answer, reference], gives: .number,
      example: "metrics.edit_similarity(\"Ada Blake\", \"Ada Black\")"
    ) { a in .number(try editSimilarity(a.string("answer"), a.string("reference"))) },
  ]
}

extension LuaValue {
  fileprivate static func record(rouge: Rouge) -> LuaValue {
    .record([
      "precision": .number(rouge.precision), "recall": .number(rouge.recall),
      "f1": .number(rouge.f1),
    ])
  }
}
