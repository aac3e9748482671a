// The tests that the operation table drives.

import Autograd
import Repro
import TensorCore
import Testing

@Suite struct OperationTests {
  @Test func `every operation has a row`() {
    #expect(Set(operationTable.map(\.name)) == Set(Operation.allNames))
  }

  @Test(arguments: operationTable)
  func `computes what plain loops compute`(row: OperationRow) throws {
    for shapes in row.shapes {
      let inputs = try makeInputs(row, shapes)
      let got = try row.apply(inputs.map { Variable($0) })
      let want = row.reference(try inputs.map(naive))
      #expect(got.shape == want.shape, "\(row.name) of \(shapes)")
      for (g, w) in zip(try got.value.array(), want.data) {
        #expect(abs(Double(g) - w) <= 2e-5 * max(1, abs(w)), "\(row.name) of \(shapes)")
      }
    }
  }

  /// Central differences of the double-precision reference: error about step² + 1e-16 / step.
  @Test(arguments: operationTable)
  func `has the derivative that central differences show`(row: OperationRow) throws {
    for shapes in row.shapes where shapes.allSatisfy({ $0.reduce(1, *) <= 1000 }) {
      let inputs = try makeInputs(row, shapes)
      let leaves = inputs.map { Variable($0, requiresGradient: true) }
      let output = try row.apply(leaves)
      let weights = try makeTensor(output.shape, -1, 1, seed: 99)
      try (output * Variable(weights)).sum().backward()
      let reference = try inputs.map(naive)
      let w = try naive(weights)
      func loss(_ x: [Naive]) -> Double { zip(row.reference(x).data, w.data).reduce(0) { $0 + $1.0 * $1.1 } }
      for (i, leaf) in leaves.enumerated() {
        let analytic = try leaf.gradient?.array() ?? [Float](repeating: 0, count: leaf.value.count)
        #expect(leaf.gradient == nil || leaf.gradient?.shape == leaf.shape)
        for element in analytic.indices {
          var up = reference, down = reference
          up[i].data[element] += 1e-5
          down[i].data[element] -= 1e-5
          let numeric = (loss(up) - loss(down)) / 2e-5
          let error = abs(Double(analytic[element]) - numeric) / max(1, abs(numeric))
          #expect(
            error < 1e-4,
            "\(row.name) of \(shapes), input \(i)[\(element)]: \(analytic[element]) vs \(numeric)")
        }
      }
    }
  }

  @Test(arguments: operationTable)
  func `refuses shapes that do not fit`(row: OperationRow) throws {
    for shapes in row.refused {
      let inputs = try makeInputs(row, shapes).map { Variable($0) }
      #expect(throws: TensorError.self, "\(row.name) of \(shapes)") { try row.apply(inputs) }
    }
  }

  @Test(arguments: operationTable.filter(\.arithmetic))
  func `refuses integers`(row: OperationRow) throws {
    let inputs = try row.shapes[0].map {
      Variable(try makeTensor($0, 0, 1, seed: 1).converted(to: .int32))
    }
    #expect(throws: TensorError.self) { try row.apply(inputs) }
  }

  private func makeInputs(_ row: OperationRow, _ shapes: [[Int]]) throws -> [Tensor] {
    try shapes.enumerated().map { i, shape in
      let raw = try makeTensor(shape, Float(row.low), Float(row.high), seed: UInt64(i))
      let clear = try raw.array().map { value in
        row.kinks.contains { abs(Double(value) - $0) < 1e-3 } ? value + 0.01 : value
      }
      return try Tensor(clear, shape: shape)
    }
  }
}

func makeTensor(_ shape: [Int], _ low: Float, _ high: Float, seed: UInt64) throws -> Tensor {
  var stream = RandomStream(seed: seed)
  return try .uniform(shape, low: low, high: high, from: &stream)
}

private func naive(_ tensor: Tensor) throws -> Naive {
  Naive(tensor.shape, try tensor.array().map(Double.init))
}

/// Run one after the other: they change the machine's settings. Those that change the bits of other
/// tests, or count what others do too, run in a process of their own.
@Suite(.serialized) struct DeterminismTests {
  /// A small training step at sizes that are cut into many pieces.
  private func step() throws -> [[Float]] {
    let x = try makeTensor([700, 96], -1, 1, seed: 1)
    let w = Variable(try makeTensor([288, 96], -0.1, 0.1, seed: 2), requiresGradient: true)
    let head = Variable(try makeTensor([500, 96], -0.1, 0.1, seed: 3), requiresGradient: true)
    let gain = Variable(try Tensor.ones([96]), requiresGradient: true)
    let shift = Variable(try Tensor.zeros([96]), requiresGradient: true)
    let segments = try Segments(lengths: [100, 300, 1, 299])
    let h = try Variable(x).layerNorm(gain, shift).linear(w).attention(
      segments, heads: 3, causal: true)
    let labels = try Tensor((0..<700).map { Int32($0 % 500) })
    let loss = try h.map(.gelu).linear(head).crossEntropy(labels).mean()
    try loss.backward()
    return try [loss.value.array()] + [w, head, gain, shift].map { try $0.gradient?.array() ?? [] }
  }

  @Test func `results are the same bits at any thread count`() throws {
    let before = Machine.threadCount
    defer { Machine.threadCount = before }
    Machine.threadCount = 1
    let alone = try step()
    for threads in [2, 3, 7] {
      Machine.threadCount = threads
      #expect(try step() == alone, "\(threads) threads")
    }
  }

  @Test func `instruction sets agree within rounding`() async {
    await #expect(processExitsWith: .success) {
      let tests = DeterminismTests()
      let reference = try tests.step().flatMap { $0 }
      for name in ["portable", "avx2", "avx512"] where Machine.force(instructionSet: name) {
        for (a, b) in zip(try tests.step().flatMap { $0 }, reference) {
          #expect(abs(a - b) <= 1e-5 * max(1, abs(b)), "\(name)")
        }
      }
    }
  }

  @Test func `a repeated step allocates nothing new`() async {
    await #expect(processExitsWith: .success) {
      let tests = DeterminismTests()
      for _ in 0..<3 { _ = try tests.step() }
      let before = StoragePool.allocationCount
      for _ in 0..<3 { _ = try tests.step() }
      #expect(StoragePool.allocationCount == before)
    }
  }
}

@Suite struct TapeTests {
  @Test func `a value used twice collects both derivatives`() throws {
    let x = Variable(try Tensor([3]), requiresGradient: true)
    let y = try x * x
    try (y + y * x).sum().backward()  // x² + x³ → 2x + 3x²
    #expect(try x.gradient?.array() == [33])
  }

  @Test func `gradients add up over calls until cleared`() throws {
    let x = Variable(try Tensor([2]), requiresGradient: true)
    for _ in 0..<2 { try (x * 3).sum().backward() }
    #expect(try x.gradient?.array() == [6])
    x.clearGradient()
    #expect(x.gradient == nil)
  }

  @Test func `used history is refused, kept history is not`() throws {
    let x = Variable(try Tensor([2]), requiresGradient: true)
    let loss = try (x * x).sum()
    try loss.backward(retaining: true)
    try loss.backward()
    #expect(throws: GradientError.historyUsed(op: "sum_all")) { try loss.backward() }
  }

  @Test func `backward needs one number with a history`() throws {
    let x = Variable(try Tensor([2, 3]), requiresGradient: true)
    #expect(throws: GradientError.notScalar(shape: [2])) { try x.backward() }
    #expect(throws: GradientError.noHistory) { try Variable(Tensor([1])).backward() }
  }

  @Test func `nothing is remembered while the tape is paused`() throws {
    let x = Variable(try Tensor([2]), requiresGradient: true)
    #expect(try !Tape.paused { try x * x }.hasHistory)
  }

  @Test func `a chain of a million operations is dropped without recursion`() throws {
    var x = Variable(try Tensor([1]), requiresGradient: true)
    for _ in 0..<1_000_000 { x = try x + 1 }
    #expect(try x.value.item() == 1_000_001)
  }

  @Test func `gradient check accepts right and finds wrong derivatives`() throws {
    let x = try makeTensor([3, 4], -1, 1, seed: 4)
    #expect(try gradientCheck([x]) { try $0[0].map(.tanh).sum() }.passed)
    // The detached factor hides half of the derivative of x².
    #expect(try !gradientCheck([x]) { try ($0[0] * $0[0].detached).sum() }.passed)
  }

  @Test func `a way back that failed leaves nothing for the next`() throws {
    let w = Variable(try Tensor([2, 3]), requiresGradient: true)
    let y = try w * w
    let older = try (y * w).sum()
    let younger = try (w * w).sum()
    try y.value.copy(from: Tensor([1, 1]))
    // The younger branch has brought w its part when the older one is refused.
    #expect(throws: GradientError.changedInPlace(op: "mul")) { try (older + younger).backward() }
    #expect(w.gradient == nil)
    try (w * w).sum().backward()
    #expect(try w.gradient?.array() == [4, 6])
  }

  @Test func `history is let go of while it is walked`() throws {
    let w = Variable(try Tensor([2, 3]), requiresGradient: true)
    weak var between: Variable?
    let loss: Variable
    do {
      let y = try w * w
      between = y
      loss = try (y * w).sum()
    }
    #expect(between != nil)
    try loss.backward()
    #expect(try w.gradient?.array() == [12, 27])
    #expect(between == nil && loss.hasHistory)
  }

  @Test func `going back past a change in place is an error`() throws {
    let x = Variable(try Tensor([2, 3]), requiresGradient: true)
    let loss = try (x * x).sum()
    try x.value.copy(from: Tensor([5, 5]))
    #expect(throws: GradientError.changedInPlace(op: "mul")) { try loss.backward() }
    try (x * x).sum().backward()
    #expect(try x.gradient?.array() == [10, 10])
  }

  @Test func `a pause in one task leaves others recording`() async throws {
    let (here, elsewhere) = Tape.paused {
      (Tape.isRecording, Task.detached { Tape.isRecording })
    }
    let recordsElsewhere = await elsewhere.value
    #expect(!here && recordsElsewhere)
  }

  @Test func `logsumexp of infinities is infinite, not NaN`() throws {
    let inf = Float.infinity
    let x = Variable(try Tensor([-inf, -inf, inf, 1], shape: [2, 2]))
    #expect(try x.logSumExp(axis: 1).value.array() == [-inf, inf])
  }
}
