// What the log of a run says about its course, while it is being written.

import Dashboard
import Foundation
import Metrics
import Reporting
import Repro
import RunStore
import Testing

@Suite struct CourseTests {
  private func step(_ step: Int, _ loss: Double, stage: String = "a", seed: Int = 0) -> JSON {
    [
      "event": "step", "stage": .string(stage), "seed": .integer(seed), "step": .integer(step),
      "steps": 100, "loss": .number(loss), "time": .number(Double(step)),
    ]
  }

  @Test func `steps become stages with curve, rate and end`() throws {
    var course = Course()
    for i in 1...60 { course.add(step(i, 1 / Double(i))) }
    let stage = try #require(course.current)
    #expect(stage.name == "a" && stage.seed == 0 && stage.step == 60 && stage.steps == 100)
    #expect(stage.points.count == 60 && stage.rate == 1)
    #expect(stage.curve.values.last == 1 / 60.0)
    course.add(["event": "stage", "stage": "a", "seed": 0, "steps": 60, "loss": 0.5])
    #expect(course.current == nil && course.entries.map(\.text) == ["a: 60 steps, last loss 0.50"])
    course.add(step(1, 9))
    #expect(course.stages.count == 2 && course.current?.points.count == 1)
  }

  @Test func `a training that goes on from a checkpoint replaces what it does again`() {
    var course = Course()
    for i in 1...50 { course.add(step(i, 1)) }
    course.add(["event": "start"])
    for i in 31...40 { course.add(step(i, 2)) }
    #expect(course.stages.count == 1)
    #expect(course.stages[0].points.map(\.step) == Array(1...40))
    #expect(course.stages[0].points.filter { $0.loss == 2 }.count == 10)
  }

  @Test func `long trainings are thinned and keep both ends`() {
    var course = Course()
    for i in 1...50_000 {
      course.add(["event": "step", "stage": "a", "step": .integer(i), "loss": .number(Double(i))])
    }
    let points = course.stages[0].points
    #expect(points.count <= Course.mostPoints && points[0].step == 1 && points.last?.step == 50_000)
    for _ in 0..<500 { course.add(["event": "note", "text": "again"]) }
    #expect(course.entries.count == Course.mostEntries && course.omitted == 300)
  }

  @Test func `no event of any shape is a trap`() {
    var course = Course()
    for event in [
      .null, .array([]), ["event": 5], ["event": "step"],
      ["event": "step", "stage": "x", "step": "y"],
      ["event": "step", "stage": "x", "step": 1, "loss": .null], ["event": "cell"],
      ["event": "stage"], ["event": "failed"], ["event": "<b>new</b>", "seed": "s"],
      [
        "event": "step", "stage": "x", "step": .integer(.min), "steps": .integer(.max), "loss": 1,
        "time": 1,
      ],
      [
        "event": "step", "stage": "x", "step": .integer(.max - 1), "steps": .integer(.max),
        "loss": 1e300, "time": 2,
      ],
    ] as [JSON] { course.add(event) }
    let html =
      LivePart.log(course) + LivePart.progress(course, RunSummary(reading: Run(path: "/none")))
    #expect(!html.contains("<b>new") && html.contains("&lt;b&gt;new"))
    #expect(LivePart.curves(course, done: []).contains("<svg"))
    #expect(LivePart.curves(Course(), done: []).contains("No losses yet"))
  }

  @Test func `the tail takes whole lines as they come, whatever else happens to the file`() throws {
    let store = try SampleStore()
    let run = try store.add("r", seeds: 0)
    try FileManager.default.removeItem(atPath: run.eventsPath)
    let log = try run.openEvents()
    var tail = LineTail()
    func read() -> LineTail.News { tail.read(OpenFile(root: store.root, ["r", "events.jsonl"])) }
    try log.append(["event": "a"])
    #expect(read().events == [["event": "a"]])
    #expect(read().events.isEmpty)
    let half = try #require(FileHandle(forWritingAtPath: run.eventsPath))
    try half.seekToEnd()
    try half.write(contentsOf: Data("{\"event\":".utf8))
    #expect(read().events.isEmpty)
    try half.write(contentsOf: Data("\"b\"}\nnonsense\n".utf8))
    #expect(read().events == [["event": "b"]])
    try Data("{\"event\":\"c\"}\n".utf8).write(
      to: URL(fileURLWithPath: run.eventsPath), options: .atomic)
    let news = read()
    #expect(news.isFresh && news.events == [["event": "c"]])
    try FileManager.default.removeItem(atPath: run.eventsPath)
    #expect(read().isFresh)
  }
}
