// Groups of runs as rows: a line per group and cell.

import Foundation
import Reporting
import Repro
import RunStore

/// Groups of runs in any of the forms.
struct GroupTable {
  private let groups: [SeedGroup]
  /// What the user grouped by; empty for all parameters.
  private let keys: [String]

  init(_ groups: [SeedGroup], keys: [String]) { (self.groups, self.keys) = (groups, keys) }

  /// Everything for programs; short numbers, and of the parameters those that differ, for people.
  func table(_ style: DataTable.Style) -> DataTable {
    let names = keys.isEmpty ? telling(style) : keys
    let isShort = style == .plain
    func text(_ value: Double?) -> String {
      value.map { style == .csv ? JSON.number($0).canonical : Number.short($0) } ?? ""
    }
    let rows = groups.flatMap { group in
      group.cells.map { cell in
        names.map { group.values[$0]?.shown ?? "–" }
          + [cell.key.label, "\(group.runs.count)", "\(cell.seedCount)"]
          + (isShort
            ? ["\(Number.short(cell.mean)) \(Number.range(cell.interval))", text(cell.deviation)]
            : [cell.mean, cell.interval?.low, cell.interval?.high, cell.deviation].map(text))
      }
    }
    return DataTable(
      columns: names + ["cell", "runs", "seeds"]
        + (isShort ? ["mean [95 %]", "sd"] : ["mean", "low", "high", "sd"]),
      rows: rows)
  }

  private func telling(_ style: DataTable.Style) -> [String] {
    let names = Set(groups.flatMap(\.values.keys)).sorted()
    guard style != .csv else { return names }
    return names.filter { name in
      Set(groups.map { $0.values[name]?.shown }).count > 1 || name == "experiment"
    }
  }

  var json: JSON { .array(groups.map(\.json)) }
}
