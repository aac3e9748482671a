// One call of a native function. Scalars and objects stay where C left them until somebody asks for
// one; what needs memory is decoded once and at the start, so that every reference finds its owner.
// A script that the body calls may close an object meanwhile: whoever asks later finds none.

internal import CLuaShim

/// The arguments of one call of a native function, checked against its descriptor.
///
/// Options are found by name like parameters; what is missing has its default value. The object is
/// used again for the next call, unless the body has kept it.
public final class Arguments {
  private let owner: Unmanaged<HostCore>
  @exclusivity(unchecked) private var function: Unmanaged<Callee>?
  /// The arguments in C's memory, with a method's `self`; `nil` once they are decoded.
  @exclusivity(unchecked) private var first: UnsafePointer<es_value>?
  @exclusivity(unchecked) private var given = 0
  /// How many of them are no positional arguments.
  @exclusivity(unchecked) private var skipped = 0
  @exclusivity(unchecked) private var decodedReceiver = LuaValue.nil
  @exclusivity(unchecked) private var decodedPositions: ArraySlice<LuaValue> = []
  @exclusivity(unchecked) private(set) var options: [String: LuaValue] = [:]
  private var kept: (HostCore, Callee)?

  /// The core and the function outlive the call; counting references to them would cost a part of
  /// what a small function costs.
  init(_ core: HostCore) { owner = Unmanaged.passUnretained(core) }

  func begin(_ callee: Callee, _ values: UnsafeBufferPointer<es_value>) {
    function = Unmanaged.passUnretained(callee)
    first = values.baseAddress
    given = values.count
    skipped = callee.takesReceiver ? 1 : 0
  }

  func end() {
    if first == nil { (decodedReceiver, decodedPositions, options) = (.nil, [], [:]) }
    (first, function) = (nil, nil)  // the function ends with the state, this perhaps later
  }

  /// The body has kept its arguments: what they refer to stays.
  func outlive() {
    kept = (core, callee)
    guard first != nil else { return }
    let receiver = receiverValue
    decodedPositions = decode().dropFirst(skipped)
    decodedReceiver = receiver
  }

  var core: HostCore { owner.takeUnretainedValue() }
  var callee: Callee { function!.takeUnretainedValue() }

  /// The position of a parameter, `nil` when there is none of this name.
  @inline(__always)
  func position(of name: String) -> Int? {
    function!._withUnsafeGuaranteedRef { $0.position(of: name) }
  }

  // MARK: In place

  /// Whether everything that C gave is accepted as it lies there.
  func accepts(_ glances: [Glance], receiver type: ObjectIdentifier?, least: Int) -> Bool {
    guard let first, count >= least, count <= glances.count else { return false }
    return owner._withUnsafeGuaranteedRef { core in
      if let type {
        guard given > 0, first.isObject(of: type, in: core) else { return false }
      }
      for index in 0..<count where !glances[index].accepts(first[skipped + index], in: core) {
        return false
      }
      return true
    }
  }

  /// Whether a value in C's memory is an object of a class, and open.
  func isObject(_ value: UnsafePointer<es_value>, of type: ObjectIdentifier) -> Bool {
    owner._withUnsafeGuaranteedRef { value.isObject(of: type, in: $0) }
  }

  /// A positional argument in C's memory.
  @inline(__always)
  func inPlace(_ index: Int) -> UnsafePointer<es_value>? {
    guard let first, index >= 0, index < given - skipped else { return nil }
    return first + skipped + index
  }

  /// The object whose method or metamethod was called, in C's memory.
  func receiverInPlace(_ type: ObjectIdentifier) -> UnsafePointer<es_value>? {
    guard let first else { return nil }
    let end = first + (skipped == 1 ? min(given, 1) : given)
    var next = first
    while next < end {
      if isObject(next, of: type) { return next }
      next += 1
    }
    return nil
  }

  // MARK: Decoded

  /// Everything that C gave; from now on nothing lies in place.
  func decode() -> [LuaValue] {
    guard let first else { return [] }
    defer { self.first = nil }
    return (0..<given).map { read(first + $0) }
  }

  private func read(_ value: UnsafePointer<es_value>) -> LuaValue {
    value.isClosed ? .nil : LuaHost.decode(value.pointee, in: core)
  }

  func set(_ receiver: LuaValue, _ positions: ArraySlice<LuaValue>, _ options: [String: LuaValue]) {
    (decodedReceiver, decodedPositions, self.options) = (receiver, positions, options)
  }

  // MARK: Either

  /// How many positional arguments were given, without `self` and the options table.
  public var count: Int { first == nil ? decodedPositions.count : max(given - skipped, 0) }

  /// A positional argument, `nil` when it is missing or nil.
  func value(at index: Int) -> LuaValue? {
    var value = LuaValue.nil
    if let place = inPlace(index) {
      value = read(place)
    } else if index >= 0, index < decodedPositions.count {
      value = decodedPositions[decodedPositions.startIndex + index]
    }
    return value.isNil ? .none : .some(value)
  }

  /// The positional arguments from an index on.
  func positions(from index: Int) -> ArraySlice<LuaValue> {
    guard first != nil else { return decodedPositions.dropFirst(index) }
    return (0..<count).dropFirst(index).map { value(at: $0) ?? .nil }[...]
  }

  /// The object whose method, property or metamethod was called.
  var receiverValue: LuaValue {
    guard first != nil else { return decodedReceiver }
    guard let type = callee.receiverType, let value = receiverInPlace(type) else { return .nil }
    return read(value)
  }
}

extension UnsafePointer<es_value> {
  /// An object of this class that is not closed.
  func isObject(of type: ObjectIdentifier, in core: HostCore) -> Bool {
    pointee.kind == Int32(ES_OBJECT.rawValue) && core.classTypes[Int(pointee.type)] == type
      && pointee.place.pointee != nil
  }

  var isClosed: Bool {
    pointee.kind == Int32(ES_OBJECT.rawValue) && pointee.place.pointee == nil
  }
}
