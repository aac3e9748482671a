// A tensor as Lua holds it. The methods stand in one file per topic, each with its own table; the
// class joins the tables.

import Autograd
import LuaHost
import TensorCore

/// A tensor, perhaps with the history of its making, in Lua's hands: class `Tensor`.
public final class LuaTensor: LuaObject {
  /// The numbers and their history.
  public let variable: Variable

  /// Wraps a variable; it is shared, not copied.
  public init(_ variable: Variable) { self.variable = variable }

  /// The bytes of this tensor's own elements, so that a view of one row does not count the whole.
  public var luaByteCount: Int {
    variable.value.count * variable.value.dtype.byteCount + LuaTensor.overhead
  }

  /// Objects and the smallest buffer around the elements.
  private static let overhead = 256

  /// The class `Tensor`.
  public static let luaClass = NativeClass(
    "Tensor", "A dense array of numbers that knows how it was computed.",
    methods: TensorArithmetic.methods + TensorComparison.methods + TensorReductions.methods
      + TensorLayout.methods + TensorIndexing.methods + TensorLayers.methods
      + TensorReading.methods + TensorGradients.methods + TensorChanges.methods,
    metamethods: TensorArithmetic.metamethods + TensorReading.metamethods,
    properties: TensorReading.properties + TensorGradients.properties)
}
