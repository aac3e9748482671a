---@meta eidetic.tensor

--- Dense float32 tensors with derivatives. Positions and dimensions count from 1.
---@class eidetic.tensor
local eidetic_tensor = {}

--- first, first + step … up to but without `last`.
---
--- ```lua
--- tensor.arange(0, 10, 2)  -- 0 2 4 6 8
--- ```
---@param first number First number.
---@param last number Never reached.
---@param step? number Distance, also negative.
---@return Tensor
function eidetic_tensor.arange(first, last, step) end

--- Tensors joined along a dimension.
---
--- ```lua
--- tensor.cat({ a, b }, 2)
--- ```
---@param tensors Tensor[] One tensor or more.
---@param dim? integer Which dimension.
---@return Tensor
function eidetic_tensor.cat(tensors, dim) end

--- The identity matrix.
---
--- ```lua
--- tensor.eye(3)
--- ```
---@param n integer Rows and columns.
---@return Tensor
function eidetic_tensor.eye(n) end

---@class eidetic.tensor.from.Options
---@field dtype? "float32"|"int32"|"uint8"|"bool" By default float32 for numbers, bool for booleans.

--- A tensor of the numbers or booleans of a list, or of nested lists of equal lengths.
---
--- ```lua
--- tensor.from({ { 1, 2 }, { 3, 4 } }, { dtype = "int32" })
--- ```
---@param list table The elements.
---@param options? eidetic.tensor.from.Options
---@return Tensor
function eidetic_tensor.from(list, options) end

---@class eidetic.tensor.full.Options
---@field dtype? "float32"|"int32"|"uint8"|"bool" Type of the elements, by default the value's.

--- A tensor with one value everywhere.
---
--- ```lua
--- tensor.full({ 2, 3 }, 0.5)
--- ```
---@param shape integer[] Sizes of the dimensions; `{}` is one number.
---@param value number|boolean The value.
---@param options? eidetic.tensor.full.Options
---@return Tensor
function eidetic_tensor.full(shape, value, options) end

--- Whether operations on learning tensors are recorded.
---
--- ```lua
--- tensor.grad_enabled()   -- true outside tensor.no_grad
--- ```
---@return boolean
function eidetic_tensor.grad_enabled() end

---@class eidetic.tensor.gradient_check.Options
---@field step? number Half the distance of the two evaluations. Default 0.01.
---@field tolerance? number Largest error that passes. Default 0.005.

--- Compares the derivatives of a function with central differences at every element.
---
--- ```lua
--- assert(tensor.gradient_check(function(x) return x:tanh():sum() end, { x }).passed)
--- ```
---@param fn function Takes the inputs, gives one number; deterministic.
---@param inputs Tensor[] Float tensors at which to check.
---@param options? eidetic.tensor.gradient_check.Options
---@return table # `passed`, and of the worst element `error`, `input`, `element` (from 1), `analytic`, `numeric`.
function eidetic_tensor.gradient_check(fn, inputs, options) end

--- Numbers at equal distances, both ends included.
---
--- ```lua
--- tensor.linspace(0, 1, 5)
--- ```
---@param first number First number.
---@param last number Last number.
---@param count integer How many.
---@return Tensor
function eidetic_tensor.linspace(first, last, count) end

--- How the engine uses this machine.
---
--- ```lua
--- tensor.machine().threads
--- ```
---@return table # `threads`, `instruction_set`, `blas`, `allocator`.
function eidetic_tensor.machine() end

--- Bytes of all live tensors, their limit, and how often the system was asked.
---
--- ```lua
--- tensor.memory()
--- ```
---@return table # `used`, `limit`, `allocations`.
function eidetic_tensor.memory() end

--- Sets how many bytes all tensors may use.
---
--- ```lua
--- tensor.memory_limit(8 << 30)
--- ```
---@param bytes integer The limit.
---@return integer # The limit before.
function eidetic_tensor.memory_limit(bytes) end

--- Calls a function without recording what its operations would need to go back.
---
--- ```lua
--- local loss = tensor.no_grad(function() return evaluate(model) end)
--- ```
---@param fn function What to call; must not yield.
---@param ... any Its arguments.
---@return any # What the function returns.
function eidetic_tensor.no_grad(fn, ...) end

---@class eidetic.tensor.ones.Options
---@field dtype? "float32"|"int32"|"uint8"|"bool" Type of the elements. Default "float32".

--- A tensor of ones.
---
--- ```lua
--- tensor.ones{ 2, 3 }
--- ```
---@param shape integer[] Sizes of the dimensions; `{}` is one number.
---@param options? eidetic.tensor.ones.Options
---@return Tensor
function eidetic_tensor.ones(shape, options) end

--- The positions 1 … n in random order, as int32.
---
--- ```lua
--- data:rows(tensor.permutation(rng.new(1), #data))
--- ```
---@param rng Rng The stream to draw from.
---@param n integer How many.
---@return Tensor
function eidetic_tensor.permutation(rng, n) end

---@class eidetic.tensor.rand.Options
---@field low? number Smallest. Default 0.
---@field high? number Never reached. Default 1.

--- Independent numbers, uniform in [low, high).
---
--- ```lua
--- tensor.rand(rng.new(1), { 2, 3 }, { low = -1 })
--- ```
---@param rng Rng The stream to draw from.
---@param shape integer[] Sizes of the dimensions; `{}` is one number.
---@param options? eidetic.tensor.rand.Options
---@return Tensor
function eidetic_tensor.rand(rng, shape, options) end

---@class eidetic.tensor.randn.Options
---@field mean? number Mean. Default 0.
---@field deviation? number Standard deviation. Default 1.

--- Independent normal numbers.
---
--- ```lua
--- tensor.randn(rng.new(1), { 2, 3 }, { deviation = 0.02 })
--- ```
---@param rng Rng The stream to draw from.
---@param shape integer[] Sizes of the dimensions; `{}` is one number.
---@param options? eidetic.tensor.randn.Options
---@return Tensor
function eidetic_tensor.randn(rng, shape, options) end

--- One number without dimensions.
---
--- ```lua
--- tensor.scalar(2.5)
--- ```
---@param value number The number.
---@return Tensor
function eidetic_tensor.scalar(value) end

--- Tensors of one shape along a new dimension.
---
--- ```lua
--- tensor.stack({ tensor.ones { 2 }, tensor.zeros { 2 } })
--- ```
---@param tensors Tensor[] One tensor or more.
---@param dim? integer Which dimension it becomes.
---@return Tensor
function eidetic_tensor.stack(tensors, dim) end

--- Sets how many threads work; results never depend on it.
---
--- ```lua
--- tensor.threads(2)
--- ```
---@param count integer 1 ... 256.
---@return integer # The count before.
function eidetic_tensor.threads(count) end

--- Returns the buffers kept for reuse to the system.
---
--- ```lua
--- tensor.trim()
--- ```
function eidetic_tensor.trim() end

--- Elements of one tensor where a mask is true, of another elsewhere, broadcasting.
---
--- ```lua
--- tensor.where(t:gt(0), t, 0)
--- ```
---@param mask Tensor A mask (bool).
---@param a Tensor|number Where true.
---@param b Tensor|number Where false.
---@return Tensor
function eidetic_tensor.where(mask, a, b) end

---@class eidetic.tensor.zeros.Options
---@field dtype? "float32"|"int32"|"uint8"|"bool" Type of the elements. Default "float32".

--- A tensor of zeros.
---
--- ```lua
--- tensor.zeros{ 2, 3 }
--- ```
---@param shape integer[] Sizes of the dimensions; `{}` is one number.
---@param options? eidetic.tensor.zeros.Options
---@return Tensor
function eidetic_tensor.zeros(shape, options) end

---@type Tensor
local Tensor = ...

eidetic_tensor.abs = Tensor.abs
eidetic_tensor.add = Tensor.add
eidetic_tensor.all = Tensor.all
eidetic_tensor.any = Tensor.any
eidetic_tensor.argmax = Tensor.argmax
eidetic_tensor.argmin = Tensor.argmin
eidetic_tensor.argsort = Tensor.argsort
eidetic_tensor.attention = Tensor.attention
eidetic_tensor.both = Tensor.both
eidetic_tensor.broadcast_to = Tensor.broadcast_to
eidetic_tensor.clamp = Tensor.clamp
eidetic_tensor.clone = Tensor.clone
eidetic_tensor.cos = Tensor.cos
eidetic_tensor.count = Tensor.count
eidetic_tensor.cross_entropy = Tensor.cross_entropy
eidetic_tensor.detach = Tensor.detach
eidetic_tensor.div = Tensor.div
eidetic_tensor.either = Tensor.either
eidetic_tensor.embedding = Tensor.embedding
eidetic_tensor.eq = Tensor.eq
eidetic_tensor.equal = Tensor.equal
eidetic_tensor.exp = Tensor.exp
eidetic_tensor.expand = Tensor.expand
eidetic_tensor.flatten = Tensor.flatten
eidetic_tensor.floor = Tensor.floor
eidetic_tensor.gather = Tensor.gather
eidetic_tensor.ge = Tensor.ge
eidetic_tensor.gelu = Tensor.gelu
eidetic_tensor.gt = Tensor.gt
eidetic_tensor.isfinite = Tensor.isfinite
eidetic_tensor.layer_norm = Tensor.layer_norm
eidetic_tensor.le = Tensor.le
eidetic_tensor.linear = Tensor.linear
eidetic_tensor.log = Tensor.log
eidetic_tensor.log_softmax = Tensor.log_softmax
eidetic_tensor.logsumexp = Tensor.logsumexp
eidetic_tensor.lt = Tensor.lt
eidetic_tensor.matmul = Tensor.matmul
eidetic_tensor.max = Tensor.max
eidetic_tensor.maximum = Tensor.maximum
eidetic_tensor.mean = Tensor.mean
eidetic_tensor.min = Tensor.min
eidetic_tensor.minimum = Tensor.minimum
eidetic_tensor.mul = Tensor.mul
eidetic_tensor.narrow = Tensor.narrow
eidetic_tensor.ne = Tensor.ne
eidetic_tensor.neg = Tensor.neg
eidetic_tensor.negated = Tensor.negated
eidetic_tensor.norm = Tensor.norm
eidetic_tensor.patches = Tensor.patches
eidetic_tensor.permute = Tensor.permute
eidetic_tensor.pow = Tensor.pow
eidetic_tensor.reciprocal = Tensor.reciprocal
eidetic_tensor.relu = Tensor.relu
eidetic_tensor.reshape = Tensor.reshape
eidetic_tensor.rms_norm = Tensor.rms_norm
eidetic_tensor.rows = Tensor.rows
eidetic_tensor.rsqrt = Tensor.rsqrt
eidetic_tensor.scatter = Tensor.scatter
eidetic_tensor.select = Tensor.select
eidetic_tensor.sigmoid = Tensor.sigmoid
eidetic_tensor.sign = Tensor.sign
eidetic_tensor.silu = Tensor.silu
eidetic_tensor.sin = Tensor.sin
eidetic_tensor.slice = Tensor.slice
eidetic_tensor.softmax = Tensor.softmax
eidetic_tensor.sort = Tensor.sort
eidetic_tensor.sqrt = Tensor.sqrt
eidetic_tensor.square = Tensor.square
eidetic_tensor.squeeze = Tensor.squeeze
eidetic_tensor.step = Tensor.step
eidetic_tensor.sub = Tensor.sub
eidetic_tensor.sum = Tensor.sum
eidetic_tensor.t = Tensor.t
eidetic_tensor.tanh = Tensor.tanh
eidetic_tensor.to = Tensor.to
eidetic_tensor.topk = Tensor.topk
eidetic_tensor.transpose = Tensor.transpose
eidetic_tensor.unsqueeze = Tensor.unsqueeze
eidetic_tensor.var = Tensor.var

return eidetic_tensor
