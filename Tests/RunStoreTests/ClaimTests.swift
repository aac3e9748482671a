// Claims: stated before, judged by rule, kept in the file.

import Foundation
import Metrics
import Repro
import RunStore
import Testing

@Suite struct ClaimTests {
  private func key(_ source: String, _ target: String, _ metric: String = "full_name") -> CellKey {
    CellKey(metric: metric, keys: ["source": source, "target": target])
  }

  private func claims(_ stated: [Claim], _ study: Study = Study()) throws -> [ClaimResult] {
    try ExperimentResult(
      outcomes: study.outcomes, manifest: study.manifest, claims: stated, resamples: 200,
      stream: RandomStream(seed: 9)
    ).claims
  }

  @Test func `what is shown, what is not, what is the opposite, what is not measured`() throws {
    let found = try claims([
      Claim("gap", [.init(1, key("image", "image")), .init(-1, key("image", "text"))]),
      Claim("none", [.init(1, key("text", "text")), .init(-1, key("text", "text"))]),
      Claim("turned", [.init(1, key("image", "text")), .init(-1, key("image", "image"))]),
      Claim("absent", [.init(1, key("image", "smell"))]),
      Claim("above chance", [.init(1, key("image", "image"))], offset: 0.05),
    ])
    #expect(found.map(\.verdict) == [.shown, .notShown, .opposite, .notMeasured, .shown])
    #expect(found.allSatisfy { $0.experiment == "cross-modal" })
    let effect = try #require(found[0].effect), turned = try #require(found[2].effect)
    #expect(effect > 0.4 && abs(effect + turned) < 1e-12)
    #expect(found[3].effect == nil && found[3].count == 0)
    #expect(found[0].count == 60)
  }

  @Test func `no condition stands for all: the finding counts verdicts, or names its condition`()
    throws
  {
    let outcomes = ["1", "5"].flatMap { views in
      Study().outcomes.map { outcome in
        var one = outcome
        one.cell.keys["views"] = views
        return one
      }
    }
    func at(_ target: String) -> CellKey {
      CellKey(metric: "full_name", keys: ["source": "image", "target": target, "views": "5"])
    }
    func finding(_ claims: [Claim], beside: [Outcome] = []) throws -> String {
      try ExperimentResult(
        outcomes: beside + outcomes, manifest: Study().manifest, claims: claims, resamples: 200,
        stream: RandomStream(seed: 9)
      ).finding
    }
    let gap = Claim("gap", [.init(1, at("image")), .init(-1, at("text"))])
    let turned = Claim("turned", [.init(1, at("text")), .init(-1, at("image"))])
    #expect(try finding([gap, turned]) == "1 of 2 claims is shown, 1 opposite.")
    #expect(try finding([]).hasPrefix("With views=1, learned from image, the full name is recalled"))
    #expect(try finding([], beside: Study().outcomes).hasPrefix("Learned from image, the full name"))
  }

  @Test func `p-values are adjusted for all claims of the family`() throws {
    let gap = Claim("gap", [.init(1, key("image", "image")), .init(-1, key("image", "text"))])
    let alone = try claims([gap])[0]
    let many = try claims([gap] + (0..<9).map { Claim("same \($0)", gap.terms) })
    let p = try #require(alone.pValue), adjusted = try #require(many[0].adjustedPValue)
    #expect(alone.adjustedPValue == p)
    #expect(abs(adjusted - min(1, 10 * p)) < 1e-12)
  }

  @Test func `claims are in the file, and a file without any is read`() async throws {
    let study = Study()
    let result = try ExperimentResult(
      outcomes: study.outcomes, manifest: study.manifest,
      claims: [
        Claim("gap", [.init(1, key("image", "image")), .init(-1, key("image", "text"))]),
        Claim("absent", [.init(1, key("image", "smell"))]),
      ], resamples: 200, stream: RandomStream(seed: 9))
    try await withFolder { root in
      let run = Run(path: root)
      try run.write(result)
      #expect(try run.result() == result)
      guard case .object(var members) = result.json else { return }
      members["claims"] = nil
      try AtomicFile.write(JSON.object(members).pretty, to: run.resultPath)
      #expect(try run.result().claims.isEmpty)
    }
    guard case .array(let claims)? = result.json["claims"] else { return }
    for field in ["claim", "experiment", "effect", "low", "high", "p", "verdict"] {
      #expect(claims[0][field] != nil, "\(field)")
    }
    #expect(result.table().contains("shown"))
  }

  @Test func `a study judges the claims of its experiments as one family`() async throws {
    try await withFolder { root in
      let gap = Claim("gap", [.init(1, key("image", "image")), .init(-1, key("image", "text"))])
      for (folder, name) in [("a", "first"), ("b", "second")] {
        var manifest = Study().manifest
        manifest.experiment = name
        try FileManager.default.createDirectory(
          atPath: root + "/" + folder, withIntermediateDirectories: true)
        try Run(path: root + "/" + folder).write(
          ExperimentResult(
            outcomes: Study().outcomes, manifest: manifest, claims: [gap], resamples: 200,
            stream: RandomStream(seed: 9)))
      }
      let study = try StudyResult(
        name: "s", question: "q", limits: ["l"], root: root, folders: ["a", "b"])
      #expect(study.claims.map(\.experiment) == ["first", "second"])
      let p = try #require(study.claims[0].pValue)
      #expect(study.claims[0].adjustedPValue == min(1, 2 * p))
      #expect(study.isComplete && study.json["complete"] == true)
      let early = try StudyResult(
        name: "s", question: "q", limits: [], root: root, folders: ["a"], planned: 2)
      #expect(!early.isComplete && early.json["complete"] == false)
      #expect(throws: RunStoreError.self) {
        try StudyResult(name: "s", question: "", limits: [], root: root, folders: ["a", "c"])
      }
    }
  }
}
