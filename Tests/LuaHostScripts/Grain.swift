// A class whose objects have no identity in Lua, as tensors: what calls do for them at no cost must
// hold when a body throws, keeps its arguments, or finds its object closed.

import LuaHost

package final class Grain: LuaObject {
  let ledger: Ledger
  package let value: Int

  init(_ ledger: Ledger, _ value: Int) {
    (self.ledger, self.value) = (ledger, value)
    ledger.live += 1
    ledger.made += 1
  }

  deinit { ledger.live -= 1 }

  package static let hasLuaIdentity = false

  package static let luaClass = NativeClass(
    "Grain", "A number.",
    methods: [
      .single("twice", "Doubles.", result: .init(.object(Grain.self))) {
        let grain = try $0.receiver(Grain.self)
        return .object(Grain(grain.ledger, 2 * grain.value))
      },
      .single("self", "Gives itself.", result: .init(.object(Grain.self))) {
        .object(try $0.receiver(Grain.self))
      },
      .single(
        "spoil", "Throws, or gives something else.",
        parameters: [.init("what", .integer, default: 0)], result: .init(.object(Grain.self))
      ) {
        switch try $0.integer("what") {
        case 0: throw Spill(litres: 1)
        case 1: return .nil
        case 2: return .object(Blob(try $0.receiver(Grain.self).ledger, 1))
        default: return "text"
        }
      },
      .single("get", "Its number.", result: .init(.integer)) {
        .integer(try $0.receiver(Grain.self).value)
      },
      .single(
        "after", "The other's number, once the function that was kept has run.",
        parameters: [.init("other", .object(Grain.self))], result: .init(.integer)
      ) {
        _ = try $0.receiver(Grain.self).ledger.onMake?()
        return .integer(try $0.object("other", Grain.self).value)
      },
    ])

  package static func module(_ world: World) -> NativeModule {
    NativeModule(
      "grain", "Makes grains.",
      functions: [
        .single(
          "new", "Makes one.", parameters: [.init("value", .integer)],
          result: .init(.object(Grain.self))
        ) { [ledger = world.ledger] in .object(Grain(ledger, try $0.integer("value"))) },
        NativeFunction(
          "hoard", "Keeps its arguments beyond the call.",
          parameters: [.init("number", .number), .init("grain", .object(Grain.self))]
        ) { [unowned world] in
          world.hoarded.append($0)
          return []
        },
      ])
  }
}
