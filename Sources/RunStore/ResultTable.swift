// The result in a terminal: source by target, each cell with interval, chance, controls and counts.

import Metrics

extension ExperimentResult {
  /// The source × target matrix of each metric as aligned plain text.
  ///
  /// - Parameter metrics: Which metrics, in this order; all when `nil`, the primary one first.
  public func table(metrics: [String]? = nil) -> String {
    let all = Set(cells.map(\.key.metric)).subtracting([primaryMetric]).sorted()
    let wanted = metrics ?? [primaryMetric] + all
    let blocks = wanted.flatMap { metric in
      let found = matrices.filter { $0.metric == metric }
      return found.count > Self.mostMatrices ? [list(found)] : found.map(text)
    }
    return ([heading] + blocks + trendLines + claimLines).joined(separator: "\n\n") + "\n"
  }

  /// The cells in matrices: one per metric, group and further conditions.
  public var matrices: [Matrix] {
    var order: [Matrix.ID] = []
    var groups: [Matrix.ID: [CellResult]] = [:]
    for cell in cells {
      let id = Matrix.ID(cell.key)
      if groups[id] == nil { order.append(id) }
      groups[id, default: []].append(cell)
    }
    return order.compactMap { id in groups[id].map { Matrix(id: id, cells: $0) } }
  }

  private var claimLines: [String] {
    claims.isEmpty ? [] : [ClaimResult.lines(claims, level: level)]
  }

  private var heading: String {
    let people = Set(cells.map(\.personaCount)).sorted().map(String.init).joined(separator: "–")
    let state =
      isComplete ? "" : "  INCOMPLETE: \(seeds.count) of \(manifest.seeds.count) seeds"
    let count = "\(seeds.count) seed\(seeds.count == 1 ? "" : "s")"
    return "\(experiment): \(count), \(people) personas per seed\(state)"
  }

  private func text(of matrix: Matrix) -> String {
    let columns = matrix.targets.map { "asked by \($0.isEmpty ? "–" : $0)" }
    var rows: [[String]] = [["learned from"] + columns]
    for source in matrix.sources {
      let cells = matrix.targets.map { matrix.cell(source: source, target: $0) }
      rows.append([source.isEmpty ? "–" : source] + cells.map { $0.map(Self.estimate) ?? "–" })
      rows.append([""] + cells.map { $0.map(Self.context) ?? "" })
    }
    let lines = comparisons.filter { Matrix.ID($0.first) == matrix.id }.map(line)
    let percent = Number.plain(level * 100)
    return (["\(matrix.title), mean [\(percent) % interval]"] + Self.aligned(rows) + lines)
      .joined(separator: "\n")
  }

  /// More matrices of one metric are listed a row per line, so that they can be looked over.
  private static let mostMatrices = 24

  private func list(_ matrices: [Matrix]) -> String {
    let conditions = Set(matrices.flatMap { $0.id.further.keys }).sorted()
    let targets = Set(matrices.flatMap(\.targets)).sorted()
    let head =
      ["group"] + conditions + ["learned from"]
      + targets.map { "asked by \($0.isEmpty ? "–" : $0)" }
    let rows = matrices.flatMap { matrix in
      matrix.sources.map { source -> [String] in
        let place = conditions.map { matrix.id.further[$0] ?? "–" }
        let scores = targets.map { target -> String in
          guard let cell = matrix.cell(source: source, target: target) else { return "–" }
          return Self.estimate(cell) + "  " + Self.context(cell)
        }
        return ["\(matrix.group)"] + place + [source.isEmpty ? "–" : source] + scores
      }
    }
    let percent = Number.plain(level * 100)
    let title = "\(matrices[0].metric), mean [\(percent) % interval]"
    return ([title] + Self.aligned([head] + rows)).joined(separator: "\n")
  }

  private static func estimate(_ cell: CellResult) -> String {
    Number.short(cell.mean) + " " + Number.range(cell.interval)
  }

  private static func context(_ cell: CellResult) -> String {
    let chance = cell.chance.map { "chance \(Number.short($0))  " } ?? ""
    let control = cell.control.map { "control \(Number.short($0.mean))  " } ?? ""
    return "\(chance)\(control)n \(cell.count)"
  }

  private func line(of comparison: Comparison) -> String {
    let what =
      switch comparison.kind {
      case .transfer: "gap \(comparison.first.target) - \(comparison.second.target)"
      case .asymmetry: "asymmetry"
      }
    let p = comparison.adjustedPValue.map { "  p \(Number.p($0)) (Holm)" } ?? ""
    let ratio = comparison.chanceCorrectedRatio.map { "  transfer \(Number.ratio($0.value))" } ?? ""
    return "  \(comparison.first.source): \(what) \(Number.short(comparison.difference)) "
      + "\(Number.range(comparison.interval))\(p)\(ratio)"
  }

  static func aligned(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = zip(row, widths).map { text, width in
        text + String(repeating: " ", count: width - text.count)
      }
      var line = "  " + cells.joined(separator: "   ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

/// The cells that differ in source and target only.
public struct Matrix: Sendable {
  /// What the cells have in common.
  public struct ID: Hashable, Sendable {
    let metric: String
    let group: Group
    let further: [String: String]

    init(_ key: CellKey) {
      metric = key.metric
      group = key.group
      further = key.keys.filter { $0.key != "source" && $0.key != "target" }
    }
  }

  let id: ID
  /// The cells.
  public let cells: [CellResult]

  /// The metric of all cells.
  public var metric: String { id.metric }
  /// The group of all cells.
  public var group: Group { id.group }
  /// The sources, sorted.
  public var sources: [String] { Set(cells.map(\.key.source)).sorted() }
  /// The targets, sorted.
  public var targets: [String] { Set(cells.map(\.key.target)).sorted() }

  /// Metric, group and further conditions, for example `full_name (known) views=5`.
  public var title: String {
    metric + (group == .member ? "" : " (\(group))") + (conditions.isEmpty ? "" : " \(conditions)")
  }

  /// What the cells have in common beside metric and group, for example `views=5`.
  var conditions: String {
    id.further.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  /// Returns the cell at a place.
  public func cell(source: String, target: String) -> CellResult? {
    cells.first { $0.key.source == source && $0.key.target == target }
  }

  /// Whether a comparison is between cells of this matrix.
  public func holds(_ comparison: Comparison) -> Bool { ID(comparison.first) == id }
}

extension ClaimResult {
  /// A line per claim: verdict, effect with interval, p-value, statement.
  public static func lines(_ claims: [ClaimResult], level: Double) -> String {
    let rows = claims.map { claim in
      [
        "  " + claim.verdict.rawValue, claim.effect.map(Number.short) ?? "–",
        Number.range(claim.interval), claim.adjustedPValue.map { "p \(Number.p($0))" } ?? "",
        claim.text,
      ]
    }
    return
      (["claims: effect [\(Number.plain(level * 100)) % interval], p after Holm"]
      + ExperimentResult.aligned(rows)).joined(separator: "\n")
  }
}
