// A picture in Lua: to look at, to save, to turn into numbers.

import Autograd
import LuaHost
import Personas
import Pictures
import Repro
import TensorCore
import Training

/// A square picture.
public final class LuaPicture: LuaObject {
  let portrait: Portrait
  init(_ portrait: Portrait) { self.portrait = portrait }
  /// Its pixels.
  public var picture: Picture { get throws { try portrait.picture } }
  /// The picture in words.
  public var line: String { "Picture[\(portrait.side) x \(portrait.side)]" }
  /// Bytes that Lua does not see by itself.
  public var luaByteCount: Int { portrait.pixels.count }

  /// How Lua sees the class.
  public static let luaClass = NativeClass(
    "Picture", "A square picture.",
    methods: [
      NativeFunction(
        "save", "Writes the picture as a PNG file, whole or not at all.",
        parameters: [.init("path", .string, "The file.")], since: "1.0",
        example: "people:picture(1):save(\"first.png\")"
      ) { a in
        try a.receiver(LuaPicture.self).portrait.picture.write(
          to: a.path("path", for: .writing))
        return []
      },
      NativeFunction(
        "tensor", "The pixels in -1 ... 1.",
        results: [.init(.object(LuaTensor.self), "[1, size, size, 3]")], since: "1.0",
        example: "people:picture(1):tensor().shape   -- { 1, 128, 128, 3 }"
      ) { a in
        let portrait = try a.receiver(LuaPicture.self).portrait
        let numbers = try Tensor.pictures([portrait.pixels], side: portrait.side)
        return [.object(LuaTensor(Variable(numbers)))]
      },
      NativeFunction(
        "background", "How much of each pixel shows the background, exactly, in 0 ... 1.",
        results: [.init(.object(LuaTensor.self), "[size, size]")], since: "1.0",
        example: "local person = 1 - people:picture(1, { size = 32 }):background()"
      ) { a in
        let portrait = try a.receiver(LuaPicture.self).portrait
        let shares = portrait.backgroundCoverage.map { Float($0) / 255 }
        let mask = try Tensor(shares, shape: [portrait.side, portrait.side])
        return [.object(LuaTensor(Variable(mask)))]
      },
    ],
    metamethods: [
      NativeFunction(
        "__tostring", "A line.", parameters: [.init("picture", .any)], results: [.init(.string)]
      ) { a in
        [.string(try a.object("picture", LuaPicture.self).line)]
      }
    ],
    properties: [
      .init("size", .integer, "Side in pixels.") {
        .integer(try $0.receiver(LuaPicture.self).portrait.side)
      },
      .init("hash", .string, "SHA-256 of the pixels.") {
        var hash = SHA256()
        hash.update(try $0.receiver(LuaPicture.self).portrait.pixels)
        return .string(hash.hexDigest())
      },
    ])
}
