// Where trainings keep how far they have come, as Lua hands it on: a place that only the program
// chooses, so that scripts in the sandbox keep their trainings too.

import Foundation
import LuaHost
import Repro
import Training

/// A place for what a training keeps, or for the places of several.
public final class LuaCheckpoint: LuaObject {
  private let path: String
  private var count = 0

  init(_ path: String) { self.path = path }

  /// The file of a training.
  var file: String { path + ".checkpoint" }

  /// How Lua sees the class.
  public static let luaClass = NativeClass(
    "Checkpoint",
    "A place where a training keeps how far it has come, to go on after its process has ended.",
    methods: [stage])

  private static let stage = NativeFunction(
    "stage",
    "The place of the next training below this one; the order of the calls tells them apart.",
    parameters: [.init("name", .string, "What is trained; for people who look at the folder.")],
    results: [.init(.object(LuaCheckpoint.self))], since: "1.0",
    example: "run.checkpoint:stage \"names\""
  ) { a in
    [.object(try a.receiver(LuaCheckpoint.self).next(named: a.string("name")))]
  }

  private func next(named name: String) -> LuaCheckpoint {
    count += 1
    let words = name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let plain = words.joined(separator: "-").prefix(60)
    return LuaCheckpoint("\(path)/\(count)" + (plain.isEmpty ? "" : "-\(plain)"))
  }

  /// Takes away writes that a crash cut short; nobody else may be writing here.
  func removeDrafts() { AtomicFile.removeDrafts(in: path) }

  /// Forgets all that is kept below; what cannot be removed is in nobody's way.
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

extension Workbench {
  /// The environment variable that says how often trainings are kept.
  static var paceVariable: String { "EIDETIC_CHECKPOINT" }

  /// Keeps a training where the option `checkpoint` says; `nil` without it.
  ///
  /// - Parameter identity: What decides the training, by topic.
  func keeper(_ a: Arguments, identity: () throws -> [String: JSON]) throws -> TrainingKeeper? {
    let place = a["checkpoint"]
    guard !place.isNil else { return nil }
    let pace = try CheckpointPace(
      ProcessInfo.processInfo.environment[Self.paceVariable], name: Self.paceVariable)
    guard pace != .never else { return nil }
    let path =
      try place.asObject(LuaCheckpoint.self)?.file
      ?? a.path(text: a.string("checkpoint"), for: .writing)
    let circumstances: [String: JSON] = [
      "version": .string(eideticVersion), "machine": .string(Self.products),
    ]
    return TrainingKeeper(
      path: path, identity: try identity().merging(circumstances) { $1 }, pace: pace,
      tell: { [listener] in listener.message($0) },
      isStopping: { (try? a.checkInterrupt()) == nil })
  }
}
