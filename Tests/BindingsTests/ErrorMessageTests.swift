// Every mistake and the exact text it ends in: what was called, what it expected, what it got, and
// the next step where there is one.

import Testing

private struct Mistake: Sendable, CustomTestStringConvertible {
  let lua: String
  let message: String
  init(_ lua: String, _ message: String) { (self.lua, self.message) = (lua, message) }
  var testDescription: String { lua }
}

private let mistakes: [Mistake] = positions + types + shapes + missing + gradients

private let positions: [Mistake] = [
  Mistake("a[0]", "Tensor: position 0 is out of range 1 ... 2; tensors are 1-based"),
  Mistake("a[3]", "Tensor: position 3 is out of range 1 ... 2"),
  Mistake("a[-3]", "Tensor: position -3 is out of range 1 ... 2"),
  Mistake("a[1.5]", "Tensor: expected a position (integer) in t[i], got number"),
  Mistake("a[{}]", "Tensor: expected a position (integer) in t[i], got table"),
  Mistake("t.scalar(1)[1]", "Tensor: a single number has no positions; use t:item()"),
  Mistake("t.zeros{ 0 }[1]", "Tensor: position 1 is out of range; there is none"),
  Mistake("a:sum(0)", "sum: dimension 0 is out of range 1 ... 2; dimensions are counted from 1"),
  Mistake("a:sum(9)", "sum: dimension 9 is out of range 1 ... 2"),
  Mistake("t.scalar(1):sum(1)", "sum: a single number has no dimension 1"),
  Mistake("a:select(1, 3)", "select: position 3 is out of range 1 ... 2"),
  Mistake("a:narrow(1, 2, 2)", "narrow: length 2 is out of range 0 ... 1 from position 2 of 2"),
  Mistake(
    "a:slice{ { 0, 1 } }", "slice: range 0 ... 1 is not within 1 ... 2 in dimension 1 of size 2"),
  Mistake("a:slice{ { 1, 2, 0 } }", "slice: step 0 is not 1 or more in dimension 1 of size 2"),
  Mistake("a:slice{ {}, {}, {} }", "slice: 3 ranges for 2 dimensions of [2, 3]"),
  Mistake("a:permute{ 1, 1 }", "permute: expected each of 2 dimensions once, got [1, 1]"),
  Mistake("a:rows{ 0 }", "rows: position 0 is out of range 1 ... 2; tensors are 1-based"),
  Mistake(
    "a:embedding{ 2 }",
    "embedding: id 2 is out of range 0 ... 1; ids are identifiers, counted from 0"),
  Mistake(
    "a:cross_entropy{ 3, 0 }",
    "cross_entropy: label 3 is out of range 0 ... 2; labels are identifiers, counted from 0"),
  Mistake("v:topk(4)", "topk: k 4 is out of range 0 ... 3"),
]

private let types: [Mistake] = [
  Mistake("a:sum(\"1\")", "Tensor:sum: argument #1 'dim' must be integer, got string"),
  Mistake(
    "a:matmul(3)",
    "Tensor:matmul: argument #1 'other' must be Tensor, got integer; "
      + "tensor.from { 1, 2, 3 } makes one"),
  Mistake("v + \"1\"", "Tensor +: argument #2 'right' must be Tensor or number, got string"),
  Mistake("ids + 1", "add: expected float32, got int32; convert it with t:to(\"float32\")"),
  Mistake("ids:sort()", "sort: expected float32, got int32; convert it with t:to(\"float32\")"),
  Mistake("v:all()", "all: expected bool, got float32; convert it with t:to(\"bool\")"),
  Mistake("a:rows(v)", "rows: expected int32, got float32; convert it with t:to(\"int32\")"),
  Mistake(
    "t.zeros({ 2 }, { dtype = \"float16\" })",
    "eidetic.tensor.zeros: option 'dtype' must be 'float32' or 'int32' or 'uint8' or 'bool', "
      + "got 'float16' (did you mean 'float32'?)"),
  Mistake("t.from{ 1, \"x\" }", "from: expected numbers, got string"),
  Mistake("t.from{ true, 1 }", "from: expected booleans, got 1"),
  Mistake(
    "t.from({ 1.5 }, { dtype = \"int32\" })", "from: expected integers that fit int32, got 1.5"),
  Mistake(
    "t.full({ 2 }, 256, { dtype = \"uint8\" })", "full: expected integers of 0 ... 255, got 256"),
  Mistake("v % 2", "attempt to perform arithmetic on a Tensor value (local 'v')"),
  Mistake("a < v", "attempt to compare two Tensor values"),
]

private let shapes: [Mistake] = [
  Mistake(
    "a:matmul(a)",
    "matmul: expected [.., 3] x [3, ..], got [.., 3] x [2, ..] (from [2, 3] x [2, 3])"),
  Mistake("a + v:narrow(1, 1, 2)", "add: expected shapes that broadcast, got [2, 3] and [2]"),
  Mistake("a:item()", "item: expected one element, got [2, 3]"),
  Mistake("a:reshape{ 4, 2 }", "reshape: expected sizes for 6 elements of [2, 3], got [4, 2]"),
  Mistake("t.zeros{ -1 }", "tensor: expected sizes of 0 or more, got [-1]"),
  Mistake("t.linspace(0, 1, -1)", "linspace: expected 0 or more, got -1"),
  Mistake("t.from{ { 1, 2 }, { 3 } }", "from: expected lists of 2 at level 2, got one of 1"),
  Mistake("t.from{ x = 1 }", "from: expected a list, got a table with the name 'x'"),
  Mistake("t.cat{}", "cat: expected one tensor or more, got an empty list"),
  Mistake("t.cat{ a, v }", "cat: expected [2, 3], got [3]"),
  Mistake("a:gather{ { 1 } }", "gather: expected positions [2, n], got [1, 1]"),
  Mistake("a:attention({ 3 }, 1)", "attention: expected segments of 2 rows in all, got 3"),
  Mistake("t.zeros{ 0 }:max()", "max: expected at least one element, got [0]"),
  Mistake("v:clamp(2, 0 / 0)", "clamp: expected low <= high, got 2 and nan"),
]

private let missing: [Mistake] = [
  Mistake("a:narrow()", "Tensor:narrow: argument #1 'dim' is missing; expected integer"),
  Mistake("v:add(nil)", "Tensor:add: argument #1 'other' is missing; expected Tensor or number"),
  Mistake(
    "t.randn({ 2 })",
    "eidetic.tensor.randn: argument #1 'rng' must be Rng, got table; rng.new(7) makes one"),
  Mistake(
    "a:sum(1, { kep = true })", "Tensor:sum: unknown option 'kep' (did you mean 'keep'?)"),
  Mistake("t.zeroes{ 2 }", "module 'eidetic.tensor' has no 'zeroes' (did you mean 'zeros'?)"),
  Mistake("a.shap", "Tensor has no method or property 'shap' (did you mean 'shape'?)"),
  Mistake("a.sum()", "Tensor:sum: self must be Tensor, got nil; call it with ':'"),
  Mistake(
    "local x = t.ones{ 2 }; x:close(); return x:sum()", "Tensor:sum: self is a closed Tensor"),
  Mistake(
    "local _; a[1] = 5",
    "Tensor: elements cannot be assigned; use t[i]:copy_(other) or build a new tensor"),
]

private let gradients: [Mistake] = [
  Mistake(
    "local w = a:requires_grad(); (w * 2):backward()",
    "backward: expected a single number, got [2, 3]; reduce it with sum or mean"),
  Mistake(
    "local w = v:requires_grad(); local l = w:sum(); l:backward(); l:backward()",
    "backward: the history of sum was already used; keep it with backward(true)"),
  Mistake(
    "t.scalar(1):backward()",
    "backward: this value does not depend on anything that requires a gradient"),
  Mistake(
    "local w = v:requires_grad(); local y = w * w; w:add_(v); y:sum():backward()",
    "backward: a tensor that mul needs was changed in place after mul ran; "
      + "go back before the change, or change a clone"),
  Mistake(
    "local w = a:requires_grad(); local y = w ^ 2; w:detach()[1]:fill_(0); y:sum():backward()",
    "backward: a tensor that pow needs was changed in place after pow ran; "
      + "go back before the change, or change a clone"),
  Mistake(
    "(v:requires_grad() * 2):add_(v)",
    "add_: this tensor was computed from others that learn, and changing it would break their "
      + "derivatives; change detach() or clone() instead"),
  Mistake(
    "(v:requires_grad() * 2):requires_grad()",
    "requires_grad: this tensor was computed from others that learn; call detach() first"),
  Mistake(
    "ids:fill_(1)", "fill_: expected float32, got int32; convert it with t:to(\"float32\")"),
  Mistake("v:copy_(a)", "copy_: expected [3], got [2, 3]"),
  Mistake(
    "t.gradient_check(function(x) return 1 end, { v })",
    "gradient_check: the function must return a Tensor of one number, got integer"),
  Mistake("t.no_grad(function() error(\"mine\", 0) end)", "mine"),
]

@Suite struct ErrorMessageTests {
  @Test(arguments: mistakes)
  private func `says what is wrong`(mistake: Mistake) throws {
    #expect(try failure(mistake.lua) == mistake.message)
  }
}
