// What an experiment set out to show, and what became of it.

import Metrics
import RunStore

extension Report {
  package var claimSection: String? {
    guard !result.claims.isEmpty else { return nil }
    return section("Claims", ClaimTable.html(result.claims, level: percent))
  }
}

/// Claims as tables.
enum ClaimTable {
  /// - Parameter links: Where the report of an experiment stands on the page, by its name.
  static func html(_ claims: [ClaimResult], level: String, links: [String: String] = [:]) -> String
  {
    let rows = claims.map { claim in
      [
        HTML.escaped(claim.text) + place(claim, links), "<b>\(claim.verdict.rawValue)</b>",
        claim.effect.map { Cell.estimate($0, claim.interval) } ?? "–",
        claim.adjustedPValue.map(Number.p).map(HTML.escaped) ?? "–", "\(claim.count)",
      ]
    }
    return HTML.table(
      caption:
        "Each claim is a weighted sum of means, person by person, and holds when the sum lies "
        + "above 0. Stated before the run; the verdict follows from p < 0.05 after Holm’s "
        + "adjustment for all claims of this table. “Not shown” is no proof of absence.",
      head: ["Claim", "Verdict", "Effect [\(level)]", "p (Holm)", "n"], rows: rows,
      classes: "numbers")
  }

  private static func place(_ claim: ClaimResult, _ links: [String: String]) -> String {
    links[claim.experiment].map {
      " <a href=\"#\($0)\">\(HTML.escaped(claim.experiment))</a>"
    } ?? ""
  }

  static func data(_ claims: [ClaimResult]) -> DataTable {
    DataTable(
      columns: ["claim", "experiment", "effect", "p (Holm)", "verdict"],
      rows: claims.map { claim in
        [
          claim.text, claim.experiment,
          claim.effect.map { "\(Number.short($0)) \(Number.range(claim.interval))" } ?? "–",
          claim.adjustedPValue.map(Number.p) ?? "–", claim.verdict.rawValue,
        ]
      })
  }
}
