// The engine behind the tensors: whether it records, whether its derivatives are right, what memory
// and processor it uses.

import Autograd
import LuaHost
import TensorCore

enum TensorEngine {
  static func paused(_ arguments: Arguments) throws -> [LuaValue] {
    let function = try arguments.function("fn")
    return try Tape.paused { try function.call(Array(arguments.rest)) }
  }

  static func gradientCheck(_ arguments: Arguments) throws -> [LuaValue] {
    let function = try arguments.function("fn")
    let inputs = try arguments.tensors("inputs", "gradient_check").map(\.value)
    for input in inputs { try input.require(.float32, "gradient_check") }
    let step = try arguments.number("step"), tolerance = try arguments.number("tolerance")
    guard step > 0, step.isFinite, tolerance >= 0 else {
      throw LuaError(
        "gradient_check: expected step > 0 and tolerance >= 0, got \(step.luaText) and "
          + tolerance.luaText, kind: .argument)
    }
    let report = try Autograd.gradientCheck(inputs, step: Float(step), tolerance: tolerance) {
      let results = try function.call($0.map { .object(LuaTensor($0)) })
      guard let loss = results.first?.asObject(LuaTensor.self) else {
        throw LuaError(
          "gradient_check: the function must return a Tensor of one number, got "
            + (results.first ?? .nil).kindName, kind: .argument)
      }
      return loss.variable
    }
    return [
      .fields([
        "passed": .boolean(report.passed), "error": .number(report.error),
        "input": .integer(report.input + 1), "element": .integer(report.element + 1),
        "analytic": .number(report.analytic), "numeric": .number(report.numeric),
      ])
    ]
  }

  static func memory(_ arguments: Arguments) -> [LuaValue] {
    [
      .fields([
        "used": .integer(StoragePool.usedBytes), "limit": .integer(StoragePool.limitBytes),
        "allocations": .integer(StoragePool.allocationCount),
      ])
    ]
  }

  static func setMemoryLimit(_ arguments: Arguments) throws -> [LuaValue] {
    let bytes = try arguments.integer("bytes")
    guard bytes >= 0 else {
      throw LuaError("memory_limit: expected 0 bytes or more, got \(bytes)", kind: .argument)
    }
    let earlier = StoragePool.limitBytes
    guard !arguments.isSandboxed || bytes <= earlier else {
      throw LuaError(
        "memory_limit: in the sandbox the limit of \(earlier) can only be lowered, got \(bytes)",
        kind: .argument)
    }
    StoragePool.limitBytes = bytes
    return [.integer(earlier)]
  }

  static func machine(_ arguments: Arguments) -> [LuaValue] {
    return [
      .fields([
        "threads": .integer(Machine.threadCount),
        "instruction_set": .string(Machine.instructionSet),
        "blas": .string(Machine.products),
        "allocator": .string(Machine.allocator),
      ])
    ]
  }

  static func setThreads(_ arguments: Arguments) throws -> [LuaValue] {
    let count = try arguments.integer("count")
    guard (1...256).contains(count) else {
      throw LuaError("threads: count \(count) is out of range 1 ... 256", kind: .argument)
    }
    let earlier = Machine.threadCount
    Machine.threadCount = count
    return [.integer(earlier)]
  }

  // MARK: Table

  static let functions: [NativeFunction] = [
    .entry(
      "no_grad", "Calls a function without recording what its operations would need to go back.",
      [
        Parameter("fn", .function, "What to call; must not yield."),
        Parameter("...", .any, "Its arguments.", variadic: true),
      ], results: [Result(.any, "What the function returns.")],
      example: "local loss = tensor.no_grad(function() return evaluate(model) end)", paused),
    .entry(
      "grad_enabled", "Whether operations on learning tensors are recorded.",
      results: [Result(.boolean)],
      example: "tensor.grad_enabled()   -- true outside tensor.no_grad"
    ) { _ in [.boolean(Tape.isRecording)] },
    .entry(
      "gradient_check",
      "Compares the derivatives of a function with central differences at every element.",
      [
        Parameter("fn", .function, "Takes the inputs, gives one number; deterministic."),
        Parameter("inputs", .list(.tensor), "Float tensors at which to check."),
      ],
      options: [
        Option("step", .number, "Half the distance of the two evaluations.", default: 1e-2),
        Option("tolerance", .number, "Largest error that passes.", default: 5e-3),
      ],
      results: [
        Result(
          .table,
          "`passed`, and of the worst element `error`, `input`, `element` (from 1), `analytic`, "
            + "`numeric`.")
      ],
      example: "assert(tensor.gradient_check(function(x) return x:tanh():sum() end, { x }).passed)",
      gradientCheck),
    .entry(
      "memory", "Bytes of all live tensors, their limit, and how often the system was asked.",
      results: [Result(.table, "`used`, `limit`, `allocations`.")],
      example: "tensor.memory()"
    ) { memory($0) },
    .entry(
      "memory_limit", "Sets how many bytes all tensors may use.",
      [Parameter("bytes", .integer, "The limit.")],
      results: [Result(.integer, "The limit before.")], example: "tensor.memory_limit(8 << 30)",
      setMemoryLimit),
    .entry(
      "trim", "Returns the buffers kept for reuse to the system.",
      example: "tensor.trim()"
    ) { _ in
      StoragePool.trim()
      return []
    },
    .entry(
      "machine", "How the engine uses this machine.",
      results: [Result(.table, "`threads`, `instruction_set`, `blas`, `allocator`.")],
      example: "tensor.machine().threads"
    ) { machine($0) },
    .entry(
      "threads", "Sets how many threads work; results never depend on it.",
      [Parameter("count", .integer, "1 ... 256.")],
      results: [Result(.integer, "The count before.")], example: "tensor.threads(2)", setThreads),
  ]
}
