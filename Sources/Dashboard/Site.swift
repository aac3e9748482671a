// From an address to an answer.

import Foundation
import Metrics
import Reporting
import Repro
import RunStore

/// The dashboard of a store, without the network.
public struct Site: Sendable {
  /// Picks the runs for which an expression holds.
  public typealias Filter =
    @Sendable (_ expression: String, _ runs: [RunSummary]) throws -> [RunSummary]

  let store: Store
  let hub: LiveHub
  private let filter: Filter
  private let portraits = Recent<[FileMark], Portraits>(limit: 8)
  private let comparisons = Recent<[FileMark], RunComparison>(limit: 8)

  /// - Parameter filter: The language of filters; see `eidetic runs list --where`.
  public init(store: Store, filter: @escaping Filter) {
    (self.store, self.filter) = (store, filter)
    hub = LiveHub(store)
  }

  /// The answer to a request that may be answered.
  package func response(to request: Request) async -> Response {
    let isForPrograms = request.path.first == "api"
    do {
      guard let found = try await route(request) else {
        throw Missing("There is no such page", "Nothing is at this address.")
      }
      return found
    } catch let missing as Missing {
      if isForPrograms { return .json(["error": .string(missing.text)], .notFound) }
      return .page(
        Frame.problem(missing.title, missing.text, next: "<p><a href=\"/\">All runs</a></p>"),
        .notFound)
    } catch {
      if isForPrograms { return .json(["error": .string("\(error)")], .failed) }
      return .page(Frame.problem("This cannot be shown", "\(error)"), .failed)
    }
  }

  /// What is not there.
  struct Missing: Error {
    let title: String, text: String
    init(_ title: String, _ text: String) { (self.title, self.text) = (title, text) }
  }

  private func route(_ request: Request) async throws -> Response? {
    let path = request.path
    switch path.first {
    case nil: return .page(try await runsPage(RunsQuery(request)).html())
    case "style.css" where path.count == 1:
      return .part(Data(DashboardStyle.sheet.utf8), type: "text/css; charset=utf-8", for: request)
    case "dashboard.js" where path.count == 1:
      return .part(
        Data(PackageResources.dashboard_js), type: "text/javascript; charset=utf-8", for: request)
    case "live" where path.count == 1: return .live(.runs(mark: request.value("mark") ?? ""))
    case "compare" where path.count == 1:
      return .page(try await comparison(request.values("run")).html())
    case "runs" where path.count > 1:
      return try await run(try folder(path[1]), Array(path.dropFirst(2)), request)
    case "api": return try await api(Array(path.dropFirst()), request)
    default: return nil
    }
  }

  func folder(_ name: String) throws -> RunFolder {
    guard let folder = store.folder(name) else {
      throw Missing("There is no such run", "No folder '\(name)' is in \(store.root).")
    }
    return folder
  }

  private func run(
    _ folder: RunFolder, _ rest: [String], _ request: Request
  ) async throws -> Response? {
    switch rest.first {
    case nil: return .page(try await runPage(folder).html())
    case "live" where rest.count == 1:
      return .live(.run(name: folder.name, mark: request.value("mark") ?? ""))
    case "report" where rest.count == 1: return try await report(folder)
    case "people": return try await people(folder, Array(rest.dropFirst()), request)
    case "files" where rest.count > 1: return file(folder, Array(rest.dropFirst()))
    default: return nil
    }
  }

  // MARK: Pages

  /// The list as the page and programs get it.
  func runsPage(_ query: RunsQuery) async throws -> RunsPage {
    let (store, filter) = (store, filter)
    var page = try await Worker.run {
      let all = try store.summaries()
      var page = RunsPage(root: store.root, all: all, matching: all, query: query)
      if let condition = query.condition {
        do { page.matching = try filter(condition, all) } catch {
          (page.problem, page.matching) = ("\(error)".replacing("--where ", with: ""), [])
        }
      }
      if let sorted = RunOrder(key: query.sort, isReversed: query.isReversed).sorted(page.matching)
      {
        page.matching = sorted
      } else if page.problem == nil {
        page.problem = "No run has '\(query.sort)', so the list cannot be in its order."
      }
      return page
    }
    for run in page.all where run.state == .running {
      if let folder = store.folder(run.name) {
        page.running.append((run, await hub.course(of: folder)))
      }
    }
    return page
  }

  private func runPage(_ folder: RunFolder) async throws -> RunPage {
    let course = await hub.course(of: folder)
    return try await Worker.run {
      let summary = folder.summary()
      guard summary.state != .foreign else {
        throw Missing("This is no run", "\(summary.path) holds no manifest.json.")
      }
      var page = RunPage(summary: summary, course: course, result: nil)
      do {
        page.result = try folder.result()
        page.report = page.result.map { Report(result: $0) }
        page.report = try page.result.map { try Report($0, of: folder.run) }
      } catch { page.problem = "\(error)".replacing(summary.path + "/", with: "") }
      (page.files, page.script) = (folder.files(), folder.script)
      return page
    }
  }

  /// The report as it was written; where there is none it is made.
  private func report(_ folder: RunFolder) async throws -> Response {
    let body = try await Worker.run { () -> Response.Body in
      if let file = folder.open("report.html") { return .file(file) }
      guard let result = try folder.result() else {
        throw Missing("There is no report yet", "No seed of \(folder.name) is done.")
      }
      return .bytes(Data(try Report(result, of: folder.run).html().utf8))
    }
    return .foreign(body, type: "text/html; charset=utf-8")
  }

  private func file(_ folder: RunFolder, _ path: [String]) -> Response? {
    guard let file = folder.open(path: path), let name = path.last else { return nil }
    let shown = [
      "json": "text/plain; charset=utf-8", "jsonl": "text/plain; charset=utf-8",
      "txt": "text/plain; charset=utf-8", "log": "text/plain; charset=utf-8",
      "lua": "text/plain; charset=utf-8", "csv": "text/plain; charset=utf-8",
      "patch": "text/plain; charset=utf-8", "md": "text/plain; charset=utf-8",
      "png": "image/png", "svg": "image/svg+xml", "html": "text/html; charset=utf-8",
      "pdf": "application/pdf",
    ]
    let type = shown[URL(fileURLWithPath: "/" + name).pathExtension.lowercased()]
    return .foreign(
      .file(file), type: type ?? "application/octet-stream", name: type == nil ? name : nil)
  }

  // MARK: Comparison

  /// Runs side by side; of one named twice the first counts.
  func comparison(_ names: [String]) async throws -> ComparePage {
    var seen: Set<String> = []
    let names = names.filter { seen.insert($0).inserted }
    let site = self
    return try await Worker.run { try site.compared(names) }
  }

  private func compared(_ names: [String]) throws -> ComparePage {
    var page = ComparePage(runs: [], comparison: nil)
    var marks: [FileMark] = []
    for name in names.prefix(ComparePage.most) {
      guard let folder = store.folder(name) else {
        page.missing.append((name, "there is no such run"))
        continue
      }
      do {
        guard let result = try folder.result(), let file = folder.open("result.json") else {
          page.missing.append((name, "it has no result yet: no seed is done"))
          continue
        }
        page.runs.append((name, result, folder.script))
        marks.append(FileMark(file, name))
      } catch { page.missing.append((name, "\(error)")) }
    }
    page.missing += names.dropFirst(ComparePage.most).map {
      ($0, "at most \(ComparePage.most) runs are compared at once")
    }
    if page.runs.count > 1 {
      let runs = page.runs
      page.comparison = try comparisons.value(marks) {
        try RunComparison(runs.map(\.result), scripts: runs.map(\.script))
      }
    }
    return page
  }

  // MARK: People

  private func people(
    _ folder: RunFolder, _ rest: [String], _ request: Request
  ) async throws -> Response? {
    let site = self
    return try await Worker.run {
      let (result, portraits) = try site.resultWithPortraits(folder)
      guard let seed = rest.first else {
        let page = request.value("page").flatMap { Int($0) } ?? 1
        return .page(
          PeoplePage(
            name: folder.name, result: result, portraits: portraits, choice: SubjectChoice(request),
            page: max(page, 1)
          ).html())
      }
      guard rest.count == 2, let seed = Int(seed) else { return nil }
      if rest[1].hasSuffix(".png") {
        return Int(rest[1].dropLast(4)).flatMap { portraits.response(seed, $0, request) }
      }
      guard let persona = Int(rest[1]),
        let subject = result.subjects(seed: seed).first(where: { $0.persona == persona })
      else { return nil }
      return .page(
        PersonPage(name: folder.name, result: result, portraits: portraits, subject: subject).html()
      )
    }
  }

  func resultWithPortraits(_ folder: RunFolder) throws -> (ExperimentResult, Portraits) {
    guard let file = folder.open("result.json"), let result = try folder.result() else {
      throw Missing("There are no people yet", "No seed of \(folder.name) is done.")
    }
    var marks = [FileMark(file, folder.name)]
    if let report = folder.open("report.html") { marks.append(FileMark(report, folder.name)) }
    return (result, portraits.value(marks) { Portraits(result, report: folder.report) })
  }
}

extension Response {
  fileprivate static func live(_ source: LiveSource) -> Response {
    Response(
      .ok, ["Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store"],
      .live(source))
  }
}

extension SubjectChoice {
  package init(_ request: Request) {
    self.init(
      seed: request.value("seed").flatMap { Int($0) }, cell: request.value("cell"),
      verdict: request.value("verdict").flatMap(Verdict.init) ?? .all)
  }
}

extension Portraits {
  fileprivate func response(_ seed: Int, _ persona: Int, _ request: Request) -> Response? {
    let side = request.value("size").flatMap { Int($0) } ?? 128
    let view = request.value("view").flatMap { Int($0) }
    guard (16...512).contains(side), view.map({ (0..<1 << 20).contains($0) }) != false,
      (0..<1 << 20).contains(persona),
      let png = png(seed: seed, persona: persona, side: side, view: view)
    else { return nil }
    return .part(Data(png), type: "image/png", for: request)
  }
}
