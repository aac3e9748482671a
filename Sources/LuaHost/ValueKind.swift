// The kinds of value that a native function takes and gives. They drive checks, help and stubs.

/// What an argument, an option or a result may be. Strings are never taken for numbers.
public indirect enum ValueKind: @unchecked Sendable {
  /// Any value; tables are copied.
  case any
  /// Any value but nil, kept by reference instead of copied.
  case reference
  /// `true` or `false`.
  case boolean
  /// An integer; `3.0` is one, `3.5` is not.
  case integer
  /// An integer or a double, NaN and infinities included.
  case number
  /// A string.
  case string
  /// One of these strings.
  case oneOf([String])
  /// A table.
  case table
  /// A table of positions 1 … n, all of one kind, without names.
  case list(ValueKind)
  /// A function.
  case function
  /// An object of this class.
  case object(any LuaObject.Type)
  /// Any of several kinds.
  case either([ValueKind])
}
