// What changes on open pages. Readers ask for what is new since they last asked; whatever many of
// them look at is read and drawn once.

import Foundation
import Metrics
import Reporting
import Repro
import RunStore

/// What a page wants to hear of.
package enum LiveSource: Sendable, Equatable {
  /// One run. `mark` is the state that the page shows.
  case run(name: String, mark: String)
  /// All runs.
  case runs(mark: String)

  var mark: String {
    switch self {
    case .run(_, let mark), .runs(let mark): mark
    }
  }
}

/// Follows runs for open pages.
package actor LiveHub {
  /// What is new, ready to be sent.
  package struct News: Sendable, Equatable {
    /// Server-sent events; empty when nothing is new.
    package var text = ""
    /// What to ask with next time.
    package var version: Int
  }

  private let store: Store
  private var boards: [String: Board] = [:]
  private var followed: [String: Followed] = [:]

  /// Parts of a page with the version at which each changed last.
  private struct Board {
    var parts: [String: (html: String, version: Int)] = [:]
    var mark: String?
    var version = 0
    var lastLook = -Double.infinity
    var pause = 0.5

    mutating func show(_ fresh: [(id: String, html: String)]) {
      for part in fresh where parts[part.id]?.html != part.html {
        version += 1
        parts[part.id] = (part.html, version)
      }
    }
  }

  /// The log of a run as far as it was read.
  private struct Followed {
    var tail = LineTail()
    var course = Course()
    var lastUse = 0.0
    var announced = Announcement()
  }

  package init(_ store: Store) { self.store = store }

  /// What changed after a version; 0 for everything.
  package func news(of source: LiveSource, after version: Int) async -> News {
    let key = if case .run(let name, _) = source { "run " + name } else { "runs" }
    let board = boards[key] ?? Board()
    if Store.now - board.lastLook >= board.pause {
      boards[key, default: Board()].lastLook = Store.now
      await look(at: source, key)
      clear()
    }
    return news(in: boards[key] ?? Board(), of: source, after: version)
  }

  private func news(in board: Board, of source: LiveSource, after version: Int) -> News {
    var text = ""
    for (id, part) in board.parts.sorted(by: { $0.key < $1.key }) where part.version > version {
      let data: JSON = ["id": .string(id), "html": .string(part.html)]
      text += "event: part\ndata: \(data.canonical)\n\n"
    }
    if let mark = board.mark, mark != source.mark, version < board.version || version == 0 {
      text += "event: changed\ndata: {}\n\n"
    }
    return News(text: text, version: board.version)
  }

  private func look(at source: LiveSource, _ key: String) async {
    let start = Store.now
    switch source {
    case .run(let name, _): await lookAtRun(name, key)
    case .runs: await lookAtRuns(key)
    }
    // A store that takes long to read is read less often.
    boards[key]?.pause = max(source.isOfAll ? 2 : 0.5, 10 * (Store.now - start))
  }

  private func lookAtRun(_ name: String, _ key: String) async {
    guard let folder = store.folder(name) else { return }
    let seen = try? await Worker.run { (folder.summary(), try? folder.result()) }
    guard let (summary, result) = seen else { return }
    let course = course(of: folder)
    let spoken = followed[name]?.announced.text(course, summary, at: Store.now) ?? ""
    set(
      key, LivePart.mark(summary),
      [
        (LivePart.progressID, LivePart.progress(course, summary)),
        (LivePart.curvesID, LivePart.curves(course, done: result?.curves ?? [])),
        (LivePart.logID, LivePart.log(course)), (LivePart.spokenID, HTML.escaped(spoken)),
      ])
  }

  private func lookAtRuns(_ key: String) async {
    let store = store
    guard let all = try? await Worker.run({ try store.summaries(age: 1) }) else { return }
    let running = all.filter { $0.state == .running }.compactMap { run in
      store.folder(run.name).map { (run, course(of: $0)) }
    }
    set(key, LivePart.mark(all), [(LivePart.runningID, LivePart.running(running))])
  }

  private func set(_ key: String, _ mark: String, _ parts: [(id: String, html: String)]) {
    var board = boards[key] ?? Board()
    if board.mark != mark { board.version += 1 }
    board.mark = mark
    board.show(parts)
    boards[key] = board
  }

  /// The course of a run as its log tells it now.
  package func course(of folder: RunFolder) -> Course {
    var one = followed[folder.name] ?? Followed()
    let news = one.tail.read(folder.open("events.jsonl"))
    if news.isFresh { one.course = Course() }
    for event in news.events { one.course.add(event) }
    one.lastUse = Store.now
    followed[folder.name] = one
    return one.course
  }

  /// Forgets what nobody has asked for in the last minute.
  private func clear() {
    let now = Store.now
    followed = followed.filter { now - $0.value.lastUse < 60 }
    boards = boards.filter { now - $0.value.lastLook < 60 }
  }
}

extension LiveSource {
  fileprivate var isOfAll: Bool { if case .runs = self { true } else { false } }
}

/// What is said aloud: news that matter, and now and then how far it is. Every step would be noise.
private struct Announcement {
  private var stage = ""
  private var time = -Double.infinity
  private var said = ""

  mutating func text(_ course: Course, _ run: RunSummary, at now: Double) -> String {
    let current = course.current
    let key = "\(run.state) \(run.seeds.count) \(current?.name ?? "") \(current?.seed ?? -1)"
    guard key != stage || now - time > 30 else { return said }
    (stage, time) = (key, now)
    said = LivePart.words(course, run)
    return said
  }
}

/// Work that waits for disks or takes long, away from the threads that serve connections.
enum Worker {
  private static let queue: OperationQueue = {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = max(2, ProcessInfo.processInfo.activeProcessorCount)
    return queue
  }()

  static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      queue.addOperation { continuation.resume(with: Result(catching: body)) }
    }
  }
}
