// The matrix products of a training step: their sizes, how often they run, how fast OpenBLAS is at
// them. What a step would take that did nothing else follows from it.

import CKernels
import CLimits
import Networks
import Repro

/// A layer's product y = x · wᵀ with x `[m, k]` and w `[n, k]`, and its two derivatives.
struct Product {
  let name: String
  let m: Int, n: Int, k: Int
  /// How often one step runs it: layers of the same size, or heads of all sequences.
  let times: Int
  /// How many run as one batch; 1 outside of attention.
  var batch = 1
  /// The share of the square that a causal mask leaves.
  var share = 1.0
  /// Whether the derivative of x is asked for; pixels have none.
  var hasInputGradient = true

  /// Its directions: the product itself, the derivative of x, the derivative of w.
  var directions: [Direction] {
    [
      Direction(label: "forward", ta: false, tb: true, m: m, n: n, k: k),
      Direction(label: "dx", ta: false, tb: false, m: m, n: k, k: n),
      Direction(label: "dw", ta: true, tb: false, m: n, n: k, k: m),
    ].filter { hasInputGradient || $0.label != "dx" }
  }

  /// Operations of all directions in one step; a multiplication and an addition are two.
  var operations: Double {
    Double(directions.count * 2 * m * n * k * times) * share
  }
}

/// One product as it is handed to OpenBLAS.
struct Direction {
  let label: String
  let ta: Bool, tb: Bool
  let m: Int, n: Int, k: Int

  /// Seconds of one product of a batch: plain OpenBLAS on one thread, and through the engine's
  /// partition on all threads.
  func measure(batch: Int) -> (one: Double, all: Double) {
    let sizes = [m * k, k * n, m * n].map { $0 * batch }
    let buffers = sizes.map { UnsafeMutablePointer<Float>.allocate(capacity: $0) }
    defer { for buffer in buffers { buffer.deallocate() } }
    for (buffer, size) in zip(buffers, sizes) {
      for i in 0..<size { buffer[i] = Float(i % 17) / 16 - 0.5 }
    }
    let (a, b, c) = (buffers[0], buffers[1], buffers[2])
    let (ta, tb) = (Int32(ta ? 1 : 0), Int32(tb ? 1 : 0))
    let one = medianSeconds { el_sgemm(batch, ta, tb, m, n, k, a, b, c) }
    let all = medianSeconds {
      if batch == 1 {
        ek_gemm(ta, tb, m, n, k, a, ta == 1 ? m : k, b, tb == 1 ? k : n, 0, nil, c, n)
      } else {
        ek_gemm_batch(batch, ta, tb, m, n, k, a, m * k, b, k * n, c, m * n)
      }
    }
    return (one / Double(batch), all / Double(batch))
  }
}

/// All products of one training step.
struct StepProducts {
  let products: [Product]

  /// - Parameters:
  ///   - examples: B, each with one image.
  ///   - rows: Decoder rows of an example, all with a label.
  init(_ c: ModelConfiguration, examples: Int, rows: Int) {
    let d = c.width
    var products = [
      Product(
        name: "vision patch", m: examples * c.patches, n: d, k: 3 * c.patchSize * c.patchSize,
        times: 1, hasInputGradient: false)
    ]
    products += Self.blocks(
      "vision", c, examples: examples, rows: c.patches + c.imageTokens, count: c.encoderBlocks,
      causal: false)
    products.append(
      Product(name: "projector", m: examples * c.imageTokens, n: d, k: d, times: 1))
    products += Self.blocks(
      "decoder", c, examples: examples, rows: rows, count: c.decoderBlocks, causal: true)
    products.append(Product(name: "head", m: examples * rows, n: c.vocabulary, k: d, times: 1))
    self.products = products
  }

  private static func blocks(
    _ name: String, _ c: ModelConfiguration, examples: Int, rows: Int, count: Int, causal: Bool
  ) -> [Product] {
    let (d, m) = (c.width, examples * rows)
    let share = causal ? Double(rows + 1) / Double(2 * rows) : 1
    return [
      Product(name: "\(name) qkv", m: m, n: 3 * d, k: d, times: count),
      Product(name: "\(name) output", m: m, n: d, k: d, times: count),
      Product(name: "\(name) up", m: m, n: 4 * d, k: d, times: count),
      Product(name: "\(name) down", m: m, n: d, k: 4 * d, times: count),
      // Scores and mixing have the same sizes in other places: twice q · kᵀ and its derivatives.
      Product(
        name: "\(name) attention", m: rows, n: rows, k: d / c.heads,
        times: 2 * count * examples * c.heads, batch: examples * c.heads, share: share),
    ]
  }

  /// Operations of one step.
  var operations: Double { products.map(\.operations).reduce(0, +) }

  /// Measures every product.
  func measured() -> MeasuredProducts {
    MeasuredProducts(
      entries: products.flatMap { product in
        product.directions.map { ($0, product, $0.measure(batch: product.batch)) }
      })
  }
}

/// Products with the seconds each takes.
struct MeasuredProducts {
  let entries: [(direction: Direction, product: Product, seconds: (one: Double, all: Double))]

  /// Seconds of a step of products alone, through the engine's partition on all threads.
  var partitioned: Double { total(\.all) }
  /// The same with every product split over the threads without any loss.
  func ideal(threads: Int) -> Double { total(\.one) / Double(threads) }

  private func total(_ which: KeyPath<(one: Double, all: Double), Double>) -> Double {
    entries.map { Double($0.product.times) * $0.product.share * $0.seconds[keyPath: which] }
      .reduce(0, +)
  }

  /// A table for people.
  var text: String {
    let head = "  " + "product".padded(-26) + "m".padded(6) + "n".padded(6) + "k".padded(6)
    return
      ([head + "times".padded(7) + "   GFLOP/s on one thread, partitioned on all"]
      + entries.map { line($0.direction, $0.product, $0.seconds) }).joined(separator: "\n")
  }

  private func line(
    _ direction: Direction, _ product: Product, _ seconds: (one: Double, all: Double)
  ) -> String {
    let operations = Double(2 * direction.m * direction.n * direction.k) / 1e9
    return "  " + "\(product.name) \(direction.label)".padded(-26)
      + [direction.m, direction.n, direction.k].map { "\($0)".padded(6) }.joined()
      + "\(product.times)".padded(7) + (operations / seconds.one).text(1).padded(10)
      + (operations / seconds.all).text(1).padded(8)
  }

  /// Each product's sizes and speeds.
  var json: JSON {
    .array(
      entries.map { direction, product, seconds in
        let operations = Double(2 * direction.m * direction.n * direction.k) / 1e9
        return [
          "product": .string(product.name), "direction": .string(direction.label),
          "m": .integer(direction.m), "n": .integer(direction.n), "k": .integer(direction.k),
          "times": .integer(product.times), "gflops_one": .number(operations / seconds.one),
          "gflops_all": .number(operations / seconds.all),
        ]
      })
  }
}
