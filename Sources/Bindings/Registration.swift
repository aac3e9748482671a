// The doors of this module: one function per group of Lua modules.

import LuaHost

/// Registers `eidetic.tensor` and `eidetic.rng` with their classes `Tensor` and `Rng`.
///
/// - Throws: `LuaError` when a name is taken already.
public func registerTensors(_ state: LuaState) throws {
  try state.register(LuaTensor.self)
  try state.register(LuaRng.self)
  try state.register(TensorModule.module)
  try state.register(RngModule.module)
}
