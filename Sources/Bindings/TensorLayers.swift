// What neural networks are made of, in one operation each.

import Autograd
import LuaHost
import TensorCore

enum TensorLayers {
  static func linear(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    try x.linear(
      arguments.tensor("weight"), arguments.object(ifGiven: "bias", LuaTensor.self)?.variable)
  }

  static func softmax(_ op: String, logarithm: Bool) -> NativeFunction {
    .method(
      op,
      logarithm
        ? "The logarithm of softmax, without overflow."
        : "exp(x) / sum of exp(x), without overflow.",
      [.dimension("Dimension; the last by default.", default: -1)], example: "t:\(op)(2)"
    ) { arguments, x in
      try x.softmax(
        axis: arguments.axis("dim", of: x.shape.count, op), logarithm: logarithm)
    }
  }

  /// A scale or shift of the last dimension, by default without effect.
  private static func parameter(
    _ arguments: Arguments, _ key: ArgumentKey, _ x: Variable, default value: Float
  ) throws -> Variable {
    if let given = try arguments.object(ifGiven: key, LuaTensor.self) { return given.variable }
    return Variable(try .full([x.shape.last ?? 1], value))
  }

  static func layerNorm(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    try x.layerNorm(
      parameter(arguments, "weight", x, default: 1), parameter(arguments, "bias", x, default: 0),
      epsilon: epsilon(arguments, "layer_norm"))
  }

  static func rmsNorm(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    try x.rmsNorm(
      parameter(arguments, "weight", x, default: 1), epsilon: epsilon(arguments, "rms_norm"))
  }

  private static func epsilon(_ arguments: Arguments, _ op: String) throws -> Float {
    let epsilon = try arguments.number("epsilon")
    guard epsilon >= 0, epsilon.isFinite else {
      throw LuaError("\(op): epsilon must be 0 or more, got \(epsilon.luaText)", kind: .argument)
    }
    return Float(epsilon)
  }

  /// Losses per row; the mean counts labelled rows only.
  static func crossEntropy(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    guard let classes = x.shape.last else {
      throw TensorError.shape(op: "cross_entropy", expected: "[.., N]", got: "a single number")
    }
    let labels = try arguments.identifiers(
      "labels", below: classes, "label", allowingNegative: true, "cross_entropy")
    let losses = try x.crossEntropy(labels)
    switch try arguments.string("reduction") {
    case "sum": return try losses.sum()
    case "mean":
      let labelled = (0..<labels.count).count { labels.ints[$0] >= 0 }
      return try losses.sum() * (1 / Float(labelled))
    default: return losses
    }
  }

  static func attention(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let heads = try arguments.integer("heads")
    let segments = try Segments(lengths: arguments.integers("lengths"))
    return try x.attention(segments, heads: heads, causal: arguments.boolean("causal"))
  }

  // MARK: Table

  private static let weight = Parameter(
    "weight", .tensor, "Scale of the last dimension, [N]; 1 by default.", optional: true)

  static let methods: [NativeFunction] = [
    .method(
      "linear", "x · weightᵀ + bias.",
      [
        Parameter("weight", .tensor, "[out, in]."),
        Parameter("bias", .tensor, "[out], or none.", optional: true),
      ], gives: "[.., out]", example: "x:linear(weight, bias)", linear),
    softmax("softmax", logarithm: false),
    softmax("log_softmax", logarithm: true),
    .method(
      "layer_norm", "Rows with mean 0 and variance 1, then scaled and shifted.",
      [weight, Parameter("bias", .tensor, "Shift, [N]; 0 by default.", optional: true)],
      options: [Option("epsilon", .number, "Added to the variance.", default: 1e-5)],
      example: "t:layer_norm(tensor.ones { 3 }, tensor.zeros { 3 })", layerNorm),
    .method(
      "rms_norm", "Rows divided by their root mean square, then scaled.", [weight],
      options: [Option("epsilon", .number, "Added to the mean square.", default: 1e-6)],
      example: "t:rms_norm(tensor.ones { 3 })", rmsNorm),
    .method(
      "cross_entropy", "The negative log-likelihood of labels under rows of logits.",
      [
        Parameter(
          "labels", .integers,
          "One per row, counted from 0 (identifiers); a negative label is ignored.")
      ],
      options: [
        Option(
          "reduction", .oneOf(["none", "mean", "sum"]),
          "Losses of all rows, their mean over labelled rows, or their sum.", default: "none",
          unit: "nats")
      ], gives: "[rows], or one number.",
      example: "logits:cross_entropy(ids, { reduction = \"mean\" })", crossEntropy),
    .method(
      "attention", "softmax(q kᵀ / √D) v within packed segments, for heads side by side.",
      [
        Parameter("lengths", .list(.integer), "Rows per segment, one after the other."),
        Parameter("heads", .integer, "How many heads share the width."),
      ],
      options: [
        Option(
          "causal", .boolean, "Whether a row sees only itself and earlier rows.", default: true)
      ], gives: "[rows, H·D] for queries, keys and values side by side, [rows, 3·H·D].",
      example: "qkv:attention({ 5, 3 }, 4, { causal = false })", attention),
    .method(
      "patches", "Images [B, height, width, C] as rows of square patches.",
      [Parameter("size", .integer, "Side of a patch; divides both sides.")],
      gives: "[B · patches, size · size · C]", example: "images:patches(8):linear(weight, bias)"
    ) { arguments, x in try x.patches(size: arguments.integer("size")) },
  ]
}
