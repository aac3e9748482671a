// A tensor as Lua holds it: the variable itself, without an object around it. The methods stand in one
// file per topic, each with its own table; the class joins the tables.

import Autograd
import LuaHost
import TensorCore

/// A tensor, perhaps with the history of its making, in Lua's hands: class `Tensor`.
public typealias LuaTensor = Variable

extension Variable: LuaObject, HeldAsTensor {
  /// The bytes of this tensor's own elements, so that a view of one row does not count the whole.
  public var luaByteCount: Int { value.count * value.dtype.byteCount + Self.overhead }

  /// Objects and the smallest buffer around the elements.
  private static var overhead: Int { 256 }

  /// Nearly every tensor that Lua receives was made for it.
  public static var hasLuaIdentity: Bool { false }

  /// The numbers and their history.
  public var variable: Variable { self }

  /// The class `Tensor`.
  public static let luaClass = NativeClass(
    "Tensor", "A dense array of numbers that knows how it was computed.",
    maker: "tensor.from { 1, 2, 3 }",
    methods: TensorArithmetic.methods + TensorComparison.methods + TensorReductions.methods
      + TensorLayout.methods + TensorIndexing.methods + TensorLayers.methods
      + TensorReading.methods + TensorGradients.methods + TensorChanges.methods,
    metamethods: TensorArithmetic.metamethods + TensorReading.metamethods,
    properties: TensorReading.properties + TensorGradients.properties)
}

/// Lets bindings write `LuaTensor(x)` where they hand a variable to Lua.
public protocol HeldAsTensor {}

extension HeldAsTensor {
  /// The variable itself; it is shared, not copied.
  public init(_ variable: Self) { self = variable }
}
