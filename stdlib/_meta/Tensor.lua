---@meta

--- A dense array of numbers that knows how it was computed.
---@class Tensor
---@field shape integer[] The size of each dimension.
---@field dtype "float32"|"int32"|"uint8"|"bool" float32, int32, uint8 or bool.
---@field rank integer The number of dimensions.
---@field size integer The number of elements.
---@field grad Tensor A copy of the derivative that backward collected, or nil before that.
---@field needs_grad boolean Whether derivatives flow to this tensor.
---@field is_leaf boolean Whether no operation on learning tensors made this one.
---@operator add(Tensor|number): Tensor
---@operator sub(Tensor|number): Tensor
---@operator mul(Tensor|number): Tensor
---@operator div(Tensor|number): Tensor
---@operator pow(Tensor|number): Tensor
---@operator unm: Tensor
---@operator len: integer
local Tensor = {}

--- The absolute value of every element.
---
--- ```lua
--- t:abs()
--- ```
---@return Tensor
function Tensor:abs() end

---@class Tensor.adamw_.Options
---@field step integer Which step this is, from 1.
---@field rate number Learning rate.
---@field beta1? number Decay rate of the first moment. Default 0.9.
---@field beta2? number Decay rate of the second moment. Default 0.999.
---@field epsilon? number Added to the root of the second moment. Default 1e-08.
---@field decay? number Decoupled weight decay. Default 0.
---@field scale? number Factor on the gradient first, from clipping. Default 1.

--- One step of AdamW (Loshchilov & Hutter 2019), in place.
---
--- ```lua
--- w:adamw_(w.grad, m, v, { step = 1, rate = 1e-3 })
--- ```
---@param gradient Tensor Derivative of the loss.
---@param first Tensor First moment, zeros before step 1; changes as well.
---@param second Tensor Second moment, zeros before step 1; changes as well.
---@param options Tensor.adamw_.Options
---@return Tensor # This tensor.
function Tensor:adamw_(gradient, first, second, options) end

--- Adds, broadcasting.
---
--- ```lua
--- t:add(2)
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor
function Tensor:add(other) end

--- Adds factor · other, in place; views see it.
---
--- ```lua
--- w:add_(w.grad, -rate)
--- ```
---@param other Tensor A tensor of the same shape.
---@param factor? number Factor on the other.
---@return Tensor # This tensor.
function Tensor:add_(other, factor) end

--- Whether a mask is true everywhere.
---
--- ```lua
--- t:gt(0):all()
--- ```
---@return boolean
function Tensor:all() end

--- Whether a mask is true somewhere.
---
--- ```lua
--- t:gt(0):any()
--- ```
---@return boolean
function Tensor:any() end

--- Where the largest element is, counted from 1; the first of equals.
---
--- ```lua
--- t:argmax(2)   -- the best of each row
--- ```
---@param dim? integer Dimension to reduce; all of them by default.
---@return integer|Tensor # The position in row-major order, or along `dim` an int32 tensor of positions.
function Tensor:argmax(dim) end

--- Where the smallest element is, counted from 1; the first of equals.
---
--- ```lua
--- t:argmin(2)
--- ```
---@param dim? integer Dimension to reduce; all of them by default.
---@return integer|Tensor # The position in row-major order, or along `dim` an int32 tensor of positions.
function Tensor:argmin(dim) end

---@class Tensor.argsort.Options
---@field descending? boolean Largest first. Default false.

--- The positions that sort, counted from 1; NaN comes last.
---
--- ```lua
--- t:argsort(2, { descending = true })
--- ```
---@param dim? integer Dimension; the last by default.
---@param options? Tensor.argsort.Options
---@return Tensor
function Tensor:argsort(dim, options) end

---@class Tensor.attention.Options
---@field causal? boolean Whether a row sees only itself and earlier rows. Default true.

--- softmax(q kᵀ / √D) v within packed segments, for heads side by side.
---
--- ```lua
--- qkv:attention({ 5, 3 }, 4, { causal = false })
--- ```
---@param lengths integer[] Rows per segment, one after the other.
---@param heads integer How many heads share the width.
---@param options? Tensor.attention.Options
---@return Tensor # [rows, H·D] for queries, keys and values side by side, [rows, 3·H·D].
function Tensor:attention(lengths, heads, options) end

--- Adds the derivatives of this one number to `grad` of every leaf it was computed from.
---
--- ```lua
--- (w * w):sum():backward()
--- ```
---@param retain? boolean Keep the history for another call.
function Tensor:backward(retain) end

--- Where two masks are true.
---
--- ```lua
--- t:gt(0):both(t:lt(1))
--- ```
---@param other Tensor A mask.
---@return Tensor
function Tensor:both(other) end

--- Dimensions of size 1 repeated to a shape.
---
--- ```lua
--- tensor.ones { 3 }:broadcast_to { 2, 3 }
--- ```
---@param shape integer[] Sizes; -1 keeps a size.
---@return Tensor
function Tensor:broadcast_to(shape) end

--- Limits every element to a range; the derivative is 0 outside.
---
--- ```lua
--- t:clamp(-1, 1)
--- ```
---@param low number Smallest value.
---@param high number Largest value.
---@return Tensor
function Tensor:clamp(low, high) end

--- A copy in memory of its own; derivatives flow through it.
---
--- ```lua
--- t:clone()
--- ```
---@return Tensor
function Tensor:clone() end

--- Takes over the numbers of another tensor, in place; views see it.
---
--- ```lua
--- t[1]:copy_(row)
--- ```
---@param other Tensor A tensor of the same shape.
---@return Tensor # This tensor.
function Tensor:copy_(other) end

--- The cosine of every element, in radians.
---
--- ```lua
--- t:cos()
--- ```
---@return Tensor
function Tensor:cos() end

--- How often a mask is true.
---
--- ```lua
--- t:gt(0):count()
--- ```
---@return integer
function Tensor:count() end

---@class Tensor.cross_entropy.Options
---@field reduction? "none"|"mean"|"sum" Losses of all rows, their mean over labelled rows, or their sum. In nats. Default "none".

--- The negative log-likelihood of labels under rows of logits.
---
--- ```lua
--- logits:cross_entropy(ids, { reduction = "mean" })
--- ```
---@param labels Tensor|any[] One per row, counted from 0 (identifiers); a negative label is ignored.
---@param options? Tensor.cross_entropy.Options
---@return Tensor # [rows], or one number.
function Tensor:cross_entropy(labels, options) end

--- The same numbers, in the same memory, without their history.
---
--- ```lua
--- t:detach()
--- ```
---@return Tensor
function Tensor:detach() end

--- Divides element by element, broadcasting.
---
--- ```lua
--- t:div(2)
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor
function Tensor:div(other) end

--- Where at least one of two masks is true.
---
--- ```lua
--- t:lt(0):either(t:gt(1))
--- ```
---@param other Tensor A mask.
---@return Tensor
function Tensor:either(other) end

--- Rows by identifier, counted from 0 and unchanged, such as token ids.
---
--- ```lua
--- weights:embedding{ 0, 17 }
--- ```
---@param ids Tensor|any[] An int32 tensor or a (nested) list of ids.
---@return Tensor # The shape of the ids, then that of a row.
function Tensor:embedding(ids) end

--- Where elements are equal.
---
--- ```lua
--- t:eq(0):count()
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor # A mask (bool).
function Tensor:eq(other) end

--- Whether another tensor has the same shape, type and values; NaN equals nothing.
---
--- ```lua
--- a:equal(b, 1e-6)
--- ```
---@param other Tensor What to compare with.
---@param tolerance? number Largest absolute difference that is still equal.
---@return boolean
function Tensor:equal(other, tolerance) end

--- e to the power of every element.
---
--- ```lua
--- t:exp()
--- ```
---@return Tensor
function Tensor:exp() end

--- Dimensions of size 1 repeated to a shape; same as broadcast_to.
---
--- ```lua
--- tensor.ones { 3 }:expand { 2, 3 }
--- ```
---@param shape integer[] Sizes; -1 keeps a size.
---@return Tensor
function Tensor:expand(shape) end

--- Sets every element, in place; views see it.
---
--- ```lua
--- tensor.zeros { 3 }:fill_(7)
--- ```
---@param value number The number.
---@return Tensor # This tensor.
function Tensor:fill_(value) end

--- All elements in one dimension; shares memory with this tensor.
---
--- ```lua
--- t:flatten()
--- ```
---@return Tensor
function Tensor:flatten() end

--- The largest whole number not above every element.
---
--- ```lua
--- t:floor()
--- ```
---@return Tensor
function Tensor:floor() end

--- One element per position along a dimension.
---
--- ```lua
--- t:gather { { 1, 3 }, { 2, 2 } }
--- ```
---@param positions Tensor|any[] Counted from 1; the other dimensions agree with this tensor's.
---@param dim? integer Dimension; the last by default.
---@return Tensor # The shape of the positions.
function Tensor:gather(positions, dim) end

--- Where elements are larger or equal.
---
--- ```lua
--- t:ge(0):count()
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor # A mask (bool).
function Tensor:ge(other) end

--- The Gaussian error linear unit of every element, in its tanh form.
---
--- ```lua
--- t:gelu()
--- ```
---@return Tensor
function Tensor:gelu() end

--- Where elements are larger.
---
--- ```lua
--- t:gt(0):count()
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor # A mask (bool).
function Tensor:gt(other) end

--- Whether no element is NaN or infinite.
---
--- ```lua
--- t:isfinite()
--- ```
---@return boolean
function Tensor:isfinite() end

--- The number in a tensor of one element.
---
--- ```lua
--- loss:item()
--- ```
---@return number|integer|boolean
function Tensor:item() end

---@class Tensor.layer_norm.Options
---@field epsilon? number Added to the variance. Default 1e-05.

--- Rows with mean 0 and variance 1, then scaled and shifted.
---
--- ```lua
--- t:layer_norm(tensor.ones { 3 }, tensor.zeros { 3 })
--- ```
---@param weight? Tensor Scale of the last dimension, [N]; 1 by default.
---@param bias? Tensor Shift, [N]; 0 by default.
---@param options? Tensor.layer_norm.Options
---@return Tensor
function Tensor:layer_norm(weight, bias, options) end

--- Where elements are smaller or equal.
---
--- ```lua
--- t:le(0):count()
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor # A mask (bool).
function Tensor:le(other) end

--- x · weightᵀ + bias.
---
--- ```lua
--- x:linear(weight, bias)
--- ```
---@param weight Tensor [out, in].
---@param bias? Tensor [out], or none.
---@return Tensor # [.., out]
function Tensor:linear(weight, bias) end

--- The natural logarithm of every element.
---
--- ```lua
--- t:log()
--- ```
---@return Tensor
function Tensor:log() end

--- The logarithm of softmax, without overflow.
---
--- ```lua
--- t:log_softmax(2)
--- ```
---@param dim? integer Dimension; the last by default.
---@return Tensor
function Tensor:log_softmax(dim) end

---@class Tensor.logsumexp.Options
---@field keep? boolean Keep the dimension with size 1. Default false.

--- log of the sum of exp, without overflow.
---
--- ```lua
--- t:logsumexp(2)
--- ```
---@param dim? integer Dimension to reduce; all of them by default.
---@param options? Tensor.logsumexp.Options
---@return Tensor # One number, or one per position of the others.
function Tensor:logsumexp(dim, options) end

--- Where elements are smaller.
---
--- ```lua
--- t:lt(0):count()
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor # A mask (bool).
function Tensor:lt(other) end

--- The matrix product of the last two dimensions; those before them broadcast.
---
--- ```lua
--- a:matmul(b:t())
--- ```
---@param other Tensor [.., K, N] for a left operand [.., M, K].
---@return Tensor # [.., M, N]
function Tensor:matmul(other) end

---@class Tensor.max.Options
---@field keep? boolean Keep the dimension with size 1. Default false.

--- The largest element; its derivative goes to the first such element.
---
--- ```lua
--- t:max(2)
--- ```
---@param dim? integer Dimension to reduce; all of them by default.
---@param options? Tensor.max.Options
---@return Tensor # One number, or one per position of the others.
function Tensor:max(dim, options) end

--- The larger of each pair of elements, broadcasting.
---
--- ```lua
--- t:maximum(2)
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor
function Tensor:maximum(other) end

---@class Tensor.mean.Options
---@field keep? boolean Keep the dimension with size 1. Default false.

--- The mean.
---
--- ```lua
--- t:mean(-1, { keep = true })
--- ```
---@param dim? integer Dimension to reduce; all of them by default.
---@param options? Tensor.mean.Options
---@return Tensor # One number, or one per position of the others.
function Tensor:mean(dim, options) end

---@class Tensor.min.Options
---@field keep? boolean Keep the dimension with size 1. Default false.

--- The smallest element; its derivative goes to the first such element.
---
--- ```lua
--- t:min(2)
--- ```
---@param dim? integer Dimension to reduce; all of them by default.
---@param options? Tensor.min.Options
---@return Tensor # One number, or one per position of the others.
function Tensor:min(dim, options) end

--- The smaller of each pair of elements, broadcasting.
---
--- ```lua
--- t:minimum(2)
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor
function Tensor:minimum(other) end

--- Multiplies element by element, broadcasting; see matmul for matrices.
---
--- ```lua
--- t:mul(2)
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor
function Tensor:mul(other) end

--- Multiplies by a number, in place; views see it.
---
--- ```lua
--- tensor.ones { 3 }:mul_(0.5)
--- ```
---@param factor number The number.
---@return Tensor # This tensor.
function Tensor:mul_(factor) end

--- A range of one dimension; of dimension 1 a view.
---
--- ```lua
--- t:narrow(1, 3, 2)
--- ```
---@param dim integer Which dimension.
---@param start integer First position.
---@param length integer How many positions.
---@return Tensor
function Tensor:narrow(dim, start, length) end

--- Where elements differ.
---
--- ```lua
--- t:ne(0):count()
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor # A mask (bool).
function Tensor:ne(other) end

--- The opposite of every element.
---
--- ```lua
--- t:neg()
--- ```
---@return Tensor
function Tensor:neg() end

--- Where a mask is false.
---
--- ```lua
--- t:gt(0):negated()
--- ```
---@return Tensor
function Tensor:negated() end

---@class Tensor.norm.Options
---@field keep? boolean Keep the dimension with size 1. Default false.

--- The square root of the sum of squares.
---
--- ```lua
--- t:norm()
--- ```
---@param dim? integer Dimension to reduce; all of them by default.
---@param options? Tensor.norm.Options
---@return Tensor # One number, or one per position of the others.
function Tensor:norm(dim, options) end

--- Images [B, height, width, C] as rows of square patches.
---
--- ```lua
--- images:patches(8):linear(weight, bias)
--- ```
---@param size integer Side of a patch; divides both sides.
---@return Tensor # [B · patches, size · size · C]
function Tensor:patches(size) end

--- The dimensions in another order.
---
--- ```lua
--- t:permute{ 2, 1, 3 }
--- ```
---@param order integer[] Every dimension once.
---@return Tensor
function Tensor:permute(order) end

--- Raises every element to a power, broadcasting.
---
--- ```lua
--- t:pow(2)
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor
function Tensor:pow(other) end

--- 1 / x of every element.
---
--- ```lua
--- t:reciprocal()
--- ```
---@return Tensor
function Tensor:reciprocal() end

--- max(x, 0) of every element.
---
--- ```lua
--- t:relu()
--- ```
---@return Tensor
function Tensor:relu() end

--- The same numbers, in the same memory, as a leaf that learns.
---
--- ```lua
--- local w = tensor.randn(rng.new(1), { 4, 4 }):requires_grad()
--- ```
---@return Tensor
function Tensor:requires_grad() end

--- The same elements with other sizes; shares memory with this tensor.
---
--- ```lua
--- t:reshape{ -1, 4 }
--- ```
---@param shape integer[] Sizes; one may be -1 and is worked out.
---@return Tensor
function Tensor:reshape(shape) end

---@class Tensor.rms_norm.Options
---@field epsilon? number Added to the mean square. Default 1e-06.

--- Rows divided by their root mean square, then scaled.
---
--- ```lua
--- t:rms_norm(tensor.ones { 3 })
--- ```
---@param weight? Tensor Scale of the last dimension, [N]; 1 by default.
---@param options? Tensor.rms_norm.Options
---@return Tensor
function Tensor:rms_norm(weight, options) end

--- Parts along the first dimension by position, counted from 1.
---
--- ```lua
--- t:rows{ 1, 3, -1 }
--- ```
---@param positions Tensor|any[] An int32 tensor or a list of positions.
---@return Tensor # The shape of the positions, then that of a row.
function Tensor:rows(positions) end

--- 1 / sqrt(x) of every element.
---
--- ```lua
--- t:rsqrt()
--- ```
---@return Tensor
function Tensor:rsqrt() end

--- Adds the elements into zeros at their positions along a dimension.
---
--- ```lua
--- tensor.ones { 2 }:scatter({ 1, 3 }, 4)
--- ```
---@param positions Tensor|any[] Counted from 1; the shape of this tensor.
---@param size integer Size of the dimension in the result.
---@param dim? integer Dimension; the last by default.
---@return Tensor
function Tensor:scatter(positions, size, dim) end

--- One position of a dimension, which is dropped; of dimension 1 a view.
---
--- ```lua
--- t:select(2, -1)
--- ```
---@param dim integer Which dimension.
---@param position integer Counted from 1, or from the end if negative.
---@return Tensor
function Tensor:select(dim, position) end

--- 1 / (1 + exp(-x)) of every element.
---
--- ```lua
--- t:sigmoid()
--- ```
---@return Tensor
function Tensor:sigmoid() end

--- -1, 0 or 1 for every element.
---
--- ```lua
--- t:sign()
--- ```
---@return Tensor
function Tensor:sign() end

--- x * sigmoid(x) of every element.
---
--- ```lua
--- t:silu()
--- ```
---@return Tensor
function Tensor:silu() end

--- The sine of every element, in radians.
---
--- ```lua
--- t:sin()
--- ```
---@return Tensor
function Tensor:sin() end

--- A range of every dimension, `{first, last, step}` with both ends included.
---
--- ```lua
--- t:slice{ { 1, 2 }, {}, -1 }
--- ```
---@param ranges any[] `{}` takes all, negative ends count from the end, an integer selects one position.
---@return Tensor
function Tensor:slice(ranges) end

--- exp(x) / sum of exp(x), without overflow.
---
--- ```lua
--- t:softmax(2)
--- ```
---@param dim? integer Dimension; the last by default.
---@return Tensor
function Tensor:softmax(dim) end

---@class Tensor.sort.Options
---@field descending? boolean Largest first. Default false.

--- The elements in order; equal ones keep theirs, NaN comes last.
---
--- ```lua
--- local values, positions = t:sort(2)
--- ```
---@param dim? integer Dimension; the last by default.
---@param options? Tensor.sort.Options
---@return Tensor # Values.
---@return Tensor # Positions, counted from 1 (int32).
function Tensor:sort(dim, options) end

--- The square root of every element.
---
--- ```lua
--- t:sqrt()
--- ```
---@return Tensor
function Tensor:sqrt() end

--- x * x of every element.
---
--- ```lua
--- t:square()
--- ```
---@return Tensor
function Tensor:square() end

--- Drops a dimension of size 1.
---
--- ```lua
--- tensor.ones { 1, 3 }:squeeze()
--- ```
---@param dim? integer Which dimension; all of size 1 by default.
---@return Tensor
function Tensor:squeeze(dim) end

--- 1 for every element above 0, else 0.
---
--- ```lua
--- t:step()
--- ```
---@return Tensor
function Tensor:step() end

--- Subtracts, broadcasting.
---
--- ```lua
--- t:sub(2)
--- ```
---@param other Tensor|number A tensor that broadcasts, or a number.
---@return Tensor
function Tensor:sub(other) end

---@class Tensor.sum.Options
---@field keep? boolean Keep the dimension with size 1. Default false.

--- The sum.
---
--- ```lua
--- t:sum(2)
--- ```
---@param dim? integer Dimension to reduce; all of them by default.
---@param options? Tensor.sum.Options
---@return Tensor # One number, or one per position of the others.
function Tensor:sum(dim, options) end

--- The last two dimensions exchanged.
---
--- ```lua
--- t:t()
--- ```
---@return Tensor
function Tensor:t() end

--- The hyperbolic tangent of every element.
---
--- ```lua
--- t:tanh()
--- ```
---@return Tensor
function Tensor:tanh() end

--- The same numbers as another type; floats are cut towards zero and clamped.
---
--- ```lua
--- t:to "int32"
--- ```
---@param dtype "float32"|"int32"|"uint8"|"bool" Type of the elements.
---@return Tensor
function Tensor:to(dtype) end

--- All elements in row-major order.
---
--- ```lua
--- t:tolist()
--- ```
---@return any[]
function Tensor:tolist() end

--- The largest elements, largest first.
---
--- ```lua
--- local values, positions = logits:topk(5)
--- ```
---@param k integer How many.
---@param dim? integer Dimension; the last by default.
---@return Tensor # Values.
---@return Tensor # Positions, counted from 1 (int32).
function Tensor:topk(k, dim) end

--- Nested lists in the tensor's shape.
---
--- ```lua
--- t:totable()
--- ```
---@return table
function Tensor:totable() end

--- Two dimensions exchanged, by default the last two.
---
--- ```lua
--- t:transpose(1, 2)
--- ```
---@param dim1? integer One dimension.
---@param dim2? integer The other.
---@return Tensor
function Tensor:transpose(dim1, dim2) end

--- Adds a dimension of size 1.
---
--- ```lua
--- t:unsqueeze(1)
--- ```
---@param dim integer Which dimension it becomes.
---@return Tensor
function Tensor:unsqueeze(dim) end

---@class Tensor.var.Options
---@field keep? boolean Keep the dimension with size 1. Default false.
---@field correction? integer Divides by the count less this: 1 for samples, 0 for all. Default 1.

--- The variance.
---
--- ```lua
--- t:var(2)
--- ```
---@param dim? integer Dimension to reduce; all of them by default.
---@param options? Tensor.var.Options
---@return Tensor # One number, or one per position of the others.
function Tensor:var(dim, options) end

--- Forgets the collected derivative.
---
--- ```lua
--- t:zero_grad()
--- ```
function Tensor:zero_grad() end

--- Lets go of the object now.
function Tensor:close() end
