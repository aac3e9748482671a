// The page: whole, self-contained, well-formed, escaped, and saying what the numbers say.
// EIDETIC_SHOW=folder writes the sample pages there, to be looked at.

import Foundation
import Metrics
import Reporting
import Repro
import RunStore
import Testing

@Suite struct ReportTests {
  @Test func `sample pages can be written to be looked at`() throws {
    guard let folder = ProcessInfo.processInfo.environment["EIDETIC_SHOW"] else { return }
    let pages = [
      "full": Report(result: try Sample.result(resamples: 10_000), gallery: Sample.gallery),
      "partial": Report(result: try Sample.result(seeds: 2, personas: 40)),
    ]
    for (name, report) in pages {
      try AtomicFile.write(report.html(), to: "\(folder)/\(name).html")
    }
  }
}
