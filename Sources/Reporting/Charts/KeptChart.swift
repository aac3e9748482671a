// Charts that a script keeps with its run: the numbers stand in the run's folder, and every report
// of the run draws them again.

import Foundation
import Repro
import RunStore

/// A chart that belongs to a run.
public struct KeptChart: Sendable, Equatable {
  /// Tells the run's charts apart.
  public let name: String
  /// The seed that made it.
  public let seed: Int
  /// The chart.
  public let chart: Chart
}

extension Run {
  /// The folder of the run's charts.
  public var chartsPath: String { path + "/charts" }

  /// Keeps a chart; one of the same name and seed is replaced.
  ///
  /// - Parameter name: Lower-case letters, digits and hyphens.
  /// - Throws: ``ChartError`` for another name, `FileWriteError`.
  public func keep(_ chart: Chart, name: String, seed: Int) throws {
    guard HTML.id(name) == name, !name.isEmpty, name.utf8.count <= 100 else {
      throw ChartError(
        "expected a name of at most 100 lower-case letters, digits and hyphens, got '\(name)'")
    }
    try AtomicFile.write(try chart.json(), to: "\(chartsPath)/\(name).seed\(seed).json")
  }

  /// The charts that were kept, by name and seed.
  ///
  /// - Throws: ``ChartError`` for a damaged one.
  public func charts() throws -> [KeptChart] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: chartsPath)) ?? []
    let found = try files.compactMap { file -> KeptChart? in
      guard let parts = try? #/([a-z0-9-]+)\.seed(-?\d+)\.json/#.wholeMatch(in: file),
        let seed = Int(parts.2)
      else { return nil }
      let path = chartsPath + "/" + file
      guard let data = FileManager.default.contents(atPath: path) else {
        throw ChartError("\(path) cannot be read")
      }
      return KeptChart(
        name: String(parts.1), seed: seed, chart: try Chart(json: data, source: path))
    }
    return found.sorted { ($0.name, $0.seed) < ($1.name, $1.seed) }
  }
}

extension Chart {
  /// A name for a chart that was given none: its title, or what it is.
  public var plainName: String {
    String(HTML.id(title.isEmpty ? drawn.noun : title).prefix(60))
  }
}

extension Report {
  package var chartSection: String? {
    guard !charts.isEmpty else { return nil }
    let isOfSeveral = Set(charts.map(\.seed)).count > 1
    let figures = charts.enumerated().map { index, kept in
      var chart = kept.chart
      if isOfSeveral {
        chart.caption = ["Seed \(kept.seed)", chart.caption].filter { !$0.isEmpty }
          .joined(separator: ". ")
      }
      return chart.figure(id: "\(mark)chart-\(index)")
    }
    return section(
      "Charts",
      "<p>Drawn by the script; the numbers stand in <code>charts/</code>.</p>"
        + figures.joined(separator: "\n"))
  }
}
