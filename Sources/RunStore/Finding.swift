// What the numbers say, in one sentence. Written by rules, so that no reader, and no author, has to
// decide after the fact what counts as an effect.

import Metrics

extension ExperimentResult {
  /// The finding about the primary metric, in one sentence.
  ///
  /// A direction whose target interval reaches down to the chance level is reported as no transfer
  /// detected; one whose source does so as not memorized. Where conditions vary beside source and
  /// target, no one of them stands for all: the verdicts of the claims are counted instead, or,
  /// without claims, cells without conditions speak, else the first condition is named.
  public var finding: String {
    let found = matrices.filter { $0.metric == primaryMetric && $0.group == .member }
    guard let matrix = found.first(where: \.conditions.isEmpty) ?? found.first else {
      return "No outcomes of \(primaryMetric) yet."
    }
    let preliminary =
      isComplete ? "" : "Preliminary (\(seeds.count) of \(manifest.seeds.count) seeds): "
    let condition =
      found.count == 1 || matrix.conditions.isEmpty ? "" : "with \(matrix.conditions), "
    let statement =
      found.count > 1 && !claims.isEmpty ? verdicts : condition + routes(of: matrix)
    let sentence = preliminary + statement + "."
    return sentence.prefix(1).uppercased() + sentence.dropFirst()
  }

  private func routes(of matrix: Matrix) -> String {
    let transfers = comparisons.filter { $0.kind == .transfer && matrix.holds($0) }
    return (transfers.isEmpty ? matrix.cells.map(clause) : transfers.map(clause))
      .joined(separator: "; ")
  }

  /// `3 of 4 claims are shown, 1 not shown`.
  private var verdicts: String {
    let counts = Verdict.allCases.compactMap { verdict -> String? in
      let count = claims.count { $0.verdict == verdict }
      return count == 0 || verdict == .shown ? nil : ", \(count) \(verdict.rawValue)"
    }
    let shown = claims.count { $0.verdict == .shown }
    return "\(shown) of \(claims.count) claims \(shown == 1 ? "is" : "are") shown"
      + counts.joined()
  }

  private func clause(of transfer: Comparison) -> String {
    guard let source = cell(transfer.first), let target = cell(transfer.second) else { return "" }
    let what = source.key.metric.replacing("_", with: " ")
    let learned = "learned from \(transfer.first.source), the \(what) "
    let home = "\(estimate(source)) when asked by \(transfer.first.target)"
    let away = "\(estimate(target)) by \(transfer.second.target)"
    let chance = target.chance.map { " (chance \(Number.short($0)))" } ?? ""
    if source.isBetterThanChance == false {
      return learned + "was not memorized: \(home)\(chance)"
    }
    let both = learned + "is recalled at \(home) and at \(away)\(chance)"
    return target.isBetterThanChance == false
      ? "\(both), no transfer detected\(caution)" : "\(both), \(gap(transfer))"
  }

  /// An absence in two seeds is mostly their number.
  private var caution: String {
    seeds.count == 2 ? ", which with two seeds says little" : ""
  }

  private func estimate(_ cell: CellResult) -> String {
    "\(Number.short(cell.mean)) \(Number.range(cell.interval))"
  }

  private func gap(_ transfer: Comparison) -> String {
    let size = "\(Number.short(transfer.difference)) \(Number.range(transfer.interval))"
    guard let interval = transfer.interval else { return "a gap of \(size)" }
    if interval.contains(0) {
      let limit = transfer.minimumDetectableEffect.map {
        "; a true gap below \(Number.short($0)) would often be missed"
      }
      return "transfer without a detectable gap (\(size)\(limit ?? ""))"
    }
    return interval.low > 0
      ? "transfer with a gap of \(size)" : "higher than in the source, the gap being \(size)"
  }

  private func clause(of cell: CellResult) -> String {
    let chance = cell.chance.map { " (chance \(Number.short($0)))" } ?? ""
    let route = cell.key.route.isEmpty ? "" : ", \(cell.key.route),"
    return "\(cell.key.metric.replacing("_", with: " "))\(route) is \(estimate(cell))\(chance)"
  }
}
