// Scripts that fail, with the exact message that a user sees.

extension Scripts {
  package static let failing: [(source: String, message: String)] = [
    // Arguments
    ("blob.add('2')", "test.lua:1: blob.add: argument #1 'a' must be integer, got string"),
    ("blob.add(3.5)", "test.lua:1: blob.add: argument #1 'a' must be integer, got number 3.5"),
    ("blob.add(0/0)", "test.lua:1: blob.add: argument #1 'a' must be integer, got number nan"),
    (
      "blob.add(2^63)",
      "test.lua:1: blob.add: argument #1 'a' must be integer, got number 9.223372036854776e+18"
    ),
    (
      "blob.add(-math.huge)",
      "test.lua:1: blob.add: argument #1 'a' must be integer, got number -inf"
    ),
    ("blob.add()", "test.lua:1: blob.add: argument #1 'a' is missing; expected integer"),
    ("blob.add(nil, 2)", "test.lua:1: blob.add: argument #1 'a' is missing; expected integer"),
    ("blob.add(1, 2, 3)", "test.lua:1: blob.add: expected at most 2 arguments, got 3"),
    ("\n\nblob.add(1, {})", "test.lua:3: blob.add: argument #2 'b' must be integer, got table"),
    (
      "pcall(error); local f = blob.add; return f(true)",
      "test.lua:1: blob.add: argument #1 'a' must be integer, got boolean"
    ),
    (
      "blob.sum{1, 'x'}",
      "test.lua:1: blob.sum: argument #1 'list' must be list of number, got string at position 2"
    ),
    (
      "blob.sum{1, x = 2}",
      "test.lua:1: blob.sum: argument #1 'list' must be list of number, got a table with the name 'x'"
    ),
    // Methods and objects
    ("blob.new():plus(3)", "test.lua:1: Blob:plus: argument #1 'other' must be Blob, got integer"),
    (
      "blob.new():plus(blob.stone())",
      "test.lua:1: Blob:plus: argument #1 'other' must be Blob, got Stone"
    ),
    (
      "blob.new().plus(3)",
      "test.lua:1: Blob:plus: self must be Blob, got integer; call it with ':'"
    ),
    ("blob.new().plus()", "test.lua:1: Blob:plus: self must be Blob, got nil; call it with ':'"),
    (
      "local b = blob.new(); b.plus(blob.stone(), b)",
      "test.lua:1: Blob:plus: self must be Blob, got Stone; call it with ':'"
    ),
    ("blob.new().close(7)", "test.lua:1: close: self must be an object, got number"),
    (
      "blob.new():plsu()",
      "test.lua:1: Blob has no method or property 'plsu' (did you mean 'plus'?)"
    ),
    ("return blob.new().qqqqq", "test.lua:1: Blob has no method or property 'qqqqq'"),
    ("blob.new().bytes = 3", "test.lua:1: Blob has no property 'bytes' to assign to"),
    (
      "blob.new().value = 'x'",
      "test.lua:1: Blob.value: argument #1 'value' must be number, got string"
    ),
    ("blob.new()[1] = 3", "test.lua:1: Blob cannot be assigned to by index"),
    ("return blob.stone()[1]", "test.lua:1: Stone cannot be indexed by a number"),
    ("return blob.new()[0]", "test.lua:1: index 0 is out of range; positions start at 1"),
    ("return blob.new()['1']", "test.lua:1: Blob has no method or property '1'"),
    (
      "return blob.new() + 'x'",
      "test.lua:1: Blob +: argument #2 'right' must be number or Blob, got string"
    ),
    (
      "return blob.new() + nil",
      "test.lua:1: Blob +: argument #2 'right' is missing; expected number or Blob"
    ),
    (
      "return blob.new() .. 'x'",
      "test.lua:1: attempt to concatenate a Blob value"
    ),
    ("local b = blob.new(); b:close(); b:get()", "test.lua:1: Blob:get: self is a closed Blob"),
    (
      "local b = blob.new(); b:close(); blob.echo(1, b)",
      "test.lua:1: blob.echo: argument #2 is a closed Blob"
    ),
    (
      "local b = blob.new(); b:close(); blob.echo({{b}})",
      "test.lua:1: blob.echo: argument #1: table holds a closed Blob"
    ),
    (
      "blob.call(function() local b = blob.new(); b:close(); return 1, b end)",
      "result #2 is a closed Blob"
    ),
    // Options
    (
      "blob.fit{ stepz = 3 }",
      "test.lua:1: blob.fit: unknown option 'stepz' (did you mean 'steps'?)"
    ),
    (
      "blob.fit{ zzzzzzz = 3 }",
      "test.lua:1: blob.fit: unknown option 'zzzzzzz' (options are steps, rate, mode, on_step)"
    ),
    (
      "blob.fit{ steps = 3 }",
      "test.lua:1: blob.fit: option 'on_step' is missing; expected function"
    ),
    (
      "blob.fit{ on_step = 3 }",
      "test.lua:1: blob.fit: option 'on_step' must be function, got integer"
    ),
    (
      "blob.fit{ on_step = print, mode = 'fsat' }",
      "test.lua:1: blob.fit: option 'mode' must be 'slow' or 'fast', got 'fsat' (did you mean 'fast'?)"
    ),
    ("blob.fit()", "test.lua:1: blob.fit: option 'on_step' is missing; expected function"),
    ("blob.fit(3)", "test.lua:1: blob.fit: options must be table, got integer"),
    (
      "blob.fit{1}",
      "test.lua:1: blob.fit: options must be a table of names, got one with 1 positions"
    ),
    (
      "blob.new{ bites = 1 }",
      "test.lua:1: blob.new: unknown option 'bites' (did you mean 'bytes'?)"
    ),
    ("blob.new(1, { bytes = -1 })", "test.lua:1: blob.new: expected 0 bytes or more, got -1"),
    // Tables that cannot be copied
    (
      "local t = {}; t.t = t; blob.echo(t)",
      "test.lua:1: blob.echo: argument #1: table contains itself"
    ),
    (
      "local t = {}; t[1] = {{t}}; blob.echo(1, t)",
      "test.lua:1: blob.echo: argument #2: table contains itself"
    ),
    (
      "local t = {}; for i = 1, 100 do t = {t} end; blob.echo(t)",
      "test.lua:1: blob.echo: argument #1: table is nested more than 64 deep"
    ),
    (
      "local t = {}; for i = 1, 50 do t = {t, t} end; blob.echo(t)",
      "test.lua:1: blob.echo: argument #1: table holds more than 10,000,000 values"
    ),
    (
      "blob.echo({1, nil, 3})",
      "test.lua:1: blob.echo: argument #1: table has a gap; positions run from 1 to n"
    ),
    (
      "blob.echo({[5] = 1})",
      "test.lua:1: blob.echo: argument #1: table has key 5, but its positions run from 1 to 0; is there a gap?"
    ),
    (
      "blob.echo({[1.5] = 1})",
      "test.lua:1: blob.echo: argument #1: table has key 1.5; keys are names or positions 1 … n"
    ),
    (
      "blob.echo({[true] = 1})",
      "test.lua:1: blob.echo: argument #1: table has a key that is a boolean; keys are names or positions 1 … n"
    ),
    // What Swift throws
    ("blob.spill(3)", "test.lua:1: blob.spill: expected 0 litres, got 3"),
    (
      "blob.call(function()\nblob.call(function()\nblob.spill(4) end) end)",
      "test.lua:3: blob.spill: expected 0 litres, got 4"
    ),
    ("blob.call(error, 'plain')", "plain"),
    ("blob.again(error)", "test.lua:1: blob.spill: expected 0 litres, got 99"),
    // What scripts raise
    ("error('oops')", "test.lua:1: oops"),
    ("error('oops', 0)", "oops"),
    ("error(42)", "42"),
    ("error()", "(error object is a nil value)"),
    ("error({})", "(error object is a table value)"),
    ("error(setmetatable({}, { __tostring = function() return 'spoken' end }))", "spoken"),
    (
      "error(setmetatable({}, { __tostring = function() error('twice') end }))",
      "(error object without a readable text)"
    ),
    (
      "error(setmetatable({}, { __tostring = function() return {} end }))",
      "(error object without a readable text)"
    ),
    ("error(blob.new(3))", "Blob(3.0)"),
    // Names
    ("return prnt", "test.lua:1: undefined variable 'prnt' (did you mean 'print'?)"),
    ("return qwertyuiop", "test.lua:1: undefined variable 'qwertyuiop'"),
    ("return blob.nwe", "test.lua:1: module 'blob' has no 'nwe' (did you mean 'new'?)"),
    ("return blob[1]", "test.lua:1: module 'blob' cannot be indexed by a number"),
    ("blob.x = 1", "test.lua:1: module 'blob' cannot be changed"),
    ("rawset(blob, 'new', 1)", "test.lua:1: rawset: a native module cannot be changed"),
    // Syntax
    ("x = = 1", "test.lua:1: unexpected symbol near '='"),
    ("\nfor", "test.lua:2: <name> expected near <eof>"),
    ("\u{1B}Lua", "attempt to load a binary chunk (mode is 't')"),
  ]
}
