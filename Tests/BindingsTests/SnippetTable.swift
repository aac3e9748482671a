// What every function does, as a user would try it at the prompt. `a` is [[1, 2, 3], [4, 5, 6]],
// `v` is [1, 4, 9], `ids` is int32 [2, 1, 3], `m` is [true, false, true].

import Testing

struct Snippet: Sendable, CustomTestStringConvertible {
  let lua: String
  let result: String
  init(_ lua: String, _ result: String) { (self.lua, self.result) = (lua, result) }
  var testDescription: String { lua }
}

let snippetTable: [Snippet] =
  creation + arithmetic + comparison + reduction + layout + indexing + layers + reading + learning

private let creation: [Snippet] = [
  Snippet("t.zeros{ 2, 2 }", "[2, 2] 0 0 0 0"),
  Snippet("t.zeros({ 2 }, { dtype = \"int32\" })", "int32[2] 0 0"),
  Snippet("t.zeros{ 3, 0 }", "[3, 0]"),
  Snippet("t.zeros{}", "[] 0"),
  Snippet("t.ones{ 3 }", "[3] 1 1 1"),
  Snippet("t.ones({ 2 }, { dtype = \"bool\" })", "bool[2] true true"),
  Snippet("t.full({ 2 }, 0.5)", "[2] 0.5 0.5"),
  Snippet("t.full({ 2 }, true)", "bool[2] true true"),
  Snippet("t.full({ 2 }, 300, { dtype = \"int32\" })", "int32[2] 300 300"),
  Snippet("t.full({ 2 }, 7, { dtype = \"uint8\" })", "uint8[2] 7 7"),
  Snippet("t.eye(2)", "[2, 2] 1 0 0 1"),
  Snippet("t.scalar(2.5)", "[] 2.5"),
  Snippet("t.arange(0, 10, 4)", "[3] 0 4 8"),
  Snippet("t.arange(3, 0, -1)", "[3] 3 2 1"),
  Snippet("t.arange(3, 0)", "[0]"),
  Snippet("t.linspace(0, 1, 5)", "[5] 0 0.25 0.5 0.75 1"),
  Snippet("t.linspace(2, 3, 1)", "[1] 2"),
  Snippet("t.from{ { 1, 2 }, { 3, 4 } }", "[2, 2] 1 2 3 4"),
  Snippet("t.from{ { { 1 }, { 2 } } }", "[1, 2, 1] 1 2"),
  Snippet("t.from{}", "[0]"),
  Snippet("t.from{ {}, {} }", "[2, 0]"),
  Snippet("t.from({ { 1, 255 } }, { dtype = \"uint8\" })", "uint8[1, 2] 1 255"),
  Snippet("t.from{ true, false }", "bool[2] true false"),
  Snippet("t.from{ 1, 0.5, 2 }", "[3] 1 0.5 2"),
  Snippet("t.cat({ v, v })", "[6] 1 4 9 1 4 9"),
  Snippet("t.cat({ a, a }, 2)", "[2, 6] 1 2 3 1 2 3 4 5 6 4 5 6"),
  Snippet("t.cat({ ids, ids }, -1)", "int32[6] 2 1 3 2 1 3"),
  Snippet("t.stack({ v, v })", "[2, 3] 1 4 9 1 4 9"),
  Snippet("t.stack({ v, v }, 2)", "[3, 2] 1 1 4 4 9 9"),
  Snippet("t.where(m, v, 0)", "[3] 1 0 9"),
  Snippet("t.where(m, 1, -1)", "[3] 1 -1 1"),
  Snippet(
    "t.rand(rng.new(7), { 1000 }, { low = 2, high = 3 }):mean():sub(2.5):abs():item() < 0.03",
    "true"),
  Snippet(
    "t.randn(rng.new(7), { 1000 }, { mean = 5, deviation = 2 }):var():sub(4):abs():item() < 0.6",
    "true"),
  Snippet("(t.permutation(rng.new(7), 4):to \"float32\":sort())", "[4] 1 2 3 4"),
]

private let arithmetic: [Snippet] = [
  Snippet("v:neg()", "[3] -1 -4 -9"),
  Snippet("-v", "[3] -1 -4 -9"),
  Snippet("t.from{ -1, 2 }:abs()", "[2] 1 2"),
  Snippet("t.from{ 0, 1 }:exp()", "[2] 1 2.7183"),
  Snippet("v:log()", "[3] 0 1.3863 2.1972"),
  Snippet("v:sqrt()", "[3] 1 2 3"),
  Snippet("t.from{ 0, 1 }:sin()", "[2] 0 0.84147"),
  Snippet("t.from{ 0, 1 }:cos()", "[2] 1 0.5403"),
  Snippet("t.from{ 0, 1 }:tanh()", "[2] 0 0.76159"),
  Snippet("t.from{ 0, 1 }:sigmoid()", "[2] 0.5 0.73106"),
  Snippet("t.from{ -1, 2 }:relu()", "[2] 0 2"),
  Snippet("t.from{ 1 }:silu()", "[1] 0.73106"),
  Snippet("t.from{ 1 }:gelu()", "[1] 0.84119"),
  Snippet("t.from{ -2, 0, 3 }:sign()", "[3] -1 0 1"),
  Snippet("t.from{ -2, 0, 3 }:step()", "[3] 0 0 1"),
  Snippet("t.from{ 4 }:reciprocal()", "[1] 0.25"),
  Snippet("v:square()", "[3] 1 16 81"),
  Snippet("t.from{ -1.5, 1.5 }:floor()", "[2] -2 1"),
  Snippet("v:rsqrt()", "[3] 1 0.5 0.33333"),
  Snippet("a + v", "[2, 3] 2 6 12 5 9 15"),
  Snippet("1 + v", "[3] 2 5 10"),
  Snippet("v:add(1)", "[3] 2 5 10"),
  Snippet("v - 1", "[3] 0 3 8"),
  Snippet("1 - v", "[3] 0 -3 -8"),
  Snippet("v:sub(v)", "[3] 0 0 0"),
  Snippet("2 * v", "[3] 2 8 18"),
  Snippet("v:mul(v)", "[3] 1 16 81"),
  Snippet("v / 2", "[3] 0.5 2 4.5"),
  Snippet("36 / v", "[3] 36 9 4"),
  Snippet("v:div(v)", "[3] 1 1 1"),
  Snippet("v ^ 0.5", "[3] 1 2 3"),
  Snippet("2 ^ t.from{ 1, 3 }", "[2] 2 8"),
  Snippet("-v ^ 2", "[3] -1 -16 -81"),
  Snippet("v:pow(t.from{ 2, 1, 0 })", "[3] 1 4 1"),
  Snippet("v:maximum(5)", "[3] 5 5 9"),
  Snippet("v:minimum(5)", "[3] 1 4 5"),
  Snippet("v:clamp(2, 5)", "[3] 2 4 5"),
  Snippet("a:matmul(a:t())", "[2, 2] 14 32 32 77"),
  Snippet("t.ones{ 2, 1, 3 }:matmul(t.ones{ 3, 2 }).shape", "{2 1 2}"),
]

private let comparison: [Snippet] = [
  Snippet("v:eq(4)", "bool[3] false true false"),
  Snippet("v:ne(4)", "bool[3] true false true"),
  Snippet("v:lt(4)", "bool[3] true false false"),
  Snippet("v:le(4)", "bool[3] true true false"),
  Snippet("v:gt(4)", "bool[3] false false true"),
  Snippet("v:ge(4)", "bool[3] false true true"),
  Snippet("ids:eq(2)", "bool[3] true false false"),
  Snippet("ids:lt(2.5)", "bool[3] true true false"),
  Snippet("ids:ge(ids)", "bool[3] true true true"),
  Snippet("t.from({ 16777217 }, { dtype = \"int32\" }):eq(16777216)", "bool[1] false"),
  Snippet("a:gt(a:mean(2, { keep = true }))", "bool[2, 3] false false true false false true"),
  Snippet("m:ne(t.from{ true, true, true })", "bool[3] false true false"),
  Snippet("v:equal(t.from{ 1, 4, 9 })", "true"),
  Snippet(
    "v:equal(v + 0.5), v:equal(v + 0.5, 0.5), v:equal(a), v:equal(ids)", "false; true; false; false"
  ),
  Snippet("v == v, v == v:clone()", "true; false"),
  Snippet("m:all(), m:any(), m:count()", "false; true; 2"),
  Snippet("m:both(m:negated())", "bool[3] false false false"),
  Snippet("m:either(m:negated())", "bool[3] true true true"),
  Snippet("v:isfinite(), (v / 0):isfinite()", "true; false"),
]

private let reduction: [Snippet] = [
  Snippet("a:sum()", "[] 21"),
  Snippet("a:sum(1)", "[3] 5 7 9"),
  Snippet("a:sum(-1, { keep = true })", "[2, 1] 6 15"),
  Snippet("a:sum{ keep = true }", "[1, 1] 21"),
  Snippet("a:mean()", "[] 3.5"),
  Snippet("a:mean(2)", "[2] 2 5"),
  Snippet("v:var()", "[] 16.333"),
  Snippet("v:var(1, { correction = 0 })", "[] 10.889"),
  Snippet("t.from{ 3, 4 }:norm()", "[] 5"),
  Snippet("a:norm(1)", "[3] 4.1231 5.3852 6.7082"),
  Snippet("a:max()", "[] 6"),
  Snippet("a:max(1)", "[3] 4 5 6"),
  Snippet("a:min(2, { keep = true })", "[2, 1] 1 4"),
  Snippet("t.from{ 0, 0 }:logsumexp()", "[] 0.69315"),
  Snippet("a:logsumexp(2)", "[2] 3.4076 6.4076"),
  Snippet("a:argmax(), a:argmin()", "6; 1"),
  Snippet("a:argmax(2)", "int32[2] 3 3"),
  Snippet("a:argmin(1)", "int32[3] 1 1 1"),
]

private let layout: [Snippet] = [
  Snippet("a:reshape{ 3, -1 }", "[3, 2] 1 2 3 4 5 6"),
  Snippet("a:flatten()", "[6] 1 2 3 4 5 6"),
  Snippet("a:permute{ 2, 1 }", "[3, 2] 1 4 2 5 3 6"),
  Snippet("a:t()", "[3, 2] 1 4 2 5 3 6"),
  Snippet("a:transpose()", "[3, 2] 1 4 2 5 3 6"),
  Snippet("t.zeros{ 2, 3, 4 }:transpose(1, -1).shape", "{4 3 2}"),
  Snippet("a:unsqueeze(1).shape, a:unsqueeze(-1).shape", "{1 2 3}; {2 3 1}"),
  Snippet("t.zeros{ 1, 2, 1 }:squeeze().shape, t.zeros{ 1, 2 }:squeeze(1).shape", "{2}; {2}"),
  Snippet("a:select(2, -1)", "[2] 3 6"),
  Snippet("a:narrow(2, 2, 2)", "[2, 2] 2 3 5 6"),
  Snippet("a:narrow(1, -1, 1)", "[1, 3] 4 5 6"),
  Snippet("a:slice{ { 2, 2 }, { 1, -1, 2 } }", "[1, 2] 4 6"),
  Snippet("a:slice{ 1, { 2 } }", "[2] 2 3"),
  Snippet("a:slice{ {}, -1 }", "[2] 3 6"),
  Snippet("v:slice{ { 3, 2 } }", "[0]"),
  Snippet("v:slice{ { 1, 3, math.maxinteger } }", "[1] 1"),
  Snippet("v:broadcast_to{ 2, 3 }", "[2, 3] 1 4 9 1 4 9"),
  Snippet("v:unsqueeze(1):expand{ 2, -1 }", "[2, 3] 1 4 9 1 4 9"),
]

private let indexing: [Snippet] = [
  Snippet("a[1]", "[3] 1 2 3"),
  Snippet("a[-1][2]", "5"),
  Snippet("v[3], ids[1], m[2]", "9; 2; false"),
  Snippet("#a, #v", "2; 3"),
  Snippet("v:requires_grad()[1]", "[] 1"),
  Snippet("a:rows{ 2, -2 }", "[2, 3] 4 5 6 1 2 3"),
  Snippet("v:rows(ids)", "[3] 4 1 9"),
  Snippet("a:embedding{ 1, 0 }", "[2, 3] 4 5 6 1 2 3"),
  Snippet("v:embedding{ { 0 }, { 2 } }", "[2, 1] 1 9"),
  Snippet("a:gather{ { 3 }, { 1 } }", "[2, 1] 3 4"),
  Snippet("a:gather({ { 2, 1, 1 } }, 1)", "[1, 3] 4 2 3"),
  Snippet("v:scatter({ 1, 1, 4 }, 5)", "[5] 5 0 0 9 0"),
  Snippet("a:scatter({ { 1, 1, 2 }, { 1, 1, 1 } }, 2, 1)", "[2, 3] 5 7 6 0 0 3"),
  Snippet("t.from{ 3, 1, 2 }:sort()", "[3] 1 2 3; int32[3] 2 3 1"),
  Snippet("a:sort(1, { descending = true })", "[2, 3] 4 5 6 1 2 3; int32[2, 3] 2 2 2 1 1 1"),
  Snippet("t.from{ 3, 0 / 0, 2 }:argsort()", "int32[3] 3 1 2"),
  Snippet("t.from{ 3, 1, 2 }:topk(2)", "[2] 3 2; int32[2] 1 3"),
  Snippet("a:topk(1, 1)", "[1, 3] 4 5 6; int32[1, 3] 2 2 2"),
]

private let layers: [Snippet] = [
  Snippet(
    "t.from{ { 1, 2 } }:linear(t.from{ { 3, 4 }, { 5, 6 } }, t.from{ 1, 1 })", "[1, 2] 12 18"),
  Snippet("t.from{ { 1, 2 } }:linear(t.from{ { 3, 4 } })", "[1, 1] 11"),
  Snippet("t.from{ 0, 0 }:softmax()", "[2] 0.5 0.5"),
  Snippet("a:softmax(1)", "[2, 3] 0.047426 0.047426 0.047426 0.95257 0.95257 0.95257"),
  Snippet("t.from{ 0, 0 }:log_softmax()", "[2] -0.69315 -0.69315"),
  Snippet("t.from{ { 1, 3 } }:layer_norm({ epsilon = 0 })", "[1, 2] -1 1"),
  Snippet(
    "t.from{ { 1, 3 } }:layer_norm(t.full({ 2 }, 2), t.ones{ 2 }, { epsilon = 0 })", "[1, 2] -1 3"),
  Snippet("t.from{ { 3, 4 } }:rms_norm({ epsilon = 0 })", "[1, 2] 0.84853 1.1314"),
  Snippet("t.zeros{ 2, 2 }:cross_entropy{ 1, -1 }", "[2] 0.69315 0"),
  Snippet("t.zeros{ 2, 2 }:cross_entropy({ 1, -1 }, { reduction = \"mean\" })", "[] 0.69315"),
  Snippet("t.zeros{ 2, 2 }:cross_entropy({ 1, 0 }, { reduction = \"sum\" })", "[] 1.3863"),
  Snippet("t.from{ { 1, 2, 3, 4, 5, 6 } }:attention({ 1 }, 1)", "[1, 2] 5 6"),
  Snippet("t.zeros{ 2, 3 }:attention({ 2 }, 1, { causal = false }).shape", "{2 1}"),
  Snippet("t.arange(0, 16):reshape{ 1, 4, 4, 1 }:patches(2)[2]", "[4] 2 3 6 7"),
]

private let reading: [Snippet] = [
  Snippet("t.scalar(2):item(), t.from{ { 0.5 } }:item()", "2; 0.5"),
  Snippet("ids:slice{ 1 }:item(), m:slice{ { 1, 1 } }:item()", "2; true"),
  Snippet("a:totable()", "{{1 2 3} {4 5 6}}"),
  Snippet("t.scalar(3):totable()", "3"),
  Snippet("t.zeros{ 2, 0 }:totable()", "{{} {}}"),
  Snippet("a:tolist(), ids:tolist(), m:tolist()", "{1 2 3 4 5 6}; {2 1 3}; {true false true}"),
  Snippet("math.type(ids:tolist()[1]), math.type(v:tolist()[1])", "integer; float"),
  Snippet("t.from{ 1.7, -1.7, 0 / 0 }:to \"int32\"", "int32[3] 1 -1 0"),
  Snippet("t.from{ 0, 2 }:to(\"bool\")", "bool[2] false true"),
  Snippet("m:to \"float32\"", "[3] 1 0 1"),
  Snippet("a.shape, a.dtype, a.rank, a.size", "{2 3}; float32; 2; 6"),
]

private let learning: [Snippet] = [
  Snippet(
    "local w = t.from{ 2, 3 }:requires_grad(); (w * w):sum():backward(); return w.grad", "[2] 4 6"),
  Snippet("local w = v:requires_grad(); w:sum():backward(); w:zero_grad(); return w.grad", "nil"),
  Snippet(
    "local w = v:requires_grad(); local l = w:sum(); l:backward(true); l:backward(); return w.grad",
    "[3] 2 2 2"),
  Snippet(
    "local w = v:requires_grad(); return w.needs_grad, w.is_leaf, (w * 2).is_leaf",
    "true; true; false"),
  Snippet(
    "local w = v:requires_grad(); return w:detach().needs_grad, w:clone().needs_grad", "false; true"
  ),
  Snippet("local w = v:requires_grad(); w[2]:backward(); return w.grad", "[3] 0 1 0"),
  Snippet("t.no_grad(function(x) return x, t.grad_enabled() end, 5)", "5; false"),
  Snippet("t.grad_enabled()", "true"),
  Snippet("t.gradient_check(function(x) return x:tanh():sum() end, { v:div(9) }).passed", "true"),
  Snippet("local b = v:clone(); b:copy_(v * 2); return b, v", "[3] 2 8 18; [3] 1 4 9"),
  Snippet("local b = a:clone(); b[2]:fill_(7); return b", "[2, 3] 1 2 3 7 7 7"),
  Snippet("v:clone():add_(v, -0.5)", "[3] 0.5 2 4.5"),
  Snippet("v:clone():mul_(2)", "[3] 2 8 18"),
  Snippet("local b = v:clone(); return b:mul_(2) == b", "true"),
  Snippet(
    "local w, x, y = t.ones{ 2 }, t.zeros{ 2 }, t.zeros{ 2 }; "
      + "w:adamw_(t.from{ 1, -2 }, x, y, { step = 1, rate = 0.1, beta1 = 0.5, beta2 = 0.75 }); "
      + "return w, x, y", "[2] 0.9 1.1; [2] 0.5 -1; [2] 0.25 1"),
  Snippet(
    "t.memory().used > 0, t.memory().limit > 0, t.memory().allocations > 0", "true; true; true"),
  Snippet("t.trim()", ""),
  Snippet(
    "local n = t.machine().threads; return t.threads(n) == n, #t.machine().blas > 0", "true; true"),
]
