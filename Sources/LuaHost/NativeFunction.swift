// The descriptor of a native function: from it come the checks, the help, the stubs and the API dump.

/// A Swift function that Lua may call, with everything there is to know about it.
///
/// ```swift
/// NativeFunction(
///   "zeros", "A tensor of zeros.",
///   parameters: [.init("shape", .list(.integer), "Sizes of the dimensions.")],
///   options: [.init("fill", .number, "What to fill with.", default: 0)],
///   results: [.init(.object(Tensor.self), "The tensor.")]
/// ) { arguments in
///   [.object(try Tensor(filled: arguments.number("fill"), arguments.integers("shape")))]
/// }
/// ```
public struct NativeFunction: @unchecked Sendable {
  /// What runs: arguments are checked already, what it throws becomes a Lua error at the line of
  /// the script that called.
  ///
  /// It must not hold `inout` access to anything an object's `deinit` may touch while it calls
  /// back into Lua: the collector may run there.
  public typealias Body = (Arguments) throws -> [LuaValue]
  /// The same for exactly one result, which then needs no array around it.
  public typealias SingleBody = (Arguments) throws -> LuaValue

  enum Work {
    case many(Body)
    case one(SingleBody)
  }

  /// A positional argument.
  public struct Parameter: @unchecked Sendable {
    /// Name, as in error messages and in ``Arguments``.
    public let name: String
    /// What it may be.
    public let kind: ValueKind
    /// One sentence.
    public let summary: String
    /// Whether it may be missing or nil.
    public let isOptional: Bool
    /// What ``Arguments`` gives when it is missing.
    public let defaultValue: LuaValue
    /// Whether it takes all remaining arguments; only the last may.
    public let isVariadic: Bool

    /// Describes a positional argument; a default makes it optional.
    public init(
      _ name: String, _ kind: ValueKind, _ summary: String = "", optional: Bool = false,
      default value: LuaValue = nil, variadic: Bool = false
    ) {
      self.name = name
      self.kind = kind
      self.summary = summary
      isOptional = optional || variadic || !value.isNil
      defaultValue = value
      isVariadic = variadic
    }
  }

  /// A named field of the trailing options table.
  public struct Option: @unchecked Sendable {
    /// Name of the field.
    public let name: String
    /// What it may be.
    public let kind: ValueKind
    /// One sentence.
    public let summary: String
    /// What ``Arguments`` gives when it is missing.
    public let defaultValue: LuaValue
    /// Whether it must be given.
    public let isRequired: Bool
    /// Unit, such as `steps` or `nats`.
    public let unit: String?

    /// Describes an option.
    public init(
      _ name: String, _ kind: ValueKind, _ summary: String = "", default value: LuaValue = nil,
      required: Bool = false, unit: String? = nil
    ) {
      self.name = name
      self.kind = kind
      self.summary = summary
      defaultValue = value
      isRequired = required
      self.unit = unit
    }
  }

  /// A returned value.
  public struct Result: Sendable {
    /// What it is.
    public let kind: ValueKind
    /// One sentence.
    public let summary: String
    /// Whether it may be nil.
    public let isOptional: Bool

    /// Describes a returned value.
    public init(_ kind: ValueKind, _ summary: String = "", optional: Bool = false) {
      self.kind = kind
      self.summary = summary
      isOptional = optional
    }
  }

  /// Name without module or class, in snake case.
  public let name: String
  /// One sentence.
  public let summary: String
  /// Positional arguments, for a method without `self`.
  public let parameters: [Parameter]
  /// Fields of the trailing options table; none means that there is no such table.
  public let options: [Option]
  /// Returned values.
  public let results: [Result]
  /// The API version that brought it.
  public let since: String?
  /// Lua source.
  public let example: String?
  let work: Work

  /// Describes a function.
  public init(
    _ name: String, _ summary: String, parameters: [Parameter] = [], options: [Option] = [],
    results: [Result] = [], since: String? = nil, example: String? = nil, body: @escaping Body
  ) {
    self.init(
      name, summary, parameters: parameters, options: options, results: results, since: since,
      example: example, work: .many(body))
  }

  /// Describes a function that gives exactly one value: the cheapest kind to call.
  public static func single(
    _ name: String, _ summary: String, parameters: [Parameter] = [], options: [Option] = [],
    result: Result, since: String? = nil, example: String? = nil, body: @escaping SingleBody
  ) -> NativeFunction {
    NativeFunction(
      name, summary, parameters: parameters, options: options, results: [result], since: since,
      example: example, work: .one(body))
  }

  private init(
    _ name: String, _ summary: String, parameters: [Parameter], options: [Option],
    results: [Result], since: String?, example: String?, work: Work
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.options = options
    self.results = results
    self.since = since
    self.example = example
    self.work = work
  }
}
