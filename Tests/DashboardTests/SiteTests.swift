// Addresses: files of a run and nothing beside them, and JSON for programs.

import Dashboard
import Foundation
import Metrics
import Reporting
import Repro
import RunStore
import Testing

@Suite struct SiteTests {
  @Test func `a run's files are served as what they are, and run nothing`() async throws {
    let store = try SampleStore()
    let run = try store.add("one")
    try AtomicFile.write("<script>alert(1)</script>", to: run.reportPath)
    try AtomicFile.write("data", to: run.path + "/files/a b.bin")
    let site = store.site()
    let json = try await site.get("/runs/one/files/result.json")
    #expect(json.status == .ok && json.headers["Content-Type"] == "text/plain; charset=utf-8")
    #expect(json.text == (try String(contentsOfFile: run.resultPath, encoding: .utf8)))
    let binary = try await site.get("/runs/one/files/files/a%20b.bin")
    #expect(binary.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%20b.bin")
    let report = try await site.get("/runs/one/report")
    let policy = try #require(report.headers["Content-Security-Policy"])
    #expect(policy.hasPrefix("sandbox; default-src 'none'") && !policy.contains("script-src"))
    try FileManager.default.removeItem(atPath: run.reportPath)
    #expect(try await site.text("/runs/one/report").contains("Experiment report"))
  }

  @Test func `no address leads out of the store`() async throws {
    let store = try SampleStore()
    let run = try store.add("one")
    let secret = store.root + "-secret"
    try AtomicFile.write("secret", to: secret + "/manifest.json")
    defer { try? FileManager.default.removeItem(atPath: secret) }
    let manager = FileManager.default
    try manager.createSymbolicLink(
      atPath: run.path + "/link.txt", withDestinationPath: secret + "/manifest.json")
    try manager.createSymbolicLink(atPath: run.path + "/folder", withDestinationPath: secret)
    try manager.createSymbolicLink(atPath: store.root + "/linked", withDestinationPath: secret)
    try manager.removeItem(atPath: run.scriptPath)
    try manager.createSymbolicLink(
      atPath: run.scriptPath, withDestinationPath: secret + "/manifest.json")
    mkfifo(run.path + "/pipe.txt", 0o644)
    let site = store.site()
    let outside = URL(fileURLWithPath: secret).lastPathComponent
    for address in [
      "/runs/one/files/link.txt", "/runs/one/files/folder/manifest.json", "/runs/linked",
      "/runs/linked/files/manifest.json", "/runs/one/files/../../../../etc/passwd",
      "/runs/one/files/..%2f..%2f..%2fetc%2fpasswd", "/runs/%2e%2e/files/etc/passwd",
      "/runs/..%2F\(outside)", "/runs/one/files/.lock", "/runs/one/files/script.lua",
      "/runs/one/files/pipe.txt", "/runs/one/files//etc/passwd", "/runs/one/files",
      "/runs/one/files/.",
      "/runs/.", "/runs/%2e%2e", "/../etc/passwd", "/api/runs/..%2F\(outside)", "/runs/one/x",
      "/dashboard.js/x", "/api/nothing", "/api/runs/one/x", "/runs/one/files/charts",
    ] {
      let answer = try await site.get(address)
      #expect(answer.status == .notFound && !answer.text.contains("secret\n"), "\(address)")
    }
    let page = try await site.text("/runs/one")
    #expect(!page.contains("link.txt") && !page.contains("<pre tabindex=\"0\"><code>secret"))
    #expect(try await !site.text("/").contains("linked"))
  }

  @Test func `its own parts are kept by browsers while they are the same`() async throws {
    let site = try SampleStore().site()
    let style = try await site.get("/style.css")
    let mark = try #require(style.headers["ETag"])
    #expect(style.text.contains("prefers-color-scheme:dark"))
    let again = await site.response(
      to: Request(path: ["style.css"], headers: ["if-none-match": mark]))
    #expect(again.status == .notModified && again.text.isEmpty)
    #expect(try await site.text("/dashboard.js").contains("EventSource"))
  }

  // MARK: JSON

  private func json(_ site: Site, _ address: String) async throws -> JSON {
    let answer = try await site.get(address)
    #expect(answer.status == .ok, "\(address): \(answer.text)")
    return try JSON.parse(answer.text)
  }

  @Test func `everything is there as JSON`() async throws {
    let store = try SampleStore()
    try store.add("one")
    try store.add("two", SampleStore.manifest(lr: "0.1"), right: 0.9)
    let live = try store.addRunning("live")
    for i in 1...5 { try live.log.step(i, loss: 1) }
    let site = store.site()
    let list = try await json(site, "/api/runs?sort=id")
    #expect(list["count"] == 3 && list["pages"] == 1)
    let catalog = try RunCatalog(root: store.root).summaries()
    #expect(list["runs"] == .array(catalog.map(\.json)))
    #expect(try await json(site, "/api/runs?group=yes")["groups"] != nil)
    #expect(try await json(site, "/api/runs?page=7")["runs"] == [])
    let run = try await json(site, "/api/runs/one")
    let result = try store.run("one").result()
    #expect(run["finding"] == .string(result.finding) && run["result"]?["outcomes"] == nil)
    #expect(
      run["manifest"] == result.manifest.json && run["result"]?["cells"] == result.json["cells"])
    let log = try await json(site, "/api/runs/live/log")
    guard case .array(let stages)? = log["stages"] else {
      Issue.record("no stages")
      return
    }
    #expect(stages.count == 1 && stages[0]["step"] == 5 && stages[0]["steps"] == 100)
    guard case .array(let people) = try await json(site, "/api/runs/one/people?seed=1") else {
      Issue.record("no people")
      return
    }
    #expect(people.count == 6 && people[0]["picture"] == "/runs/one/people/1/300.png")
    let comparison = try await json(site, "/api/compare?run=one&run=two")
    #expect(comparison["runs"] == ["one", "two"])
    #expect(try await site.get("/api/compare?run=one").status == .badRequest)
    #expect(try await site.get("/api/runs?sort=none").status == .badRequest)
    #expect(try await json(site, "/api/")["/api/runs"] != nil)
    withExtendedLifetime(live.lock) {}
  }
}
