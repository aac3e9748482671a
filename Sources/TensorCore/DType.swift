// What a tensor's elements are.

/// The type of a tensor's elements.
///
/// Arithmetic is float32; the others hold identifiers, pixels and masks.
public enum DType: String, Sendable, CaseIterable {
  case float32, int32, uint8, bool

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .float32, .int32: 4
    case .uint8, .bool: 1
    }
  }
}

/// A Swift type that can be a tensor's element.
public protocol TensorElement: BitwiseCopyable, Sendable {
  /// The matching element type of tensors.
  static var dtype: DType { get }
}

extension Float: TensorElement {
  /// Single precision.
  public static var dtype: DType { .float32 }
}
extension Int32: TensorElement {
  /// Identifiers and positions.
  public static var dtype: DType { .int32 }
}
extension UInt8: TensorElement {
  /// Pixels.
  public static var dtype: DType { .uint8 }
}
extension Bool: TensorElement {
  /// Masks.
  public static var dtype: DType { .bool }
}
