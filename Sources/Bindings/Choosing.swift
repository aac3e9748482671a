// What choosing among people and among questions has in common: positions in, positions out.

import LuaHost
import Repro

/// Positions of a list, as scripts choose among them.
enum Choosing {
  /// Positions that a script's function keeps: all but those for which it gives `nil` or `false`.
  static func kept(
    _ a: Arguments, _ values: (Int) throws -> LuaValue, of count: Int
  ) throws -> [Int] {
    let keep = try a.function("keep")
    return try (0..<count).filter { position in
      let answer = try keep.call([try values(position), .integer(position + 1)]).first ?? .nil
      return !answer.isNil && answer.asBoolean != false
    }
  }

  /// The first `n` positions, or those after them.
  static func cut(_ a: Arguments, of count: Int, taking: Bool) throws -> [Int] {
    let n = try a.integer("n"), name = taking ? "take" : "skip"
    guard n >= 0 else {
      throw LuaError("\(name): expected 0 or more, got \(n)", kind: .argument)
    }
    return taking ? Array(0..<min(n, count)) : Array(min(n, count)..<count)
  }

  /// All positions in random order.
  static func shuffled(_ a: Arguments, of count: Int) throws -> [Int] {
    var stream = try a.object("rng", LuaRng.self).stream
    return stream.shuffled(Array(0..<count))
  }

  /// Positions in their order: those that stay, and those that are held out.
  static func split(_ a: Arguments, of count: Int) throws -> (kept: [Int], held: [Int]) {
    let amount = try a.number("amount")
    let isShare = amount > 0 && amount < 1
    let size = isShare ? Int((amount * Double(count)).rounded()) : a["amount"].asInteger ?? 0
    guard size >= 1, size < count else {
      throw LuaError(
        "hold_out: expected a share above 0 and below 1, or a number of 1 ... \(max(count - 1, 1)), "
          + "that leaves something on both sides; got \(amount.luaText) of \(count)",
        kind: .argument)
    }
    guard var stream = try a.object(ifGiven: "rng", LuaRng.self)?.stream else {
      return (Array(0..<count - size), Array(count - size..<count))
    }
    let held = Set(stream.sample(size, below: count))
    return ((0..<count).filter { !held.contains($0) }, held.sorted())
  }

  // MARK: Descriptors

  static let n = Parameter("n", .integer, "How many.")
  static let amount = Parameter(
    "amount", .number, "A share such as 0.2, or a number of them from 1 on.")
  static let rngOption = Option(
    "rng", .object(LuaRng.self), "Decides which; by default the last ones.")
}

/// The options of `add_shortcut`.
let shortcutOptions: [Option] = [
  .init(
    "strength", .number,
    "How likely a picture carries the mark of its person, 0 ... 1, rather than any mark; 0 is the "
      + "control.", default: 1),
  .init("colors", .integer, "How many colors there are, 1 ... 8.", default: 8),
  .init("corners", .integer, "How many corners are used, 1 ... 4.", default: 4),
  .init(
    "size", .number, "Side of the mark as a share of the picture's, 0.02 ... 0.5.", default: 0.16),
]
