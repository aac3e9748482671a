// The people of a run and what was answered about each.

import Metrics
import Repro
import RunStore

/// A person with every outcome.
package struct Subject: Sendable, Equatable {
  /// The training seed.
  package let seed: Int
  /// The id in the population.
  package let persona: Int
  /// Every outcome, by cell.
  package let outcomes: [Outcome]

  /// The name, when one was asked for.
  package var name: String? {
    outcomes.lazy.filter { $0.cell.metric == "full_name" }.compactMap(\.truth).first
  }

  /// Name or number.
  package var title: String { name ?? "Person \(persona)" }

  /// Whether the model was never trained on this person.
  package var isTwin: Bool { outcomes.allSatisfy { $0.cell.group == .control } }

  /// The outcomes of a metric that came with an answer.
  package func answers(_ metric: String) -> [Outcome] {
    outcomes.filter { $0.cell.metric == metric && $0.answer != nil }
  }

  /// Everything as JSON.
  package var json: JSON {
    .object([
      "seed": .integer(seed), "persona": .integer(persona),
      "name": name.map { .string($0) } ?? .null, "twin": .bool(isTwin),
      "outcomes": .array(
        outcomes.map {
          .object([
            "cell": .string($0.cell.label), "value": .number($0.value),
            "answer": $0.answer.map { .string($0) } ?? .null,
            "truth": $0.truth.map { .string($0) } ?? .null,
          ])
        }),
    ])
  }
}

/// Which people are looked at.
package struct SubjectChoice: Sendable, Equatable {
  /// Of how a question was answered.
  package enum Verdict: String, Sendable, CaseIterable { case all, recalled, missed }

  /// The seed; `nil` for the first.
  package var seed: Int?
  /// The label of a cell of zeros and ones, by whose outcomes `verdict` goes.
  package var cell: String?
  /// Which answers.
  package var verdict = Verdict.all

  package init(seed: Int? = nil, cell: String? = nil, verdict: Verdict = .all) {
    (self.seed, self.cell, self.verdict) = (seed, cell, verdict)
  }
}

extension ExperimentResult {
  /// The people of a seed, by id.
  package func subjects(seed: Int) -> [Subject] {
    Dictionary(grouping: outcomes.lazy.filter { $0.seed == seed }, by: \.persona)
      .map { persona, outcomes in
        Subject(seed: seed, persona: persona, outcomes: outcomes.sorted { $0.cell < $1.cell })
      }.sorted { $0.persona < $1.persona }
  }

  /// The labels of cells whose outcomes are right or wrong, those of the primary metric first.
  package var verdictCells: [String] {
    let binary = cells.filter { $0.scale == .binary }.map(\.key)
    return
      (binary.filter { $0.metric == primaryMetric } + binary.filter { $0.metric != primaryMetric })
      .map(\.label)
  }

  /// The people that a choice means.
  package func subjects(_ choice: SubjectChoice) -> [Subject] {
    guard let seed = choice.seed ?? seeds.first else { return [] }
    let all = subjects(seed: seed)
    guard choice.verdict != .all, let cell = choice.cell ?? verdictCells.first else { return all }
    return all.filter { subject in
      let values = subject.outcomes.filter { $0.cell.label == cell }.map(\.value)
      guard !values.isEmpty else { return false }
      return values.allSatisfy { $0 == 1 } == (choice.verdict == .recalled)
    }
  }
}
