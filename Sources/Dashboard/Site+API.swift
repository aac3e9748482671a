// Everything that pages show, as JSON for programs.

import Foundation
import Reporting
import Repro
import RunStore

extension Site {
  /// What stands below `/api/`.
  func api(_ path: [String], _ request: Request) async throws -> Response? {
    switch path.first {
    case nil: return .json(Self.index)
    case "runs" where path.count == 1: return try await runsJSON(RunsQuery(request))
    case "runs":
      let folder = try folder(path[1])
      return try await runJSON(folder, Array(path.dropFirst(2)), request)
    case "compare" where path.count == 1: return try await comparisonJSON(request)
    default: return nil
    }
  }

  private static let index: JSON = [
    "/api/runs": "the list; where, sort, reverse, group and page as on the page",
    "/api/runs/RUN": "a run: summary, manifest, result without outcomes, finding, files",
    "/api/runs/RUN/log": "its log as it stands there, and the losses by step",
    "/api/runs/RUN/people": "each person of a seed with outcomes and picture; seed, cell, verdict",
    "/api/compare?run=A&run=B": "runs side by side",
    "/live": "server-sent events: parts of the list that change",
    "/runs/RUN/live": "server-sent events: parts of a run's page that change",
  ]

  private func runsJSON(_ query: RunsQuery) async throws -> Response {
    let page = try await runsPage(query)
    if let problem = page.problem { return .json(["error": .string(problem)], .badRequest) }
    var members: [String: JSON] = [
      "root": .string(page.root), "count": .integer(page.all.count),
      "matching": .integer(page.matching.count),
    ]
    if query.isGrouped {
      members["groups"] = .array(SeedGroup.groups(page.matching).map(\.json))
    } else {
      let first = (min(query.page, 1 << 30) - 1) * RunsPage.pageSize
      members["page"] = .integer(query.page)
      members["pages"] = .integer((page.matching.count + RunsPage.pageSize - 1) / RunsPage.pageSize)
      members["runs"] = .array(page.matching.dropFirst(first).prefix(RunsPage.pageSize).map(\.json))
    }
    return .json(.object(members))
  }

  private func runJSON(
    _ folder: RunFolder, _ rest: [String], _ request: Request
  ) async throws -> Response? {
    guard rest.count < 2 else { return nil }
    switch rest.first {
    case nil: return .json(try await Worker.run { try folder.json() })
    case "log": return .json(await hub.course(of: folder).json)
    case "people":
      let site = self
      return .json(
        try await Worker.run {
          let (result, portraits) = try site.resultWithPortraits(folder)
          let people = result.subjects(SubjectChoice(request))
          return .array(
            people.map { subject in
              guard case .object(var members) = subject.json else { return .null }
              if portraits.hasPicture(seed: subject.seed, persona: subject.persona) {
                members["picture"] = .string(
                  Link.people(folder.name, seed: subject.seed, persona: subject.persona) + ".png")
                members["look"] =
                  portraits.look(seed: subject.seed, persona: subject.persona).map { .string($0) }
                  ?? .null
              }
              return .object(members)
            })
        })
    default: return nil
    }
  }

  private func comparisonJSON(_ request: Request) async throws -> Response {
    let page = try await comparison(request.values("run"))
    guard let comparison = page.comparison else {
      let reasons = page.missing.map { "\($0.name): \($0.reason)" }
      return .json(
        ["error": .string((["two runs or more are needed"] + reasons).joined(separator: "; "))],
        .badRequest)
    }
    guard
      case .object(var members) = comparison.json(
        names: page.runs.map(\.name), scripts: page.runs.map(\.script))
    else { return .json(.null) }
    members["missing"] = .array(
      page.missing.map { ["run": .string($0.name), "reason": .string($0.reason)] })
    return .json(.object(members))
  }
}

extension RunFolder {
  fileprivate func json() throws -> JSON {
    let summary = summary()
    guard case .object(var members) = summary.json else { return .null }
    members["manifest"] = summary.manifest?.json ?? .null
    members["files"] = .array(
      files().map { ["path": .string($0.path), "size": .integer($0.size)] })
    if summary.state != .broken, let result = try result(), case .object(var whole) = result.json {
      whole["outcomes"] = nil
      members["finding"] = .string(result.finding)
      members["result"] = .object(whole)
    }
    return .object(members)
  }
}

extension Course {
  /// Everything as JSON.
  package var json: JSON {
    .object([
      "entries": .array(
        entries.map {
          [
            "seconds": $0.seconds.map { .number($0) } ?? .null,
            "seed": $0.seed.map { .integer($0) } ?? .null, "text": .string($0.text),
            "failure": .bool($0.isFailure),
          ]
        }),
      "earlier_entries": .integer(omitted),
      "stages": .array(
        stages.map { stage in
          [
            "stage": .string(stage.name), "seed": stage.seed.map { .integer($0) } ?? .null,
            "step": .integer(stage.step), "steps": stage.steps.map { .integer($0) } ?? .null,
            "over": .bool(stage.isOver),
            "points": .array(stage.points.map { .array([.integer($0.step), .number($0.loss)]) }),
          ]
        }),
    ])
  }
}
