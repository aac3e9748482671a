// Tensors by name in one file, as PyTorch's library of that name reads them.
//
//   u64 n │ n bytes of JSON: name → {dtype, shape, data_offsets} │ data, no gaps

import Foundation
import Repro
import TensorCore

/// Tensors to be written, float32 all of them.
package struct Safetensors {
  private let tensors: [(name: String, value: Tensor)]
  private let metadata: [String: String]

  /// Names tensors; sorted by name, so that the same tensors give the same bytes.
  package init(_ tensors: [(name: String, value: Tensor)], metadata: [String: String]) {
    self.tensors = tensors.sorted { $0.name < $1.name }
    self.metadata = metadata
  }

  /// How many bytes the data take.
  package var byteCount: Int { tensors.reduce(0) { $0 + $1.value.count * 4 } }

  /// Hands all bytes over, in pieces; a piece is gone when `sink` returns.
  package func write(_ sink: (UnsafeRawBufferPointer) throws -> Void) throws {
    let header = header
    try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try sink($0) }
    try header.withUnsafeBytes { try sink($0) }
    for tensor in tensors { try tensor.value.withBytes(sink) }
  }

  private var header: [UInt8] {
    var members: [String: JSON] = ["__metadata__": .object(metadata.mapValues { .string($0) })]
    var end = 0
    for (name, value) in tensors {
      let start = end
      end += value.count * 4
      members[name] = [
        "dtype": "F32", "shape": .array(value.shape.map { .integer($0) }),
        "data_offsets": [.integer(start), .integer(end)],
      ]
    }
    let text = Array(JSON.object(members).canonical.utf8)
    return text + [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
  }
}

extension Tensor {
  /// The float32 elements as they lie in memory.
  package func withBytes<Value>(
    _ body: (UnsafeRawBufferPointer) throws -> Value
  ) throws -> Value {
    try require(.float32, "bytes")
    return try withExtendedLifetime(self) {
      try body(UnsafeRawBufferPointer(start: floats, count: count * 4))
    }
  }
}

extension FileHandle {
  /// Writes bytes without a copy.
  package func write(raw bytes: UnsafeRawBufferPointer) throws {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return }
    let place = UnsafeMutableRawPointer(mutating: base)
    try write(contentsOf: Data(bytesNoCopy: place, count: bytes.count, deallocator: .none))
  }
}

/// A safetensors file that has been checked: every entry lies within the data.
package struct SafetensorsFile {
  let path: String
  private let data: Data
  private let header: [String: JSON]
  private let start: Int

  /// Reads a file.
  ///
  /// - Throws: ``CheckpointError``.
  package init(_ path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CheckpointError(path: path, reason: "the file cannot be read")
    }
    try self.init(data, path: path)
  }

  /// Looks at the bytes of a file; `data` begins at index 0.
  ///
  /// - Throws: ``CheckpointError``.
  package init(_ data: Data, path: String) throws {
    self.path = path
    func fail(_ reason: String) -> CheckpointError { CheckpointError(path: path, reason: reason) }
    guard data.count >= 8 else { throw fail("the file is cut short") }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[$1]) << (8 * UInt64($1)) }
    guard length <= 100 << 20, length <= data.count - 8 else {
      throw fail("the file is cut short or no safetensors file")
    }
    start = 8 + Int(length)
    do {
      guard case .object(let members) = try JSON.parse(data[8..<start]) else {
        throw fail("its header is no JSON object")
      }
      header = members
    } catch let error as JSONError { throw fail("its header is damaged: \(error)") }
    self.data = data
  }

  var byteCount: Int { data.count }

  /// Texts by name that belong to no tensor.
  package var metadata: [String: JSON] {
    if case .object(let members)? = header["__metadata__"] { members } else { [:] }
  }

  /// Whether there is an entry of this name.
  package func has(_ name: String) -> Bool { name != "__metadata__" && header[name] != nil }

  /// What is wrong with this file.
  package func error(_ reason: String) -> CheckpointError {
    CheckpointError(path: path, reason: reason)
  }

  /// One float32 tensor of the expected shape.
  ///
  /// - Throws: ``CheckpointError``.
  package func tensor(_ name: String, shape: [Int]) throws -> Tensor {
    guard let entry = header[name] else { throw error("it lacks the parameter \(name)") }
    guard entry["dtype"] == "F32", entry["shape"] == .array(shape.map { .integer($0) }) else {
      throw error("\(name): expected float32 \(Tensor.text(shape))")
    }
    guard case .array(let offsets)? = entry["data_offsets"], offsets.count == 2,
      case .integer(let from) = offsets[0], case .integer(let to) = offsets[1], from >= 0,
      from <= to,
      to - from == shape.reduce(1, *) * 4
    else { throw error("\(name): its place in the file makes no sense") }
    guard to <= data.count - start else { throw error("the file is cut short at \(name)") }
    var numbers = [Float](repeating: 0, count: (to - from) / 4)
    _ = numbers.withUnsafeMutableBytes { data.copyBytes(to: $0, from: start + from..<start + to) }
    return try Tensor(numbers, shape: shape)
  }
}
