// Descriptors of modules and classes.

/// A table of native functions and constants, reached by `require` and, if wished, as a global.
/// Scripts cannot change it, and reading what it lacks is an error with a suggestion.
public struct NativeModule: @unchecked Sendable {
  /// A fixed value.
  public struct Constant: @unchecked Sendable {
    /// Name.
    public let name: String
    /// Value; a table is handed out as one shared table.
    public let value: LuaValue
    /// One sentence.
    public let summary: String

    /// Describes a constant.
    public init(_ name: String, _ value: LuaValue, _ summary: String = "") {
      self.name = name
      self.value = value
      self.summary = summary
    }
  }

  /// Name for `require`; `a.b` is also found as field `b` of a module `a` registered before.
  public let name: String
  /// One sentence.
  public let summary: String
  /// Functions.
  public let functions: [NativeFunction]
  /// Constants.
  public let constants: [Constant]
  /// A class whose methods are functions of the module as well, with the object in front, where
  /// the module has no function of that name: `tensor.exp(x)` is `x:exp()`.
  public let borrowed: (any LuaObject.Type)?
  private let keptMethods: [String]

  /// Describes a module.
  public init(
    _ name: String, _ summary: String, functions: [NativeFunction] = [],
    constants: [Constant] = [], methodsOf borrowed: (any LuaObject.Type)? = nil,
    except keptMethods: [String] = []
  ) {
    self.name = name
    self.summary = summary
    self.functions = functions
    self.constants = constants
    self.borrowed = borrowed
    self.keptMethods = keptMethods
  }

  /// The methods that are functions here as well, with their class.
  var borrowedMethods: [(type: any LuaObject.Type, method: NativeFunction)] {
    guard let borrowed else { return [] }
    let own = Set(functions.map(\.name) + constants.map(\.name) + keptMethods)
    return borrowed.luaClass.methods.filter { !own.contains($0.name) }.map { (borrowed, $0) }
  }
}

/// How Lua sees a Swift class. `close`, `<close>` and collection come by themselves.
public struct NativeClass: @unchecked Sendable {
  /// A value read, and perhaps written, as `object.name`.
  public struct Property: @unchecked Sendable {
    /// Name.
    public let name: String
    /// What it is.
    public let kind: ValueKind
    /// One sentence.
    public let summary: String
    let getter: (Arguments) throws -> LuaValue
    let setter: ((Arguments) throws -> Void)?

    /// Whether scripts may assign it.
    public var isWritable: Bool { setter != nil }

    /// Describes a property; `get` finds the object as ``Arguments/receiver(_:)``, `set` finds the
    /// checked new value as argument `value`.
    public init(
      _ name: String, _ kind: ValueKind, _ summary: String = "",
      get: @escaping (Arguments) throws -> LuaValue, set: ((Arguments) throws -> Void)? = nil
    ) {
      self.name = name
      self.kind = kind
      self.summary = summary
      getter = get
      setter = set
    }
  }

  /// Name in messages and stubs, such as `Tensor`.
  public let name: String
  /// One sentence.
  public let summary: String
  /// What gives one, such as `rng.new(7)`; messages name it to who has something else.
  public let maker: String?
  /// Methods; `self` is not among their parameters, find it as ``Arguments/receiver(_:)``.
  public let methods: [NativeFunction]
  /// Functions under the names of Lua's events. Operands are ordinary parameters, the object may
  /// stand on either side. `__index` and `__newindex` see only keys that are no strings.
  ///
  /// Allowed: `__add __sub __mul __div __mod __pow __unm __idiv __concat __len __eq __lt __le __call
  /// __tostring __index __newindex`.
  public let metamethods: [NativeFunction]
  /// Properties.
  public let properties: [Property]

  /// Describes a class.
  public init(
    _ name: String, _ summary: String, maker: String? = nil, methods: [NativeFunction] = [],
    metamethods: [NativeFunction] = [], properties: [Property] = []
  ) {
    self.name = name
    self.summary = summary
    self.maker = maker
    self.methods = methods
    self.metamethods = metamethods
    self.properties = properties
  }
}
