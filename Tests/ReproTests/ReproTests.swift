import Foundation
import Repro
import Testing

@Suite struct RandomStreamTests {
  // Known answers published with Random123 (kat_vectors, philox4x32-10).
  @Test func `Philox matches the published known answers`() {
    let zero = Philox.block(key: 0, low: 0, high: 0)
    #expect(zero == (0xe169c58d_6627e8d5, 0x9b00dbd8_bc57ac4c))
    let ones = Philox.block(key: .max, low: .max, high: .max)
    #expect(ones == (0x41c83b0e_408f276d, 0x6d5451fd_a20bc7c6))
    let pi = Philox.block(
      key: 0x299f31d0_a4093822, low: 0x85a308d3_243f6a88, high: 0x03707344_13198a2e)
    #expect(pi == (0x94fdcceb_d16cfe09, 0x24126ea1_5001e420))
  }

  @Test func `forks by name are independent of order and position`() {
    let root = RandomStream(seed: 3)
    var moved = root
    _ = moved.next()
    #expect(moved.fork("a") == root.fork("a"))
    #expect(root.fork("a") != root.fork("b"))
    #expect(root.fork(1) != root.fork(2))
  }

  @Test func `bounded integers are uniform`() {
    var stream = RandomStream(seed: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.int(below: 7)] += 1 }
    let chiSquare = counts.map { Double(($0 - 10_000) * ($0 - 10_000)) / 10_000 }.reduce(0, +)
    #expect(chiSquare < 22.46)  // 99.9th percentile of χ² with 6 degrees of freedom
  }

  @Test func `sample returns distinct numbers`() {
    var stream = RandomStream(seed: 5)
    #expect(Set(stream.sample(50, below: 50)) == Set(0..<50))
    #expect(Set(stream.sample(10, below: 1_000_000)).count == 10)
  }
}

@Suite struct FingerprintTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `SHA-256 matches FIPS vectors`(text: String, digest: String) {
    #expect(SHA256.hex(text) == digest)
  }

  @Test func `a million a's in pieces`() {
    var hash = SHA256()
    for _ in 0..<1000 { hash.update([UInt8](repeating: 97, count: 1000)) }
    #expect(
      hash.hexDigest() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `canonical JSON sorts keys and escapes`() {
    let value: JSON = ["b": [1, 2.5, true, .null], "a": "line\n\"quote\"", "é": .number(.nan)]
    #expect(value.canonical == #"{"a":"line\n\"quote\"","b":[1,2.5,true,null],"é":null}"#)
  }
}

@Suite struct AtomicFileTests {
  @Test func `a failing write leaves the old file`() throws {
    let folder = NSTemporaryDirectory() + "eidetic-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/deep/result.json"
    try AtomicFile.write("old", to: path)
    #expect(throws: FileWriteError.self) {
      try AtomicFile.write(to: path) { _ in throw POSIXError(.ENOSPC) }
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/deep") == ["result.json"])
  }

  @Test func `a refused folder is reported in the system's words`() {
    let error = #expect(throws: FileWriteError.self) {
      try AtomicFile.write("x", to: "/dev/full/impossible")
    }
    #expect(error?.reason == "Not a directory")
  }
}
