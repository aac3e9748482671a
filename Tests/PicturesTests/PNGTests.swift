import Foundation
import Pictures
import Repro
import Testing

@Suite struct PNGTests {
  /// A picture of random bytes: nothing that a codec may smooth over.
  private func noise(_ width: Int, _ height: Int) throws -> Picture {
    var stream = RandomStream(seed: 1)
    let pixels = (0..<3 * width * height).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
    return try Picture(width: width, height: height, pixels: pixels)
  }

  @Test(arguments: [(1, 1), (7, 5), (1, 300), (224, 224)])
  func `a picture survives its PNG file`(width: Int, height: Int) throws {
    let picture = try noise(width, height)
    #expect(try Picture(png: picture.png()) == picture)
    let flat = try Picture(width: width, height: height, gray: 200)
    #expect(try Picture(png: flat.png()) == flat)
  }

  @Test func `a file is written whole and read back`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("deep/er/picture.png").path
    let picture = try noise(9, 4)
    try picture.write(to: path)
    #expect(try Picture(file: path) == picture)
    #expect(throws: PictureError.unreadable(path: folder.path, reason: "Is a directory")) {
      try Picture(file: folder.path)
    }
    let missing = #expect(throws: PictureError.self) { try Picture(file: path + ".jpg") }
    #expect(missing?.description == "cannot read \(path).jpg: No such file or directory")
  }

  @Test func `a file cut at any length is an error`() throws {
    let png = try noise(6, 5).png()
    for length in 0..<png.count {
      #expect(throws: PictureError.self, "cut after \(length) bytes") {
        try Picture(png: Array(png.prefix(length)))
      }
    }
    #expect(try Picture(png: png + [1, 2, 3]) == noise(6, 5))
  }

  @Test func `random damage gives an error or the same picture`() throws {
    let picture = try noise(6, 5)
    let png = try picture.png()
    var stream = RandomStream(seed: 2)
    for _ in 0..<5000 {
      var damaged = png
      for _ in 0...stream.int(below: 4) {
        damaged[stream.int(below: png.count)] = UInt8(truncatingIfNeeded: stream.next())
      }
      if let read = try? Picture(png: damaged) { #expect(read == picture) }
    }
  }

  @Test func `garbage is refused with one line`() {
    let error = #expect(throws: PictureError.self) { try Picture(png: Array("GIF89a".utf8)) }
    #expect(
      error?.description
        == "picture: expected a whole PNG file, got damage (no PNG signature); "
        + "save or copy it again")
  }

  @Test func `sizes that make no picture are refused`() {
    for (width, height) in [(0, 4), (-2, 3), (.max, .max), (1 << 20, 1 << 20)] {
      #expect(throws: PictureError.self) { try Picture(width: width, height: height, gray: 0) }
    }
    #expect(throws: PictureError.self) { try Picture(width: 2, height: 2, pixels: [1, 2, 3]) }
  }

  /// The head of a file can claim any size; it is checked before memory is asked for.
  @Test func `a small file that claims a huge picture is refused`() throws {
    let huge =
      "89504e470d0a1a0a0000000d49484452000f4240000f42400802000000d30faf2a"
      + "0000000a49444154789c63000100000500010d0a2db40000000049454e44ae426082"
    var bytes: [UInt8] = []
    var rest = Substring(huge)
    while !rest.isEmpty {
      bytes.append(try #require(UInt8(rest.prefix(2), radix: 16)))
      rest = rest.dropFirst(2)
    }
    let error = #expect(throws: PictureError.self) { try Picture(png: bytes) }
    #expect(
      error
        == .size(
          width: 1_000_000, height: 1_000_000, expected: "1 to 67108864 pixels",
          got: 1_000_000_000_000))
  }
}
