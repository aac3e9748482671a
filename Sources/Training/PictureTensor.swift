// Bytes of pictures to the numbers that a model sees.

import Networks
import TensorCore

extension Tensor {
  /// RGB bytes of square pictures, row by row, to `[pictures, side, side, 3]` in −1 … 1.
  ///
  /// - Throws: `ModelError.batch` for a picture of another size.
  package static func pictures(_ pictures: [[UInt8]], side: Int) throws -> Tensor {
    let each = side * side * 3
    let result = try Tensor(uninitialized: [pictures.count, side, side, 3])
    for (number, bytes) in pictures.enumerated() {
      guard bytes.count == each else {
        throw ModelError.batch(
          expected: "images of \(side) x \(side) pixels", got: "\(bytes.count / 3) pixels")
      }
      let target = result.floats + number * each
      bytes.withUnsafeBufferPointer { bytes in
        for i in 0..<each { target[i] = Float(bytes[i]) / 127.5 - 1 }
      }
    }
    return result
  }
}
