// Descriptors on their way to C. C copies every text, so they live for one call.

internal import CLuaShim

extension HostCore {
  func register(_ module: NativeModule, isGlobal: Bool) throws {
    try module.validate()
    if modules.contains(where: { $0.name == module.name }) {
      throw LuaError("module '\(module.name)' is registered already", kind: .misuse)
    }
    let outbound = Outbound(self)
    var constants = try outbound.encode(
      fields: Dictionary(module.constants.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
    let names = CNames()
    let functions =
      module.functions.map { function in
        entry(Callee(function, name: "\(module.name).\(function.name)", .function), names)
      }
      + module.borrowedMethods.map { type, method in
        entry(
          Callee(method, name: "\(module.name).\(method.name)", .methodAsFunction(type)), names)
      }
    try functions.withUnsafeBufferPointer { entries in
      try withUnsafePointer(to: &constants) { constants in
        var description = es_module(
          name: names.copy(module.name), id: Int32(modules.count), is_global: isGlobal ? 1 : 0,
          function_count: entries.count, functions: entries.baseAddress, constants: constants)
        try request { es_register_module(host, &description, $0) }
      }
    }
    withExtendedLifetime((outbound, names)) {}
    modules.append(module)
  }

  /// The id of a class, registered on first use.
  func register(_ type: any LuaObject.Type) throws -> Int32 {
    let identity = ObjectIdentifier(type)
    if let known = classTypes.firstIndex(of: identity) { return Int32(known) }
    let descriptor = type.luaClass
    try descriptor.validate()
    if classes.contains(where: { $0.name == descriptor.name }) {
      throw LuaError("class '\(descriptor.name)' is registered already", kind: .misuse)
    }
    try register(descriptor, id: Int32(classes.count), type)
    classes.append(descriptor)
    classTypes.append(identity)
    decoders.append(objectDecoder(type))
    return Int32(classes.count - 1)
  }

  private func register(
    _ descriptor: NativeClass, id: Int32, _ type: any LuaObject.Type
  ) throws {
    let names = CNames()
    let methods = descriptor.methods.map {
      entry(Callee($0, name: "\(descriptor.name):\($0.name)", .method(type)), names)
    }
    let metamethods = descriptor.metamethods.map {
      entry(Callee($0, name: "\(descriptor.name) \(eventName($0.name))", .metamethod(type)), names)
    }
    let getters = descriptor.properties.map {
      entry(Callee($0.reading, name: "\(descriptor.name).\($0.name)", .method(type)), names)
    }
    let setters = descriptor.properties.compactMap { property in
      property.writing.map { function in
        let name = "\(descriptor.name).\(property.name)"
        return entry(Callee(function, name: name, .method(type)), names)
      }
    }
    try methods.withUnsafeBufferPointer { methods in
      try metamethods.withUnsafeBufferPointer { metamethods in
        try getters.withUnsafeBufferPointer { getters in
          try setters.withUnsafeBufferPointer { setters in
            var description = es_class(
              name: names.copy(descriptor.name), id: id, method_count: methods.count,
              metamethod_count: metamethods.count, getter_count: getters.count,
              setter_count: setters.count, methods: methods.baseAddress,
              metamethods: metamethods.baseAddress, getters: getters.baseAddress,
              setters: setters.baseAddress)
            try request { es_register_class(host, &description, $0) }
          }
        }
      }
    }
    withExtendedLifetime(names) {}
  }

  /// Makes a function a global variable of its own.
  func register(global function: NativeFunction) throws {
    let names = CNames()
    var description = entry(Callee(function, name: function.name, .function), names)
    try request { es_register_global(host, &description, $0) }
    withExtendedLifetime(names) {}
  }

  private func entry(_ callee: Callee, _ names: CNames) -> es_entry {
    es_entry(
      key: names.copy(callee.function.name),
      function: es_function(
        name: names.copy(callee.name), id: add(callee), most: callee.mostArguments,
        by_reference: callee.argumentsByReference, receiver: callee.hidesReceiver ? 1 : 0,
        gives_object: callee.givesObject ? 1 : 0))
  }

  /// What a handle refers to: a function, or a module.
  func describe(_ reference: LuaReference) -> Described? {
    guard reference.core === self else { return nil }
    var id: Int32 = 0
    switch es_identify(host, reference.id, &id) {
    case 1 where callees.indices.contains(Int(id)): return .function(callees[Int(id)])
    case 2 where modules.indices.contains(Int(id)): return .module(modules[Int(id)])
    default: return nil
    }
  }
}

enum Described {
  case function(Callee), module(NativeModule)
}

/// C strings that live as long as this does.
private final class CNames {
  private var names: [UnsafeMutablePointer<CChar>] = []

  func copy(_ text: String) -> UnsafePointer<CChar> {
    let bytes = text.utf8CString
    let target = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { (target + index).initialize(to: byte) }
    names.append(target)
    return UnsafePointer(target)
  }

  deinit {
    for name in names { name.deallocate() }
  }
}
