// The module `eidetic.rng`: reproducible random streams, forked by name.

import Glibc
import LuaHost
import Repro

/// A random stream in Lua's hands: class `Rng`.
public final class LuaRng: LuaObject {
  /// The stream; every draw moves it on.
  public var stream: RandomStream

  /// Wraps a copy of a stream.
  public init(_ stream: RandomStream) { self.stream = stream }

  /// The class `Rng`.
  public static let luaClass = NativeClass(
    "Rng", "A stream of random numbers; the same seed gives the same numbers everywhere.",
    maker: "rng.new(7)",
    methods: RngModule.methods, metamethods: RngModule.metamethods,
    properties: RngModule.properties)
}

enum RngModule {
  static func new(_ arguments: Arguments) throws -> [LuaValue] {
    let seed = try arguments.integer("seed")
    guard seed >= 0 else {
      throw LuaError("rng.new: expected a seed of 0 or more, got \(seed)", kind: .argument)
    }
    return [.object(LuaRng(RandomStream(seed: UInt64(seed))))]
  }

  static func fork(_ arguments: Arguments, _ rng: LuaRng) throws -> LuaValue {
    if let index = arguments["name"].asInteger { return .object(LuaRng(rng.stream.fork(index))) }
    return .object(LuaRng(rng.stream.fork(try arguments.string("name"))))
  }

  static func uniform(_ arguments: Arguments, _ rng: LuaRng) throws -> LuaValue {
    let low = try arguments.number("low"), high = try arguments.number("high")
    guard low <= high, (high - low).isFinite else {
      throw LuaError(
        "uniform: expected finite low <= high, got \(low.luaText) and \(high.luaText)",
        kind: .argument)
    }
    return .number(rng.stream.uniform(low, high))
  }

  /// Box & Muller 1958.
  static func normal(_ arguments: Arguments, _ rng: LuaRng) throws -> LuaValue {
    let radius = (-2 * log(1 - rng.stream.uniform())).squareRoot()
    let deviate = radius * cos(2 * Double.pi * rng.stream.uniform())
    return .number(try arguments.number("mean") + arguments.number("deviation") * deviate)
  }

  static func integer(_ arguments: Arguments, _ rng: LuaRng) throws -> LuaValue {
    let low = try arguments.integer("low"), high = try arguments.integer("high")
    guard low <= high else {
      throw LuaError("integer: expected low <= high, got \(low) and \(high)", kind: .argument)
    }
    let (span, overflow) = high.subtractingReportingOverflow(low)
    if !overflow, span < Int.max { return .integer(low + rng.stream.int(below: span + 1)) }
    // Half of all integers or more are in range, so rejection ends soon.
    while true {
      let drawn = Int(bitPattern: UInt(rng.stream.next()))
      if drawn >= low, drawn <= high { return .integer(drawn) }
    }
  }

  static func chance(_ arguments: Arguments, _ rng: LuaRng) throws -> LuaValue {
    let probability = try arguments.number("probability")
    guard (0...1).contains(probability) else {
      throw LuaError(
        "chance: probability \(probability.luaText) is out of range 0 ... 1", kind: .argument)
    }
    return .boolean(rng.stream.chance(probability))
  }

  static func pick(_ arguments: Arguments, _ rng: LuaRng) throws -> LuaValue {
    let items = try arguments.list("list")
    guard !items.isEmpty else {
      throw LuaError("pick: expected a list of one item or more, got an empty one", kind: .argument)
    }
    return rng.stream.pick(items)
  }

  static func sample(_ arguments: Arguments, _ rng: LuaRng) throws -> LuaValue {
    let n = try arguments.integer("n"), count = try arguments.integer("count")
    guard n >= 0 else { throw LuaError("sample: n must be 0 or more, got \(n)", kind: .argument) }
    let most = min(n, NestedList.mostElements)
    guard count >= 0, count <= most else {
      throw LuaError("sample: count \(count) is out of range 0 ... \(most)", kind: .argument)
    }
    return .integers(rng.stream.sample(count, below: n).map { $0 + 1 })
  }

  /// The key in hexadecimal: an integer would be negative for half of all streams.
  static func key(_ rng: LuaRng) -> String {
    let digits = String(rng.stream.key, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  // MARK: Tables

  private static func draw(
    _ name: String, _ summary: String, _ parameters: [Parameter], _ result: ValueKind,
    example: String? = nil, _ body: @escaping (Arguments, LuaRng) throws -> LuaValue
  ) -> NativeFunction {
    .entry(name, summary, parameters, results: [Result(result)], example: example) {
      [try body($0, $0.receiver(LuaRng.self))]
    }
  }

  static let methods: [NativeFunction] = [
    draw(
      "fork", "An independent stream that depends on this one's key and a name, not on its draws.",
      [Parameter("name", .either([.string, .integer]), "A text, or an integer.")], .rng,
      example: "local init = rng.new(7):fork \"init\"", fork),
    draw(
      "uniform", "A number in [low, high).",
      [
        Parameter("low", .number, "Smallest.", default: 0),
        Parameter("high", .number, "Never reached.", default: 1),
      ], .number, example: "rng.new(1):uniform(-1, 1)", uniform),
    draw(
      "normal", "A normal number.",
      [
        Parameter("mean", .number, "Mean.", default: 0),
        Parameter("deviation", .number, "Standard deviation.", default: 1),
      ], .number, example: "rng.new(1):normal(0, 0.02)", normal),
    draw(
      "integer", "An integer, both ends included.",
      [Parameter("low", .integer, "Smallest."), Parameter("high", .integer, "Largest.")],
      .integer, example: "rng.new(7):integer(1, 6)", integer),
    draw(
      "chance", "True with a probability.",
      [Parameter("probability", .number, "0 ... 1.")], .boolean, example: "rng.new(1):chance(0.5)",
      chance),
    draw(
      "pick", "One item of a list; a table among the items comes as a copy.",
      [Parameter("list", .list(.any), "One item or more.")], .any,
      example: "rng.new(1):pick { \"image\", \"text\" }", pick),
    draw(
      "shuffle", "A new list in random order; tables among the items come as copies.",
      [Parameter("list", .list(.any), "The items.")], .list(.any),
      example: "rng.new(1):shuffle { 1, 2, 3 }"
    ) { .list($1.stream.shuffled(try $0.list("list"))) },
    draw(
      "sample", "Distinct positions of 1 … n in random order.",
      [
        Parameter("n", .integer, "Largest position."),
        Parameter("count", .integer, "How many of them."),
      ], .list(.integer), example: "rng.new(7):sample(#people, 10)", sample),
  ]

  static let metamethods: [NativeFunction] = [
    .entry(
      "__tostring", "Class and key.", [Parameter("rng", .rng)], results: [Result(.string)]
    ) { [.string("Rng<\(key(try $0.object("rng", LuaRng.self)))>")] }
  ]

  static let properties: [NativeClass.Property] = [
    .init(
      "key", .string, "16 hexadecimal digits that identify the stream; forks have other keys.",
      get: { .string(key(try $0.receiver(LuaRng.self))) })
  ]

  static let module = NativeModule(
    "eidetic.rng", "Reproducible random streams.",
    functions: [
      .entry(
        "new", "The root stream of a seed.", [Parameter("seed", .integer, "0 or more.")],
        results: [Result(.rng, "The stream.")],
        example: "local rng = require(\"eidetic.rng\").new(7)",
        new)
    ])
}
